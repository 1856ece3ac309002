package dev.holdfast.stream;

import dev.holdfast.engine.InvalidInputException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a stream is made.
 *
 * @param contentType of what is appended, as it will be answered; none: that of the fork's source, else
 *     {@link #OCTETS}. The media type {@code application/json} makes a stream of JSON messages
 * @param ttlSeconds how long the stream lives after it was last read or appended to, 0 to
 *     {@link StreamLimits#TTL_SECONDS_MAX}; none: for ever. It ends up to a tenth later
 * @param expiresAt when it ends, an RFC 3339 time, kept as it is written
 * @param closed whether it is closed from the beginning
 * @param content what it begins with, as in {@link StreamAppend}; an empty JSON array is allowed and appends nothing
 * @param fork what it begins as a copy of
 */
public record StreamSpec(
        Optional<String> contentType,
        OptionalLong ttlSeconds,
        Optional<String> expiresAt,
        boolean closed,
        byte[] content,
        Optional<StreamFork> fork) {
    /** The content type of streams of bytes. */
    public static final String OCTETS = "application/octet-stream";

    /** The content type of streams of JSON messages. */
    public static final String JSON = "application/json";

    /** Refuses lifetimes that are none: {@code stream.lifetime}. */
    public StreamSpec {
        contentType.ifPresent(type -> StreamLimits.requireText(
                "stream.content_type", "a content type", type, StreamLimits.CONTENT_TYPE_BYTES_MAX));
        if (ttlSeconds.isPresent() && expiresAt.isPresent()) {
            throw new InvalidInputException(
                    "stream.lifetime", "a stream has a sliding lifetime or a time at which it ends, not both");
        }
        if (ttlSeconds.orElse(0) < 0 || ttlSeconds.orElse(0) > StreamLimits.TTL_SECONDS_MAX) {
            throw new InvalidInputException(
                    "stream.lifetime",
                    "a lifetime is 0 seconds or more (ttlSeconds=" + ttlSeconds.getAsLong() + ", ttlSecondsMax="
                            + StreamLimits.TTL_SECONDS_MAX + ")");
        }
        expiresAt.ifPresent(StreamSpec::millis);
    }

    /** A stream of bytes, open, for ever. */
    public static StreamSpec bytes() {
        return of(OCTETS);
    }

    /** A stream of JSON messages, open, for ever. */
    public static StreamSpec json() {
        return of(JSON);
    }

    /** A stream of a content type, open, for ever. */
    public static StreamSpec of(String contentType) {
        return new StreamSpec(
                Optional.of(contentType), OptionalLong.empty(), Optional.empty(), false, new byte[0], Optional.empty());
    }

    /** A copy of another stream, of its content type and lifetime. */
    public static StreamSpec of(StreamFork fork) {
        return new StreamSpec(
                Optional.empty(), OptionalLong.empty(), Optional.empty(), false, new byte[0], Optional.of(fork));
    }

    /**
     * The same with a sliding lifetime.
     *
     * @param ttl whole seconds
     * @throws InvalidInputException {@code stream.lifetime}: it has a part of a second, or is out of range
     */
    public StreamSpec ttl(Duration ttl) {
        if (ttl.toNanosPart() != 0) {
            throw new InvalidInputException("stream.lifetime", "a lifetime is whole seconds (ttl=" + ttl + ")");
        }
        return new StreamSpec(contentType, OptionalLong.of(ttl.toSeconds()), Optional.empty(), closed, content, fork);
    }

    /** The same with a time at which it ends. */
    public StreamSpec expiresAt(Instant at) {
        return new StreamSpec(contentType, OptionalLong.empty(), Optional.of(at.toString()), closed, content, fork);
    }

    /** The same, beginning with some content. */
    public StreamSpec content(byte[] first) {
        return new StreamSpec(contentType, ttlSeconds, expiresAt, closed, first.clone(), fork);
    }

    /** The same, closed from the beginning. */
    public StreamSpec asClosed() {
        return new StreamSpec(contentType, ttlSeconds, expiresAt, true, content, fork);
    }

    /** Milliseconds since 1970 of an RFC 3339 time. */
    static long millis(String time) {
        try {
            return OffsetDateTime.parse(time).toInstant().toEpochMilli();
        } catch (DateTimeParseException | ArithmeticException e) {
            throw new InvalidInputException(
                    "stream.lifetime",
                    "the time at which a stream ends must be an RFC 3339 time (length=" + time.length() + ")",
                    e);
        }
    }
}
