package dev.holdfast.client;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * A stream as a server describes it.
 *
 * @param name of the stream
 * @param contentType as it was given when the stream was made
 * @param tail the offset behind everything; opaque text
 * @param closed whether it takes no more
 * @param ttlSeconds the sliding lifetime, if it has one
 * @param expiresAt the time at which it ends, as it was given, if it has one
 */
public record RemoteInfo(
        String name,
        String contentType,
        String tail,
        boolean closed,
        OptionalLong ttlSeconds,
        Optional<String> expiresAt) {
    /** Whether it is a stream of JSON messages. */
    public boolean json() {
        return Wire.isJson(contentType);
    }
}
