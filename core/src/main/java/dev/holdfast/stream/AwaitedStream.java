package dev.holdfast.stream;

import dev.holdfast.engine.TimeSource;
import dev.holdfast.engine.TimeoutException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** A thread that waits for a stream to grow, to end, or for a time to pass. */
final class AwaitedStream implements AutoCloseable {
    private final Semaphore hints = new Semaphore(0);
    private final TimeSource.Timer timer;
    private volatile boolean late;

    AwaitedStream(TimeSource time, Duration timeout) {
        this.late = timeout.toMillis() <= 0;
        this.timer = time.after(Math.max(0, timeout.toMillis()), () -> {
            late = true;
            hints.release();
        });
    }

    /** There may be something. */
    void wake() {
        hints.release();
    }

    StreamChunk await(Supplier<StreamChunk> poll) {
        while (true) {
            boolean last = late;
            StreamChunk chunk = poll.get();
            if (last || !chunk.isEmpty() || chunk.atEnd()) {
                return chunk;
            }
            try {
                hints.acquire();
                hints.drainPermits();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new TimeoutException(
                        "engine.interrupted", "the thread was interrupted while it waited for a stream", e);
            }
        }
    }

    @Override
    public void close() {
        timer.cancel();
    }
}
