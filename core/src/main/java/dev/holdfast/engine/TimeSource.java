package dev.holdfast.engine;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Where all time comes from: expiry, versionstamps, pauses between background work. Tests hand in one that they turn
 * themselves.
 */
public interface TimeSource {
    /** Milliseconds since 1970-01-01T00:00Z. */
    long millis();

    /**
     * A count of nanoseconds from an arbitrary start that never goes back: for how long ago something was. One that is
     * made from {@link #millis()} is right where that clock never goes back.
     */
    default long nanos() {
        return TimeUnit.MILLISECONDS.toNanos(millis());
    }

    /**
     * Returns when this long has passed by this clock. A thread that is interrupted waits to the end, and then still
     * is interrupted. A clock that a test turns may turn itself forward instead.
     *
     * @param millis 0 or more
     */
    default void pause(long millis) {
        CountDownLatch passed = new CountDownLatch(1);
        after(millis, passed::countDown);
        boolean interrupted = false;
        while (passed.getCount() > 0) {
            try {
                passed.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Runs a task once, not before the delay has passed. The task must be short or hand its work to another thread.
     *
     * @param delayMillis 0 or more
     */
    Timer after(long delayMillis, Runnable task);

    /** The machine's clock. Tasks run on one daemon thread shared by the process. */
    static TimeSource system() {
        return SystemTime.INSTANCE;
    }

    /** A task that has not run yet. */
    @FunctionalInterface
    interface Timer {
        /** Takes the task back; without effect when it ran already. */
        void cancel();
    }
}
