package dev.holdfast.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.TimeoutException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PostgresTurnsTest {
    @Test
    void thoseOfOneKeyComeOneAfterTheOther() throws Exception {
        PostgresTurns turns = new PostgresTurns(Duration.ofSeconds(20));
        int[] unguarded = new int[1];

        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 200; i++) {
                pool.execute(() -> turns.run(42, () -> unguarded[0]++));
            }
        }

        assertThat(turns.run(42, () -> unguarded[0])).isEqualTo(200);
    }

    @Test
    void waitingHasAnEnd() throws Exception {
        PostgresTurns turns = new PostgresTurns(Duration.ofMillis(10));

        turns.run(42, () -> {
            assertThatThrownBy(() -> elsewhere(() -> turns.run(42, () -> 1)))
                    .cause()
                    .isInstanceOfSatisfying(
                            TimeoutException.class, e -> assertThat(e.code()).isEqualTo("engine.turn_timeout"))
                    .hasMessageContaining("turnLimit=PT0.01S");
            return 1;
        });

        assertThat(elsewhere(() -> turns.run(42, () -> 2))).isEqualTo(2);
    }

    @Test
    void mostOtherKeysNeedNotWait() {
        PostgresTurns turns = new PostgresTurns(Duration.ofMillis(1));
        int[] free = new int[1];

        turns.run(0, () -> {
            for (int key = 1; key <= 100; key++) {
                int other = key;
                try {
                    free[0] += elsewhere(() -> turns.run(other, () -> 1));
                } catch (Exception e) {
                    assertThat(e).hasCauseInstanceOf(TimeoutException.class);
                }
            }
            return 1;
        });

        assertThat(free[0]).isGreaterThan(90);
    }

    @Test
    void anInterruptedThreadStopsWaiting() throws Exception {
        PostgresTurns turns = new PostgresTurns(Duration.ofSeconds(20));
        CountDownLatch done = new CountDownLatch(1);

        turns.run(42, () -> {
            Thread waiting = Thread.ofVirtual().start(() -> {
                assertThatThrownBy(() -> turns.run(42, () -> 1))
                        .isInstanceOfSatisfying(
                                TimeoutException.class,
                                e -> assertThat(e.code()).isEqualTo("engine.interrupted"));
                done.countDown();
            });
            waiting.interrupt();
            return 1;
        });

        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
    }

    private static <R> R elsewhere(Callable<R> work) throws Exception {
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            return pool.submit(work).get(20, TimeUnit.SECONDS);
        }
    }
}
