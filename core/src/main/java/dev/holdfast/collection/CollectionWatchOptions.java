package dev.holdfast.collection;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.filter.Filter;
import java.util.Objects;
import java.util.Optional;

/**
 * What a watch looks at and how it begins.
 *
 * @param where which documents; one that stops matching is told as removed
 * @param initial whether the present documents are told first
 * @param initialLimit documents that are told first at most, in the order of their ids, 1 to 10,000
 * @param after tells what changed after this {@link CollectionWatch.Event#position()} of an earlier watch, instead of
 *     the present documents
 */
public record CollectionWatchOptions(Filter where, boolean initial, int initialLimit, Optional<Versionstamp> after) {
    private static final int INITIAL_LIMIT = 1_000;
    private static final int INITIAL_LIMIT_MAX = 10_000;

    /** Checks the range. */
    public CollectionWatchOptions {
        Objects.requireNonNull(where, "where");
        Objects.requireNonNull(after, "after");
        if (initialLimit < 1 || initialLimit > INITIAL_LIMIT_MAX) {
            throw new InvalidInputException(
                    "collection.initial_limit",
                    "initialLimit is out of range (initialLimit=" + initialLimit + ", min=1, max=" + INITIAL_LIMIT_MAX
                            + ")");
        }
    }

    /** A watch of every document. */
    public static CollectionWatchOptions all() {
        return where(Filter.all());
    }

    /** A watch of the documents that match a filter. */
    public static CollectionWatchOptions where(Filter where) {
        return new CollectionWatchOptions(where, true, INITIAL_LIMIT, Optional.empty());
    }

    /** The same, told only what changes after the watch has begun: once {@link Collection#watch} has returned. */
    public CollectionWatchOptions withoutInitial() {
        return new CollectionWatchOptions(where, false, initialLimit, after);
    }

    /** The same with another number of documents that are told first. */
    public CollectionWatchOptions withInitialLimit(int value) {
        return new CollectionWatchOptions(where, initial, value, after);
    }

    /** The same, going on from an earlier watch. */
    public CollectionWatchOptions after(Versionstamp position) {
        return new CollectionWatchOptions(where, initial, initialLimit, Optional.of(position));
    }
}
