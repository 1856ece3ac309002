package dev.holdfast.server.http;

import static java.util.Objects.requireNonNull;

/**
 * One part of the data that a limited token may touch.
 *
 * @param kind what the prefix names
 * @param prefix the beginning of the names allowed; empty for all of this kind. How a protocol writes keys is its own
 *     matter, and so is how it compares them
 */
public record Grant(Kind kind, String prefix) {
    /** What a prefix names. */
    public enum Kind {
        /** Keys. */
        KEY,
        /** Names of collections. */
        COLLECTION,
        /** Paths of streams. */
        STREAM
    }

    /** Checks that nothing is missing. */
    public Grant {
        requireNonNull(kind, "kind");
        requireNonNull(prefix, "prefix");
    }
}
