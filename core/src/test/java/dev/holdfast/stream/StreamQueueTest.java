package dev.holdfast.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.TimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class StreamQueueTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final StreamQueue queue = new StreamQueue();
    private final AppendCall leader = call(1);

    @Test
    void whoComesFirstLeadsAtOnce() {
        queue.await(leader, Duration.ZERO);

        assertThat(queue.take(leader)).containsExactly(leader);
        queue.pass();
        queue.await(call(1), Duration.ZERO);
    }

    @Test
    void waitingHasAnEnd() {
        queue.await(leader, LONG);

        assertThatThrownBy(() -> queue.await(call(1), Duration.ofMillis(1)))
                .isInstanceOfSatisfying(
                        TimeoutException.class, e -> assertThat(e.code()).isEqualTo("engine.turn_timeout"))
                .hasMessageContaining("turnLimit=PT0.001S");
        assertThat(queue.take(leader)).as("nobody begins with it any more").containsExactly(leader);
    }

    @Test
    void whoseTimeEndsWhileItIsDoneIsDone() throws Exception {
        queue.await(leader, LONG);
        AppendCall other = call(1);
        Waiting waiting = new Waiting(other, LONG);

        assertThat(queue.take(leader)).containsExactly(leader, other);
        waiting.thread.interrupt();
        other.refuse(new IllegalStateException("an outcome"));
        other.finish();
        other.tell();

        waiting.thread.join();
        assertThat(waiting.seen).containsExactly("done, interrupted");
    }

    @Test
    void whoIsInterruptedIsTakenOut() throws Exception {
        queue.await(leader, LONG);
        Waiting waiting = new Waiting(call(1), LONG);

        waiting.thread.interrupt();

        waiting.thread.join();
        assertThat(waiting.seen).containsExactly("engine.interrupted, interrupted");
        assertThat(queue.take(leader)).containsExactly(leader);
    }

    @Test
    void asManyGoTogetherAsFit() throws Exception {
        queue.await(leader, LONG);
        List<AppendCall> calls = new ArrayList<>();
        for (int i = 0; i < StreamQueue.CALLS_MAX + 10; i++) {
            calls.add(new Waiting(call(1), LONG).call);
        }

        assertThat(queue.take(leader)).hasSize(StreamQueue.CALLS_MAX).first().isEqualTo(leader);
        assertThat(queue.take(leader)).hasSize(12).last().isEqualTo(calls.getLast());
    }

    @Test
    void asManyBytesGoTogetherAsFitUnlessOneHasMore() throws Exception {
        AppendCall large = call((int) StreamQueue.BYTES_MAX + 1);
        queue.await(large, LONG);
        AppendCall first = new Waiting(call(1), LONG).call;
        new Waiting(call((int) StreamQueue.BYTES_MAX), LONG);

        assertThat(queue.take(large)).containsExactly(large);
        assertThat(queue.take(leader)).containsExactly(leader, first);
    }

    @Test
    void thoseThatAreGivenBackLeadOneAfterTheOtherAndAlone() throws Exception {
        queue.await(leader, LONG);
        Waiting first = new Waiting(call(1), LONG);
        Waiting second = new Waiting(call(1), LONG);
        List<AppendCall> taken = queue.take(leader);
        Waiting later = new Waiting(call(1), LONG);
        new Waiting(call(1), LONG);

        queue.giveBack(taken.subList(1, 3));
        queue.pass();
        first.thread.join();

        assertThat(first.seen).containsExactly("leads");
        assertThat(queue.take(first.call)).containsExactly(first.call);
        queue.pass();
        second.thread.join();
        assertThat(queue.take(second.call)).containsExactly(second.call);
        queue.pass();
        later.thread.join();
        assertThat(later.seen).containsExactly("leads");
        assertThat(queue.take(later.call)).hasSize(2);
    }

    private static AppendCall call(int bytes) {
        byte[] content = new byte[bytes];
        return new AppendCall(StreamAppend.of(content), new AppendContent(content, 1));
    }

    /** A caller that waits, on a thread of its own, and what it sees then. */
    private final class Waiting {
        final AppendCall call;
        final Thread thread;
        final List<String> seen = Collections.synchronizedList(new ArrayList<>());

        /** Returns when it waits. */
        Waiting(AppendCall call, Duration limit) throws InterruptedException {
            this.call = call;
            CountDownLatch begun = new CountDownLatch(1);
            thread = Thread.ofVirtual().start(() -> {
                begun.countDown();
                String end;
                try {
                    queue.await(call, limit);
                    end = call.isDone() ? "done" : "leads";
                } catch (TimeoutException e) {
                    end = e.code();
                }
                seen.add(end + (Thread.currentThread().isInterrupted() ? ", interrupted" : ""));
            });
            begun.await();
            while (thread.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
        }
    }
}
