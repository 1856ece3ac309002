package dev.holdfast.kv;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.filter.Filter;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.key.KeyRange;
import java.util.Objects;
import java.util.Optional;

/**
 * Which entries a list is made of, and in which direction. Immutable; each method answers another one.
 *
 * {@snippet :
 * KvSelection.below("users").from(Key.of("users", 40)).until(Key.of("users", 50)).reversed().limit(5);
 * }
 *
 * @param prefix everything strictly below it; the empty prefix is everything
 * @param start the first key, inclusive
 * @param end the key before which it ends, exclusive
 * @param reverse from the last key to the first
 * @param where what the value must be like; values without a JSON form match nothing
 * @param limit entries at most, 0 for all; counted after {@code where}
 */
public record KvSelection(
        KeyPrefix prefix, Optional<Key> start, Optional<Key> end, boolean reverse, Optional<Filter> where, long limit) {
    /** Checks the limit. */
    public KvSelection {
        Objects.requireNonNull(prefix, "prefix");
        Objects.requireNonNull(start, "start");
        Objects.requireNonNull(end, "end");
        Objects.requireNonNull(where, "where");
        if (limit < 0) {
            throw new InvalidInputException("kv.limit", "limit must be a positive number, received " + limit);
        }
    }

    /** Everything strictly below a prefix, in key order; the key that is the prefix is not among them. */
    public static KvSelection below(KeyPrefix prefix) {
        return new KvSelection(prefix, Optional.empty(), Optional.empty(), false, Optional.empty(), 0);
    }

    /** Everything below a key, in key order. */
    public static KvSelection below(Object... parts) {
        return below(KeyPrefix.of(parts));
    }

    /** Every entry, in key order. */
    public static KvSelection all() {
        return below(KeyPrefix.all());
    }

    /** The same from a key on, inclusive; it narrows the prefix and cannot leave it. */
    public KvSelection from(Key value) {
        return new KvSelection(prefix, Optional.of(value), end, reverse, where, limit);
    }

    /** The same up to a key, exclusive; it narrows the prefix and cannot leave it. */
    public KvSelection until(Key value) {
        return new KvSelection(prefix, start, Optional.of(value), reverse, where, limit);
    }

    /** The same in the other direction; {@link #from} and {@link #until} keep their meaning, whatever the direction. */
    public KvSelection reversed() {
        return new KvSelection(prefix, start, end, !reverse, where, limit);
    }

    /** The same, of values that match. */
    public KvSelection where(Filter value) {
        return new KvSelection(prefix, start, end, reverse, Optional.of(value), limit);
    }

    /** The same, at most so many; 0 for all. */
    public KvSelection limit(long value) {
        return new KvSelection(prefix, start, end, reverse, where, value);
    }

    /** The keys it can hold. */
    KeyRange range() {
        KeyRange range = prefix.below();
        if (start.isPresent()) {
            range = range.from(start.get());
        }
        return end.isPresent() ? range.until(end.get()) : range;
    }
}
