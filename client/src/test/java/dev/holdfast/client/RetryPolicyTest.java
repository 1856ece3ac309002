package dev.holdfast.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.holdfast.engine.InvalidInputException;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryPolicyTest {
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "1, 100",
        "2, 130",
        "3, 169",
        "4, 219.7",
        "25, 54280.1",
        "26, 60000",
        "100000, 60000",
        "2147483647, 60000"
    })
    void theBoundGrowsToAMinute(int failures, double millis) {
        assertThat(RetryPolicy.defaults().boundMillis(failures)).isCloseTo(millis, within(1.0));
    }

    @Test
    void delaysLieAnywhereBelowTheBound() {
        long seed = System.nanoTime();
        Random random = new Random(seed);

        List<Duration> delays = random.ints(1_000, 0, 1)
                .mapToObj(any -> RetryPolicy.defaults().delay(3, Duration.ZERO, random))
                .toList();

        assertThat(delays).as("seed %d", seed).allMatch(delay -> delay.toMillis() <= 169);
        assertThat(delays).as("seed %d", seed).anyMatch(delay -> delay.toMillis() < 40);
        assertThat(delays).as("seed %d", seed).anyMatch(delay -> delay.toMillis() > 130);
    }

    @Test
    void noDelayIsShorterThanTheServerAsks() {
        Duration wanted = Duration.ofSeconds(7);

        assertThat(RetryPolicy.defaults().delay(1, wanted, new Random(1))).isEqualTo(wanted);
    }

    @Test
    void refusesWhatIsNoPolicy() {
        RetryPolicy policy = RetryPolicy.defaults();

        assertThatThrownBy(() -> policy.withAttemptsMax(0)).hasMessageContaining("attemptsMax=0");
        assertThatThrownBy(() -> policy.withFirstDelay(Duration.ZERO)).hasMessageContaining("firstDelay=PT0S");
        assertThatThrownBy(() -> policy.withFactor(0.5)).hasMessageContaining("factor=0.5");
        assertThatThrownBy(() -> policy.withFactor(Double.NaN)).hasMessageContaining("factor=NaN");
        assertThatThrownBy(() -> policy.withDelayMax(Duration.ofMillis(99)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("delayMax=PT0.099S");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7|PT7S",
                "0|PT0S",
                "Thu, 26 Nov 2026 12:00:30 GMT|PT30S",
                "Thu, 26 Nov 2026 11:00:00 GMT|PT0S",
                "soon|PT0S",
                "-1|PT0S",
                "99999999|PT24H"
            })
    void readsWhatAServerAsks(String header, Duration expected) {
        HttpHeaders headers = HttpHeaders.of(Map.of("Retry-After", List.of(header)), (name, value) -> true);

        assertThat(RetryAfter.of(headers, NOW)).isEqualTo(expected);
    }

    @Test
    void aServerNeedNotAsk() {
        assertThat(RetryAfter.of(HttpHeaders.of(Map.of(), (name, value) -> true), NOW))
                .isZero();
    }
}
