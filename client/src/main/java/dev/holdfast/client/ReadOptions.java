package dev.holdfast.client;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * Where and how to read.
 *
 * @param offset {@link #BEGINNING}, {@link #NOW}, or one that the server gave: the {@code next} of a chunk
 * @param live what happens at the tail
 * @param cursor the cursor of a chunk of an earlier reading, which helps caches between
 * @param catchUpFirst whether live readings first read what is there in answers that caches may keep; else they ask
 *     live from the beginning
 */
public record ReadOptions(String offset, Live live, Optional<String> cursor, boolean catchUpFirst) {
    /** Instead of an offset: where the stream begins, or what is left of it. */
    public static final String BEGINNING = "-1";

    /** Instead of an offset: the tail. */
    public static final String NOW = "now";

    /** Checks that all is there; whether the offset is one, the server says. */
    public ReadOptions {
        requireNonNull(offset, "offset");
        requireNonNull(live, "live");
        requireNonNull(cursor, "cursor");
    }

    /** Everything up to the tail. */
    public static ReadOptions beginning() {
        return from(BEGINNING);
    }

    /** What comes from now on; make it live. */
    public static ReadOptions now() {
        return from(NOW);
    }

    /** From an offset up to the tail. */
    public static ReadOptions from(String offset) {
        return new ReadOptions(offset, Live.CATCH_UP, Optional.empty(), true);
    }

    /** The same, going on in some way. */
    public ReadOptions live(Live mode) {
        return new ReadOptions(offset, mode, cursor, catchUpFirst);
    }

    /** The same with the cursor of an earlier reading. */
    public ReadOptions cursor(String last) {
        return new ReadOptions(offset, live, Optional.of(last), catchUpFirst);
    }

    /** The same, live from the first request on. */
    public ReadOptions directly() {
        return new ReadOptions(offset, live, cursor, false);
    }
}
