package dev.holdfast.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastOptions;
import dev.holdfast.key.Key;
import dev.holdfast.kv.Kv;
import dev.holdfast.kv.KvCommit;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What keys and values cost on PostgreSQL. */
class PostgresKvRoundTripTest {
    private static final int WARM_UPS = 8;
    private static final PostgresOptions QUIET = PostgresOptions.defaults()
            .withNotifications(false)
            .withOperations(1)
            .withDecisions(1);

    private final PostgresProxy proxy;
    private final Holdfast holdfast;
    private final Kv kv;

    PostgresKvRoundTripTest() throws IOException {
        proxy = new PostgresProxy();
        holdfast = Holdfast.open(
                proxy.through(PostgresServer.freshUrl()),
                HoldfastOptions.defaults().withPostgres(QUIET).withMaintenance(Duration.ofHours(1)));
        kv = holdfast.kv();
    }

    @BeforeEach
    void warmUp() {
        for (int i = 0; i < WARM_UPS; i++) {
            kv.set(Key.of("warm", i), i);
            assertThat(threeChecksAndFiveMutations("warm" + i)).isInstanceOf(KvCommit.Committed.class);
        }
    }

    @AfterEach
    void close() throws IOException {
        holdfast.close();
        proxy.close();
    }

    @Test
    void aSetIsOneRoundTrip() {
        assertThat(proxy.roundTrips(() -> kv.set(Key.of("a"), 1))).isEqualTo(1);
    }

    @Test
    void aCommitOfThreeChecksAndFiveMutationsIsThreeRoundTrips() {
        assertThat(proxy.roundTrips(
                        () -> assertThat(threeChecksAndFiveMutations("new")).isInstanceOf(KvCommit.Committed.class)))
                .isLessThanOrEqualTo(3);
    }

    @Test
    void aCommitOfSumsAndListsAloneIsThreeRoundTrips() {
        assertThat(proxy.roundTrips(() -> assertThat(kv.atomic()
                                .sum(Key.of("total"), 1)
                                .sum(Key.of("new"), 1)
                                .append(Key.of("list"), "a")
                                .set(Key.of("s"), 1)
                                .commit())
                        .isInstanceOf(KvCommit.Committed.class)))
                .isLessThanOrEqualTo(3);
    }

    private KvCommit threeChecksAndFiveMutations(String name) {
        return kv.atomic()
                .checkMissing(Key.of(name, 1))
                .checkMissing(Key.of(name, 2))
                .checkMissing(Key.of(name, 3))
                .set(Key.of(name, 1), "one")
                .set(Key.of(name, 2), "two")
                .sum(Key.of("total"), 1)
                .max(Key.of("highest"), 7)
                .delete(Key.of("warm", 1))
                .commit();
    }
}
