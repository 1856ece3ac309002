package dev.holdfast.server.durablestreams;

import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The number that keeps caches from serving one empty answer for ever: how many intervals of 20 seconds have passed.
 * Whoever hands back a number that is not behind gets a greater one, by chance so that readers spread.
 */
final class WireCursor {
    private static final long BEGIN_MILLIS =
            Instant.parse("2024-10-09T00:00:00Z").toEpochMilli();
    private static final long INTERVAL_SECONDS = 20;
    private static final long JITTER_SECONDS_MAX = 3_600;
    private static final int DIGITS_MAX = 17;
    private static final long NONE = -1;

    private WireCursor() {}

    /** The number that a reader handed back; less than every number when it is none. */
    static long parse(String text) {
        boolean number =
                !text.isEmpty() && text.length() <= DIGITS_MAX && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? Long.parseLong(text) : NONE;
    }

    /** The number of a time. */
    static long at(long millis) {
        return Math.floorDiv(millis - BEGIN_MILLIS, INTERVAL_SECONDS * 1_000);
    }

    /**
     * The number for an answer.
     *
     * @param client what the reader handed back
     */
    static long next(long client, long nowMillis) {
        long now = at(nowMillis);
        if (client < now) {
            return now;
        }
        long jitter = ThreadLocalRandom.current().nextLong(1, JITTER_SECONDS_MAX + 1);
        return client + Math.max(1, jitter / INTERVAL_SECONDS);
    }
}
