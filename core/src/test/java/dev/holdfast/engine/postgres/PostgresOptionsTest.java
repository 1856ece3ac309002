package dev.holdfast.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.InvalidInputException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PostgresOptionsTest {
    private static final PostgresOptions DEFAULTS = PostgresOptions.defaults();

    static Stream<Supplier<PostgresOptions>> outOfRange() {
        return Stream.of(
                () -> DEFAULTS.withOperations(0),
                () -> DEFAULTS.withOperations(1_001),
                () -> DEFAULTS.withDecisions(0),
                () -> DEFAULTS.withDecisions(1_001),
                () -> DEFAULTS.withTransactionLimit(Duration.ZERO),
                () -> DEFAULTS.withTransactionLimit(Duration.ofHours(1).plusMillis(1)),
                () -> DEFAULTS.withRetryLimit(Duration.ZERO),
                () -> DEFAULTS.withRetryLimit(Duration.ofHours(1).plusMillis(1)),
                () -> DEFAULTS.withTurnLimit(Duration.ofMillis(249)),
                () -> DEFAULTS.withTurnLimit(Duration.ofHours(1).plusMillis(1)));
    }

    @ParameterizedTest
    @MethodSource
    void outOfRange(Supplier<PostgresOptions> options) {
        assertThatThrownBy(options::get)
                .isInstanceOfSatisfying(
                        InvalidInputException.class, e -> assertThat(e.code()).isEqualTo("postgres.option"))
                .hasMessageMatching("postgres.option: (\\w+) is out of range \\(\\1=\\d+, min=\\d+, max=\\d+\\)");
    }

    @Test
    void eachSettingChangesItselfAlone() {
        PostgresOptions all = DEFAULTS.withOperations(3)
                .withDecisions(2)
                .withTransactionLimit(Duration.ofSeconds(1))
                .withRetryLimit(Duration.ofSeconds(2))
                .withTurnLimit(Duration.ofSeconds(3))
                .withNotifications(false)
                .withProperties(Map.of("user", "ann"));

        assertThat(all)
                .isEqualTo(new PostgresOptions(
                        3,
                        2,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        false,
                        Map.of("user", "ann")));
        assertThat(DEFAULTS)
                .isEqualTo(new PostgresOptions(
                        16, 8, Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(30), true, Map.of()));
    }

    @Test
    void theTextHidesThePassword() {
        assertThat(DEFAULTS.withProperties(Map.of("user", "ann", "password", "secret")))
                .asString()
                .contains("properties=[password, user]")
                .doesNotContain("secret")
                .doesNotContain("ann");
    }
}
