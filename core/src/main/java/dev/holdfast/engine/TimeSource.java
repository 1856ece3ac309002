package dev.holdfast.engine;

/**
 * Where all time comes from: expiry, versionstamps, pauses between background work. Tests hand in one that they turn
 * themselves.
 */
public interface TimeSource {
    /** Milliseconds since 1970-01-01T00:00Z. */
    long millis();

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
