package dev.holdfast.codec;

import dev.holdfast.engine.InvalidInputException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Durations as text, as clients send them and as flags are written: {@code 500ms}, {@code 1.5h}, {@code 7 days}.
 *
 * <p>A number without sign, decimals allowed, then a unit with or without a space: {@code ms s m h d w y} or a long
 * form such as {@code secs} or {@code minutes}, in any case. Without a unit it is milliseconds. A year is 365.25 days.
 * There are no months, exponents, or combinations like {@code 1h30m}. Source: the duration texts of KeyVal clients.
 */
public final class Durations {
    private static final int TEXT_CHARS_MAX = 50;
    private static final BigInteger NANOS_PER_SECOND = BigInteger.valueOf(1_000_000_000);
    private static final BigDecimal NANOS_PER_MILLI = BigDecimal.valueOf(1_000_000);

    private static final long SECOND = 1_000;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;
    private static final long WEEK = 7 * DAY;
    private static final long YEAR = 36_525 * DAY / 100;

    private static final Map<String, Long> MILLIS_PER_UNIT = Map.ofEntries(
            Map.entry("", 1L),
            Map.entry("ms", 1L),
            Map.entry("msec", 1L),
            Map.entry("msecs", 1L),
            Map.entry("millisecond", 1L),
            Map.entry("milliseconds", 1L),
            Map.entry("s", SECOND),
            Map.entry("sec", SECOND),
            Map.entry("secs", SECOND),
            Map.entry("second", SECOND),
            Map.entry("seconds", SECOND),
            Map.entry("m", MINUTE),
            Map.entry("min", MINUTE),
            Map.entry("mins", MINUTE),
            Map.entry("minute", MINUTE),
            Map.entry("minutes", MINUTE),
            Map.entry("h", HOUR),
            Map.entry("hr", HOUR),
            Map.entry("hrs", HOUR),
            Map.entry("hour", HOUR),
            Map.entry("hours", HOUR),
            Map.entry("d", DAY),
            Map.entry("day", DAY),
            Map.entry("days", DAY),
            Map.entry("w", WEEK),
            Map.entry("week", WEEK),
            Map.entry("weeks", WEEK),
            Map.entry("y", YEAR),
            Map.entry("yr", YEAR),
            Map.entry("yrs", YEAR),
            Map.entry("year", YEAR),
            Map.entry("years", YEAR));

    private Durations() {}

    /**
     * The duration of a text, exact to the nanosecond; what is finer is cut off.
     *
     * @return zero or longer
     * @throws InvalidInputException {@code duration.invalid}: the text is no duration, or longer than {@link Duration}
     *     holds
     */
    public static Duration parse(String text) {
        String trimmed = Objects.requireNonNull(text, "text").strip();
        int end = numberEnd(trimmed);
        if (end <= 0 || trimmed.length() > TEXT_CHARS_MAX) {
            throw invalid(text);
        }
        String unit = trimmed.substring(end).strip().toLowerCase(Locale.ROOT);
        Long millis = MILLIS_PER_UNIT.get(unit);
        if (millis == null) {
            throw invalid(text);
        }
        BigInteger nanos = new BigDecimal(trimmed.substring(0, end))
                .multiply(BigDecimal.valueOf(millis))
                .multiply(NANOS_PER_MILLI)
                .toBigInteger();
        BigInteger[] parts = nanos.divideAndRemainder(NANOS_PER_SECOND);
        if (parts[0].bitLength() >= Long.SIZE) {
            throw invalid(text);
        }
        return Duration.ofSeconds(parts[0].longValue(), parts[1].longValue());
    }

    /** Where the number {@code [0-9]*.?[0-9]+} at the start of a text ends; 0 or less when there is none. */
    private static int numberEnd(String text) {
        int point = digitsEnd(text, 0);
        if (point == text.length() || text.charAt(point) != '.') {
            return point;
        }
        int end = digitsEnd(text, point + 1);
        return end == point + 1 ? -1 : end;
    }

    private static int digitsEnd(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at;
    }

    /**
     * The shortest text of a duration: a whole number of the largest unit from {@code d} to {@code ms} that divides it,
     * such as {@code 90m}, or a decimal number of milliseconds. {@link #parse} reads it back as the same duration; a
     * negative one has a minus sign before it and cannot be read.
     */
    public static String print(Duration duration) {
        BigInteger nanos = BigInteger.valueOf(
                        Objects.requireNonNull(duration, "duration").toSeconds())
                .multiply(NANOS_PER_SECOND)
                .add(BigInteger.valueOf(duration.toNanosPart()));
        if (nanos.signum() == 0) {
            return "0ms";
        }
        for (Unit unit : Unit.values()) {
            BigInteger[] count = nanos.divideAndRemainder(unit.nanos);
            if (count[1].signum() == 0) {
                return count[0] + unit.name();
            }
        }
        return new BigDecimal(nanos).divide(NANOS_PER_MILLI).toPlainString() + "ms";
    }

    /** The units that durations are printed in, largest first. */
    private enum Unit {
        d(DAY),
        h(HOUR),
        m(MINUTE),
        s(SECOND),
        ms(1);

        private final BigInteger nanos;

        Unit(long millis) {
            this.nanos = BigInteger.valueOf(millis).multiply(NANOS_PER_MILLI.toBigInteger());
        }
    }

    private static InvalidInputException invalid(String text) {
        String shown = text.length() <= TEXT_CHARS_MAX ? text : text.substring(0, TEXT_CHARS_MAX - 3) + "...";
        return new InvalidInputException(
                "duration.invalid",
                "Invalid duration format: \"" + shown
                        + "\". Use a number and one of ms s m h d w y, such as 500ms, 1.5h or 7d");
    }
}
