package dev.holdfast.stream;

import dev.holdfast.engine.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * What may be asked of streams at most. A call beyond a limit is refused and changes nothing.
 *
 * @param appendBytesMax bytes of one append, 1 to 256 MiB
 * @param appendMessagesMax JSON messages of one append, 1 or more
 */
public record StreamLimits(int appendBytesMax, int appendMessagesMax) {
    /** Bytes of a stream's name in UTF-8. */
    public static final int NAME_BYTES_MAX = 1_024;

    /** Bytes of a content type. */
    public static final int CONTENT_TYPE_BYTES_MAX = 256;

    /** Bytes of a producer's id in UTF-8. */
    public static final int PRODUCER_BYTES_MAX = 256;

    /** Bytes of a {@code Stream-Seq}. */
    public static final int SEQUENCE_BYTES_MAX = 1_024;

    /** Seconds of a sliding lifetime: 100 years. */
    public static final long TTL_SECONDS_MAX = 3_155_760_000L;

    /** Bytes of a state that can be appended as a snapshot: 64 MiB. */
    public static final long SNAPSHOT_BYTES_MAX = 64L << 20;

    /** How long what lies before a snapshot stays readable if nobody says otherwise. */
    public static final Duration GRACE = Duration.ofMinutes(10);

    private static final int BYTES_MAX = 256 << 20;

    /** Refuses limits that are none: {@code stream.limits}. */
    public StreamLimits {
        if (appendBytesMax < 1 || appendBytesMax > BYTES_MAX || appendMessagesMax < 1) {
            throw new InvalidInputException(
                    "stream.limits",
                    "limits of streams are positive, and the bytes of an append at most " + BYTES_MAX
                            + " (appendBytesMax=" + appendBytesMax + ", appendMessagesMax=" + appendMessagesMax + ")");
        }
    }

    /** Appends of up to 16 MiB and 100,000 messages. */
    public static StreamLimits defaults() {
        return new StreamLimits(16 << 20, 100_000);
    }

    /** The same with another limit of bytes. */
    public StreamLimits withAppendBytesMax(int bytes) {
        return new StreamLimits(bytes, appendMessagesMax);
    }

    /** A text of 1 to so many bytes of UTF-8 without control characters, or an error that names it. */
    static String requireText(String code, String what, String text, int bytesMax) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes < 1 || bytes > bytesMax || text.codePoints().anyMatch(StreamLimits::isNoText)) {
            throw new InvalidInputException(
                    code,
                    what + " must be 1 to " + bytesMax + " bytes of UTF-8 without control characters (bytes=" + bytes
                            + ")");
        }
        return text;
    }

    /** Control characters, and halves of surrogate pairs, which UTF-8 cannot hold. */
    private static boolean isNoText(int codePoint) {
        return Character.isISOControl(codePoint) || Character.getType(codePoint) == Character.SURROGATE;
    }
}
