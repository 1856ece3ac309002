package dev.holdfast.v8;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;

/** Dates as JavaScript writes them. */
final class JsDate {
    /** The last moment of a JavaScript date, and without its sign the first: 100 million days from 1970. */
    private static final double MILLIS_MAX = 8.64e15;

    private static final int PLAIN_YEAR_MAX = 9_999;

    private JsDate() {}

    /**
     * What {@code toISOString()} is in JavaScript: {@code 1970-01-01T00:00:00.000Z}, beyond the years 0 to 9999 with a
     * sign and six digits of the year. Empty for a date that is none.
     *
     * @param millis since 1970; a fraction is cut
     */
    static Optional<String> text(double millis) {
        if (!(Math.abs(millis) <= MILLIS_MAX)) {
            return Optional.empty();
        }
        long whole = (long) millis;
        int nanos = Math.floorMod(whole, 1000) * 1_000_000;
        LocalDateTime date = LocalDateTime.ofEpochSecond(Math.floorDiv(whole, 1000), nanos, ZoneOffset.UTC);
        return Optional.of(String.format(
                Locale.ROOT,
                "%s-%02d-%02dT%02d:%02d:%02d.%03dZ",
                year(date.getYear()),
                date.getMonthValue(),
                date.getDayOfMonth(),
                date.getHour(),
                date.getMinute(),
                date.getSecond(),
                nanos / 1_000_000));
    }

    private static String year(int year) {
        return year >= 0 && year <= PLAIN_YEAR_MAX
                ? String.format(Locale.ROOT, "%04d", year)
                : String.format(Locale.ROOT, "%+07d", year);
    }
}
