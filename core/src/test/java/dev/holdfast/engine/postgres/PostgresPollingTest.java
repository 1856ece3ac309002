package dev.holdfast.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PostgresPollingTest {
    private final ManualTime time = new ManualTime();
    private final Semaphore looked = new Semaphore(0);
    private volatile boolean somebody = true;
    private final PostgresPolling polling = new PostgresPolling(time, () -> {
        looked.release();
        return somebody;
    });

    @Test
    void looksTwiceAsLateEachTimeUpToASecond() throws InterruptedException {
        polling.start();

        assertThat(pauses(7)).containsExactly(50L, 100L, 200L, 400L, 800L, 1_000L, 1_000L);
    }

    @Test
    void looksSoonAgainAfterSomethingHappened() throws InterruptedException {
        polling.start();
        pauses(6);

        polling.hurry();

        assertThat(pauses(3)).containsExactly(50L, 100L, 200L);
    }

    @Test
    void looksOnTimeWhenMuchHappens() {
        polling.start();

        for (int i = 0; i < 100; i++) {
            polling.hurry();
        }

        assertThat(time.untilNext()).contains(50L);
    }

    @Test
    void restsWhenStopped() throws InterruptedException {
        polling.start();
        pauses(1);

        polling.stop();
        polling.hurry();

        assertThat(time.untilNext()).isEmpty();
    }

    @Test
    void restsWhileNobodyListensAndGoesOnWhenSomebodyComes() throws InterruptedException {
        polling.start();
        somebody = false;
        time.runNext();
        assertThat(looked.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        while (time.untilNext().isPresent()) {
            Thread.onSpinWait();
        }

        polling.hurry();

        assertThat(time.untilNext()).isPresent();
    }

    private List<Long> pauses(int times) throws InterruptedException {
        List<Long> pauses = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            while (time.untilNext().isEmpty()) {
                Thread.onSpinWait(); // the look before runs on a thread of its own
            }
            pauses.add(time.untilNext().orElseThrow());
            time.runNext();
            assertThat(looked.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        }
        while (time.untilNext().isEmpty()) {
            Thread.onSpinWait();
        }
        return pauses;
    }
}
