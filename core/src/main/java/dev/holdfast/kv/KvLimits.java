package dev.holdfast.kv;

import dev.holdfast.engine.InvalidInputException;
import java.time.Duration;

/**
 * What a caller may ask for at most.
 *
 * @param valueBytesMax bytes of one stored value, 1 to 1 GiB
 * @param operationsMax checks and mutations of one atomic commit, 1 to 100,000
 * @param batchKeysMax keys of one batch call, 1 to 100,000
 */
public record KvLimits(int valueBytesMax, int operationsMax, int batchKeysMax) {
    /** The longest time to live: 100 years. */
    public static final Duration TTL_MAX = Duration.ofDays(36_525);

    /** Bytes of the values that one call returns, or holds to return or extend them; a larger single value passes. */
    public static final long RESULT_BYTES_MAX = 64 << 20;

    private static final int VALUE_BYTES_CEILING = 1 << 30;
    private static final int COUNT_CEILING = 100_000;

    /** Checks every range. */
    public KvLimits {
        require("valueBytesMax", valueBytesMax, VALUE_BYTES_CEILING);
        require("operationsMax", operationsMax, COUNT_CEILING);
        require("batchKeysMax", batchKeysMax, COUNT_CEILING);
    }

    /** Values of 16 MiB, 10,000 operations, 1,000 keys. */
    public static KvLimits defaults() {
        return new KvLimits(16 << 20, 10_000, 1_000);
    }

    static void requireTtl(Duration ttl) {
        if (ttl.compareTo(Duration.ofMillis(1)) < 0 || ttl.compareTo(TTL_MAX) > 0) {
            throw new InvalidInputException(
                    "kv.ttl", "the time to live is out of range (ttl=" + ttl + ", min=PT0.001S, max=" + TTL_MAX + ")");
        }
    }

    KvValue requireValue(KvValue value) {
        if (value.encoded().length > valueBytesMax) {
            throw new InvalidInputException(
                    "kv.value_too_large",
                    "value is larger than the limit (valueBytes=" + value.encoded().length + ", valueBytesMax="
                            + valueBytesMax + ")");
        }
        return value;
    }

    void requireOperations(int count) {
        if (count > operationsMax) {
            throw new InvalidInputException(
                    "kv.too_many_operations",
                    "too many checks and mutations in one commit (operations=" + count + ", operationsMax="
                            + operationsMax + ")");
        }
    }

    void requireBatch(int count) {
        if (count > batchKeysMax) {
            throw new InvalidInputException(
                    "kv.too_many_keys", "Too many keys: " + count + " (max " + batchKeysMax + ").");
        }
    }

    /** Counts the values that a call keeps in memory. */
    final class Held {
        private long bytes;

        void add(KvValue value) {
            bytes += value.encoded().length;
            long max = Math.max(RESULT_BYTES_MAX, valueBytesMax);
            if (bytes > max) {
                throw new InvalidInputException(
                        "kv.result_too_large",
                        "the values of one call have more bytes than the limit (resultBytesMax=" + max
                                + "); ask for less at once");
            }
        }

        void remove(KvValue value) {
            bytes -= value.encoded().length;
        }
    }

    private static void require(String name, int value, int max) {
        if (value < 1 || value > max) {
            throw new InvalidInputException(
                    "kv.option", name + " is out of range (" + name + "=" + value + ", min=1, max=" + max + ")");
        }
    }
}
