package dev.holdfast.queue;

import dev.holdfast.engine.InvalidInputException;
import java.time.Duration;

/**
 * How the workers of a queue work.
 *
 * @param concurrency jobs that are handled at once, 1 to {@value #CONCURRENCY_MAX}
 * @param prefetch jobs that are claimed ahead of those, 0 to {@value QueueLimits#BATCH_MAX}; they wait with a lease
 * @param batch jobs of one claim and of one acknowledgement at most, 1 to {@value QueueLimits#BATCH_MAX}
 * @param lease how long a job is held without a sign of life; a third of it lies between two, 30 ms to a day
 * @param stopTimeout how long {@link QueueListener#close()} waits for what runs, 0 to a day
 */
public record ListenOptions(int concurrency, int prefetch, int batch, Duration lease, Duration stopTimeout) {
    /** Jobs that one listener handles at once at most. */
    public static final int CONCURRENCY_MAX = 10_000;

    private static final Duration LEASE_MIN = Duration.ofMillis(30);

    /** Checks every range: {@code queue.option}, {@code queue.lease}. */
    public ListenOptions {
        QueueLimits.requireRange("concurrency", concurrency, 1, CONCURRENCY_MAX);
        QueueLimits.requireRange("prefetch", prefetch, 0, QueueLimits.BATCH_MAX);
        QueueLimits.requireRange("batch", batch, 1, QueueLimits.BATCH_MAX);
        QueueLimits.requireLease(lease);
        if (lease.compareTo(LEASE_MIN) < 0) {
            throw new InvalidInputException(
                    "queue.lease", "the lease of a listener is too short (lease=" + lease + ", min=" + LEASE_MIN + ")");
        }
        if (stopTimeout.isNegative() || stopTimeout.compareTo(QueueLimits.LEASE_MAX) > 0) {
            throw new InvalidInputException(
                    "queue.option",
                    "stopTimeout is out of range (stopTimeout=" + stopTimeout + ", min=PT0S, max="
                            + QueueLimits.LEASE_MAX + ")");
        }
    }

    /** One job at a time, none ahead, batches of up to 200, a lease of 30 seconds, 30 seconds to stop. */
    public static ListenOptions defaults() {
        return new ListenOptions(1, 0, 200, Duration.ofSeconds(30), Duration.ofSeconds(30));
    }

    /** The same with so many jobs at once. */
    public ListenOptions withConcurrency(int value) {
        return new ListenOptions(value, prefetch, batch, lease, stopTimeout);
    }

    /** The same with so many jobs ahead. */
    public ListenOptions withPrefetch(int value) {
        return new ListenOptions(concurrency, value, batch, lease, stopTimeout);
    }

    /** The same with batches of up to so many jobs. */
    public ListenOptions withBatch(int value) {
        return new ListenOptions(concurrency, prefetch, value, lease, stopTimeout);
    }

    /** The same with another lease. */
    public ListenOptions withLease(Duration value) {
        return new ListenOptions(concurrency, prefetch, batch, value, stopTimeout);
    }

    /** The same with another time to stop. */
    public ListenOptions withStopTimeout(Duration value) {
        return new ListenOptions(concurrency, prefetch, batch, lease, value);
    }
}
