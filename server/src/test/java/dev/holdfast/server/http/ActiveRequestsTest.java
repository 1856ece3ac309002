package dev.holdfast.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ActiveRequestsTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private final ActiveRequests active = new ActiveRequests();

    @Test
    void nothingIsDrainedBeforeTheServerStops() throws Exception {
        active.enter();
        active.leave();

        assertThat(active.draining()).isFalse();
        assertThat(active.awaitDrained(Duration.ZERO)).isFalse();
    }

    @Test
    void withoutRequestsItIsDrainedAtOnce() throws Exception {
        active.drain();

        assertThat(active.awaitDrained(Duration.ZERO)).isTrue();
    }

    @Test
    void theLastRequestOpensTheWay() throws Exception {
        active.enter();
        active.enter();
        active.drain();
        active.leave();
        assertThat(active.count()).isOne();
        assertThat(active.awaitDrained(Duration.ZERO)).isFalse();

        active.leave();

        assertThat(active.awaitDrained(Duration.ZERO)).isTrue();
    }

    /** Whatever the order of entering, leaving and draining, the waiting ends. */
    @Test
    void neverMissesTheLastOne() throws Exception {
        for (int round = 0; round < 2_000; round++) {
            ActiveRequests requests = new ActiveRequests();
            CountDownLatch go = new CountDownLatch(1);
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                requests.enter();
                threads.add(Thread.startVirtualThread(() -> {
                    awaitQuietly(go);
                    requests.leave();
                }));
            }
            threads.add(Thread.startVirtualThread(() -> {
                awaitQuietly(go);
                requests.drain();
            }));

            go.countDown();

            assertThat(requests.awaitDrained(LONG)).as("round %d", round).isTrue();
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
