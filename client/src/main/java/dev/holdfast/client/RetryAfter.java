package dev.holdfast.client;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.OptionalLong;

/** How long a server asks to be left alone: seconds, or a time. */
final class RetryAfter {
    /** More is a mistake of the server's rather than a wish. */
    private static final Duration MAX = Duration.ofDays(1);

    private RetryAfter() {}

    private static Duration bounded(Duration asked) {
        return asked.compareTo(MAX) > 0 ? MAX : asked;
    }

    /** Nothing when it does not ask, or in a way that nobody understands. */
    static Duration of(HttpHeaders headers, Instant now) {
        OptionalLong seconds = Wire.number(headers, Wire.RETRY_AFTER);
        if (seconds.isPresent()) {
            return Duration.ofSeconds(Math.min(seconds.getAsLong(), MAX.toSeconds()));
        }
        String text = Wire.text(headers, Wire.RETRY_AFTER);
        if (text.isEmpty()) {
            return Duration.ZERO;
        }
        try {
            Instant at = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return at.isAfter(now) ? bounded(Duration.between(now, at)) : Duration.ZERO;
        } catch (DateTimeException e) {
            return Duration.ZERO;
        }
    }
}
