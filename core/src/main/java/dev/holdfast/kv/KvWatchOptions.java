package dev.holdfast.kv;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyPrefix;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a watch looks at and how it begins.
 *
 * @param keys exactly these entries; a key that comes twice counts once
 * @param prefixes the prefixes' own keys and everything below them; with the keys at most 1,000
 * @param initial whether the present entries are told first; a missing key of {@code keys} is told as missing
 * @param initialLimit entries of each prefix that are told first, 1 to 1,000
 * @param after tells what changed after this {@link KvWatch.Event#position()} of an earlier watch, instead of the
 *     present entries
 */
public record KvWatchOptions(
        List<Key> keys, List<KeyPrefix> prefixes, boolean initial, int initialLimit, Optional<Versionstamp> after) {
    private static final int INITIAL_LIMIT = 100;
    private static final int WATCHED_MAX = 1_000;

    /** Keeps its own copies and checks the limits. */
    public KvWatchOptions {
        keys = List.copyOf(new LinkedHashSet<>(keys));
        prefixes = List.copyOf(new LinkedHashSet<>(prefixes));
        if (keys.size() + prefixes.size() > WATCHED_MAX) {
            throw new InvalidInputException(
                    "kv.too_many_watched",
                    "too many keys and prefixes in one watch (keys=" + keys.size() + ", prefixes=" + prefixes.size()
                            + ", max=" + WATCHED_MAX + ")");
        }
        Objects.requireNonNull(after, "after");
        if (initialLimit < 1 || initialLimit > KvScan.PAGE_MAX) {
            throw new InvalidInputException(
                    "kv.limit",
                    "limit must be a positive number, received " + initialLimit + " (max " + KvScan.PAGE_MAX + ")");
        }
    }

    /** A watch of exactly these keys, told what they are at first and then every change. */
    public static KvWatchOptions keys(Key... keys) {
        return new KvWatchOptions(List.of(keys), List.of(), true, INITIAL_LIMIT, Optional.empty());
    }

    /** A watch of these keys and everything below them, told the first 100 entries of each at first. */
    public static KvWatchOptions prefixes(KeyPrefix... prefixes) {
        return new KvWatchOptions(List.of(), List.of(prefixes), true, INITIAL_LIMIT, Optional.empty());
    }

    /** The same, told only what changes from now on. */
    public KvWatchOptions withoutInitial() {
        return new KvWatchOptions(keys, prefixes, false, initialLimit, after);
    }

    /** The same with another number of first entries of each prefix. */
    public KvWatchOptions withInitialLimit(int value) {
        return new KvWatchOptions(keys, prefixes, initial, value, after);
    }

    /**
     * The same, going on from an earlier watch: nothing that was committed behind the position is missed. When the
     * change log no longer reaches back so far, the present entries are told anew.
     */
    public KvWatchOptions after(Versionstamp position) {
        return new KvWatchOptions(keys, prefixes, initial, initialLimit, Optional.of(position));
    }

    /** Answers quickly whether a key is watched. */
    Predicate<Key> covers() {
        Set<Key> exactly = Set.copyOf(keys);
        return key -> exactly.contains(key) || prefixes.stream().anyMatch(key::startsWith);
    }
}
