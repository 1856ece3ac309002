package dev.holdfast.client;

import java.util.List;

/**
 * Some messages of a stream.
 *
 * @param <T> their type
 * @param values in the order of the stream
 * @param next the offset behind the last one, where another reading goes on; opaque text
 * @param upToDate whether they reach the tail
 * @param atEnd whether nothing will ever follow
 */
public record RemoteMessages<T>(List<T> values, String next, boolean upToDate, boolean atEnd) {
    /** Keeps a copy. */
    public RemoteMessages {
        values = List.copyOf(values);
    }
}
