package dev.holdfast.queue;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.kv.KvLimits;
import dev.holdfast.kv.KvValue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** What may be asked of queues at most. A call beyond a limit is refused and changes nothing. */
public final class QueueLimits {
    /** Bytes of a queue's name in UTF-8. */
    public static final int NAME_BYTES_MAX = 256;

    /** Bytes of a job's value: 1 MiB. */
    public static final int VALUE_BYTES_MAX = 1 << 20;

    /** Jobs of one batch: enqueued, claimed or settled together. */
    public static final int BATCH_MAX = 500;

    /** Jobs of one page: peeked at, or dead. */
    public static final int PAGE_MAX = 1_000;

    /** Claims of one job until it is exhausted. */
    public static final int ATTEMPTS_MAX = 1_000;

    /** Delays of a list of a job's own. */
    public static final int DELAYS_MAX = 100;

    /** Keys that a job's value is written under when it is exhausted. */
    public static final int FALLBACK_KEYS_MAX = 10;

    /** Characters of a unique key. */
    public static final int UNIQUE_KEY_CHARS_MAX = 512;

    /** Characters of an ordering key. */
    public static final int ORDERING_KEY_CHARS_MAX = 512;

    /** The lowest urgency; 0 is the highest. */
    public static final int PRIORITY_MAX = 9;

    /** The longest delay: 100 years. */
    public static final Duration DELAY_MAX = KvLimits.TTL_MAX;

    /** The longest lease: a day. The shortest is a millisecond. */
    public static final Duration LEASE_MAX = Duration.ofDays(1);

    /** Jobs under lease at once that a queue can be limited to. */
    public static final int CONCURRENCY_MAX = 10_000;

    /** Jobs of one window that a queue can be limited to. */
    public static final int RATE_JOBS_MAX = 1_000_000;

    /** The longest window of a rate: a day. The shortest is a millisecond. */
    public static final Duration WINDOW_MAX = Duration.ofDays(1);

    /** Characters that are kept of why a job was refused. */
    public static final int ERROR_CHARS_MAX = 4_096;

    private QueueLimits() {}

    static String requireName(String name) {
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes < 1 || bytes > NAME_BYTES_MAX || name.chars().anyMatch(Character::isISOControl)) {
            throw new InvalidInputException(
                    "queue.name",
                    "a queue's name has 1 to " + NAME_BYTES_MAX + " bytes and no control characters (nameBytes=" + bytes
                            + ")");
        }
        return name;
    }

    static KvValue requireValue(KvValue value) {
        if (value.encoded().length > VALUE_BYTES_MAX) {
            throw new InvalidInputException(
                    "queue.value_too_large",
                    "the value of a job is larger than the limit (valueBytes=" + value.encoded().length
                            + ", valueBytesMax=" + VALUE_BYTES_MAX + ")");
        }
        return value;
    }

    static Duration requireDelay(String name, Duration delay) {
        if (delay.isNegative() || delay.compareTo(DELAY_MAX) > 0) {
            throw new InvalidInputException(
                    "queue.delay",
                    name + " is out of range (" + name + "=" + delay + ", min=PT0S, max=" + DELAY_MAX + ")");
        }
        return delay;
    }

    static Duration requireLease(Duration lease) {
        if (lease.compareTo(Duration.ofMillis(1)) < 0 || lease.compareTo(LEASE_MAX) > 0) {
            throw new InvalidInputException(
                    "queue.lease",
                    "the lease is out of range (lease=" + lease + ", min=PT0.001S, max=" + LEASE_MAX + ")");
        }
        return lease;
    }

    static Duration requireWindow(Duration window) {
        if (window.compareTo(Duration.ofMillis(1)) < 0 || window.compareTo(WINDOW_MAX) > 0) {
            throw new InvalidInputException(
                    "queue.option",
                    "window is out of range (window=" + window + ", min=PT0.001S, max=" + WINDOW_MAX + ")");
        }
        return window;
    }

    static int requireRange(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new InvalidInputException(
                    "queue.option",
                    name + " is out of range (" + name + "=" + value + ", min=" + min + ", max=" + max + ")");
        }
        return value;
    }

    /** A unique key or an ordering key; PostgreSQL holds no U+0000 in text. */
    static String requireKey(String name, String key, int charsMax) {
        requireRange(name + "Chars", key.length(), 1, charsMax);
        if (key.indexOf('\u0000') >= 0) {
            throw new InvalidInputException("queue.option", name + " has no U+0000");
        }
        return key;
    }

    static void requireBatch(int jobs) {
        requireRange("jobs", jobs, 0, BATCH_MAX);
    }
}
