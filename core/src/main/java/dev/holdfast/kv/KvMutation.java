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

    /** How two numbers become one; exact at any size. */
    enum Arithmetic {
        /** Their sum. */
        SUM,
        /** The larger one. */
        MAX,
        /** The smaller one. */
        MIN
    }
}
