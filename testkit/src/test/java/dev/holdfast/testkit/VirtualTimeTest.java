package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VirtualTimeTest {
    private final VirtualTime time = new VirtualTime(Instant.ofEpochMilli(1_000));
    private final List<String> ran = new ArrayList<>();

    @Test
    void standsStillUntilItIsTurned() {
        long before = time.millis();

        time.advance(Duration.ofMillis(250));

        assertThat(before).isEqualTo(1_000);
        assertThat(time.millis()).isEqualTo(1_250);
        assertThat(time.instant()).isEqualTo(Instant.ofEpochMilli(1_250));
    }

    @Test
    void runsDueTimersByTimeAndThenByTheOrderInWhichTheyWereSet() {
        time.after(30, () -> ran.add("c@" + time.millis()));
        time.after(10, () -> ran.add("a@" + time.millis()));
        time.after(10, () -> ran.add("b@" + time.millis()));
        time.after(31, () -> ran.add("late"));

        time.advance(Duration.ofMillis(30));

        assertThat(ran).containsExactly("a@1010", "b@1010", "c@1030");
        assertThat(time.timers()).isEqualTo(1);
    }

    @Test
    void runsTimersThatATimerSetsWhenTheyAreDueInTheSameTurn() {
        time.after(10, () -> time.after(10, () -> ran.add("inner@" + time.millis())));

        time.advance(Duration.ofMillis(20));

        assertThat(ran).containsExactly("inner@1020");
    }

    @Test
    void aTimerWithoutDelayWaitsForTheNextTurn() {
        time.after(0, () -> ran.add("now"));
        List<String> before = List.copyOf(ran);

        time.advance(Duration.ZERO);

        assertThat(before).isEmpty();
        assertThat(ran).containsExactly("now");
    }

    @Test
    void aCancelledTimerNeverRuns() {
        TimeSource.Timer timer = time.after(10, () -> ran.add("cancelled"));
        time.after(10, () -> ran.add("kept"));

        timer.cancel();
        time.advance(Duration.ofMillis(10));
        timer.cancel();

        assertThat(ran).containsExactly("kept");
    }

    @Test
    void aFailingTaskStopsTheTurnAtItsTime() {
        time.after(10, () -> {
            throw new IllegalStateException("stop");
        });
        time.after(20, () -> ran.add("next"));

        assertThatThrownBy(() -> time.advance(Duration.ofMillis(100))).hasMessage("stop");
        long stopped = time.millis();
        time.advance(Duration.ofMillis(10));

        assertThat(stopped).isEqualTo(1_010);
        assertThat(ran).containsExactly("next");
    }

    @Test
    void refusesToTurnBackAndNegativeDelays() {
        assertThatThrownBy(() -> time.advance(Duration.ofMillis(-1))).hasMessageContaining("forward only");
        assertThatThrownBy(() -> time.after(-1, () -> {})).hasMessageContaining("delayMillis=-1");
    }

    @Test
    void everyTimerRunsOnceWhenManyThreadsSetAndTurn() throws InterruptedException {
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> threads = IntStream.range(0, 8)
                .mapToObj(i -> Thread.ofPlatform().start(() -> {
                    awaitQuietly(go);
                    for (int n = 0; n < 500; n++) {
                        time.after(n % 7, runs::incrementAndGet);
                        time.advance(Duration.ofMillis(1));
                    }
                }))
                .toList();

        go.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        time.advance(Duration.ofMillis(7));

        assertThat(runs).hasValue(4_000);
        assertThat(time.millis()).isEqualTo(1_000 + 4_000 + 7);
        assertThat(time.timers()).isZero();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
