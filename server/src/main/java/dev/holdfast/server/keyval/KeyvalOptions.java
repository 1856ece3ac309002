package dev.holdfast.server.keyval;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.queue.QueueLimits;
import java.time.Duration;

/**
 * How the KeyVal interface serves.
 *
 * @param queueLock how long a message of its queue is locked for whoever took it, 1 ms to a day
 */
public record KeyvalOptions(Duration queueLock) {
    /** Checks the range: {@code keyval.queue_lock}. */
    public KeyvalOptions {
        if (queueLock.compareTo(Duration.ofMillis(1)) < 0 || queueLock.compareTo(QueueLimits.LEASE_MAX) > 0) {
            throw new InvalidInputException(
                    "keyval.queue_lock",
                    "the lock of a message is out of range (queueLock=" + queueLock + ", min=PT0.001S, max="
                            + QueueLimits.LEASE_MAX + ")");
        }
    }

    /** A lock of 30 seconds. */
    public static KeyvalOptions defaults() {
        return new KeyvalOptions(Duration.ofSeconds(30));
    }

    /** The same with another lock. */
    public KeyvalOptions withQueueLock(Duration value) {
        return new KeyvalOptions(value);
    }
}
