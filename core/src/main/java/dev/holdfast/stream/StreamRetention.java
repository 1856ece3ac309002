package dev.holdfast.stream;

import dev.holdfast.engine.InvalidInputException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How much a stream keeps of what was appended. What lies beyond any of the limits is removed in the background, the
 * oldest first, and its offsets are answered with {@link StreamException.Reason#TRIMMED}. Forks keep what they share.
 *
 * <p>Limits are lower bounds: a stream keeps at least so much, and up to a 64th and what is appended between two rounds
 * of the background more.
 *
 * @param age how long content stays, 1 ms or more; counted from when the background first sees it
 * @param bytes how many bytes stay, 1 or more; in a fork of a JSON stream only those of its own appends count
 * @param units how many units stay, 1 or more: messages of a JSON stream, bytes of another
 * @param compactUnits how many units may follow a snapshot until the background makes the next one, 1 or more; for
 *     streams of state events, see {@link DurableStream#compact}. The other limits then never reach into what follows
 *     the beginning of the last snapshot, which is all that is left of rows that have not changed since
 */
public record StreamRetention(
        Optional<Duration> age, OptionalLong bytes, OptionalLong units, OptionalLong compactUnits) {
    private static final StreamRetention ALL =
            new StreamRetention(Optional.empty(), OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());

    /** Refuses limits that are none: {@code stream.retention}. */
    public StreamRetention {
        age.ifPresent(value -> require("age in milliseconds", value.isNegative() ? -1 : millis(value)));
        bytes.ifPresent(value -> require("bytes", value));
        units.ifPresent(value -> require("units", value));
        compactUnits.ifPresent(value -> require("compactUnits", value));
    }

    /** Everything is kept. */
    public static StreamRetention all() {
        return ALL;
    }

    /** The same with a limit of age. */
    public StreamRetention age(Duration value) {
        return new StreamRetention(Optional.of(value), bytes, units, compactUnits);
    }

    /** The same with a limit of bytes. */
    public StreamRetention bytes(long value) {
        return new StreamRetention(age, OptionalLong.of(value), units, compactUnits);
    }

    /** The same with a limit of units. */
    public StreamRetention units(long value) {
        return new StreamRetention(age, bytes, OptionalLong.of(value), compactUnits);
    }

    /** The same with snapshots by the background. */
    public StreamRetention compactUnits(long value) {
        return new StreamRetention(age, bytes, units, OptionalLong.of(value));
    }

    /** Milliseconds of a time span; more than can be counted is as good as the most that can. */
    static long millis(Duration span) {
        try {
            return span.toMillis();
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }

    private static void require(String what, long value) {
        if (value < 1) {
            throw new InvalidInputException(
                    "stream.retention", "a stream keeps 1 or more (limit=" + what + ", value=" + value + ")");
        }
    }
}
