package dev.holdfast.stream;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * A stream as it stands.
 *
 * @param name of the stream
 * @param id tells it from an earlier or later stream of the same name
 * @param contentType as it was given
 * @param first the lowest offset that can still be read; 0 unless old content was removed
 * @param tail the offset behind the last unit: messages of a JSON stream, bytes of another
 * @param closed whether it takes no more
 * @param ttlSeconds the sliding lifetime, if it has one
 * @param expiresAt the time at which it ends, as it was given, if it has one
 */
public record StreamInfo(
        String name,
        long id,
        String contentType,
        long first,
        long tail,
        boolean closed,
        OptionalLong ttlSeconds,
        Optional<String> expiresAt) {
    /** The same when nothing before an offset can be read any more. */
    StreamInfo from(long offset) {
        return offset == first
                ? this
                : new StreamInfo(name, id, contentType, offset, tail, closed, ttlSeconds, expiresAt);
    }

    /** Whether it is a stream of JSON messages. */
    public boolean json() {
        return ContentTypes.isJson(contentType);
    }
}
