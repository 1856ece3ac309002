package dev.holdfast.kv;

import dev.holdfast.key.Key;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** One change of an atomic commit. The changes of a commit are applied in order and see each other. */
public sealed interface KvMutation {
    /** The key that is changed. */
    Key key();

    /**
     * Writes a value, replacing what was there together with its expiry.
     *
     * @param ttl time until it expires; none: never
     */
    record Set(Key key, KvValue value, Optional<Duration> ttl) implements KvMutation {
        /** Checks the time. */
        public Set {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(value, "value");
            ttl.ifPresent(KvLimits::requireTtl);
        }
    }

    /**
     * Writes a value that expires at a moment, as a copy of an entry does.
     *
     * @param expiresAt from this millisecond on no read finds it; none: never
     */
    record Restore(Key key, KvValue value, Optional<Instant> expiresAt) implements KvMutation {
        /** Checks for null. */
        public Restore {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(value, "value");
            Objects.requireNonNull(expiresAt, "expiresAt");
        }
    }

    /** Deletes exactly one entry; a missing one is no error. */
    record Delete(Key key) implements KvMutation {
        /** Checks for null. */
        public Delete {
            Objects.requireNonNull(key, "key");
        }
    }

    /**
     * Combines the stored number with an integer. A missing entry becomes the operand. The entry keeps its expiry.
     *
     * @param ttl time until it expires, used only when the entry did not exist
     */
    record Combine(Key key, Arithmetic arithmetic, BigInteger operand, Optional<Duration> ttl) implements KvMutation {
        /** Checks the time. */
        public Combine {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(operand, "operand");
            ttl.ifPresent(KvLimits::requireTtl);
        }
    }

    /**
     * Adds items to the stored array, in their order. A missing entry becomes an array of them. The entry keeps its
     * expiry.
     *
     * @param atEnd whether they go behind what is there, else before it
     * @param ttl time until it expires, used only when the entry did not exist
     */
    record Extend(Key key, List<JsonNode> items, boolean atEnd, Optional<Duration> ttl) implements KvMutation {
        /** Copies the items. */
        public Extend {
            Objects.requireNonNull(key, "key");
            items = List.copyOf(items);
            ttl.ifPresent(KvLimits::requireTtl);
        }
    }

    /**
     * Writes a value under a key that ends in the versionstamp of the commit: a text part of 20 hexadecimal digits
     * behind the other parts. Nothing else can have that key before.
     *
     * @param key all parts but the last
     * @param expiresAt from this millisecond on no read finds it; none: never
     */
    record Stamped(Key key, KvValue value, Optional<Instant> expiresAt) implements KvMutation {
        /** Checks for null. */
        public Stamped {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(value, "value");
            Objects.requireNonNull(expiresAt, "expiresAt");
        }
    }

    /**
     * Combines the stored value with another one by the rules of Deno KV. A missing entry becomes the operand. The
     * result never expires, whatever the entry did.
     *
     * <p>A counter as operand needs a counter in the store; sums wrap at 2^64, and the larger and the smaller one are
     * those of unsigned numbers. A V8 value as operand can only be added: big integer to big integer exactly, number to
     * number as doubles, and a big integer of 0 to 2^64 - 1 to a counter, which wraps. JSON in the store counts as the
     * V8 value that Deno reads in its place. Everything else is refused with the texts of Deno KV:
     * {@code kv.not_counter}, {@code kv.sum_kinds}, {@code kv.sum_value}, {@code kv.sum_bounds}, {@code kv.sum_range}.
     *
     * @param operand a counter or a V8 value; of another encoding it is refused by the commit
     */
    record Calculate(Key key, Arithmetic arithmetic, KvValue operand, Bounds bounds) implements KvMutation {
        /** Checks for null. */
        public Calculate {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(arithmetic, "arithmetic");
            Objects.requireNonNull(operand, "operand");
            Objects.requireNonNull(bounds, "bounds");
        }
    }

    /**
     * Between what the result of a sum must lie, both ends inclusive. Counters have no bounds.
     *
     * @param min a V8 value of the operand's kind; none: as small as it comes
     * @param max a V8 value of the operand's kind; none: as large as it comes
     * @param clamp whether a result outside becomes the bound it passed, else it is refused
     */
    record Bounds(Optional<KvValue> min, Optional<KvValue> max, boolean clamp) {
        /** Checks for null. */
        public Bounds {
            Objects.requireNonNull(min, "min");
            Objects.requireNonNull(max, "max");
        }

        /** No bounds at all. */
        public static Bounds none() {
            return new Bounds(Optional.empty(), Optional.empty(), false);
        }

        boolean isNone() {
            return min.isEmpty() && max.isEmpty();
        }
    }

    /** How two numbers become one; exact at any size, but for the numbers of V8, which are doubles. */
    enum Arithmetic {
        /** Their sum. */
        SUM,
        /** The larger one. */
        MAX,
        /** The smaller one. */
        MIN
    }
}
