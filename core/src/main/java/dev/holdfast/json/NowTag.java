package dev.holdfast.json;

import java.math.BigDecimal;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NumericNode;

/**
 * The JSON form of the store's clock: {@code {"$now":true}}, with milliseconds that are added to it as {@code $offset}
 * or {@code offset}, and nothing else. Values and filters read it alike.
 */
public final class NowTag {
    /** The member that marks the clock. */
    public static final String NOW = "$now";

    /** The member with the milliseconds to add. */
    public static final String OFFSET = "$offset";

    private static final String PLAIN_OFFSET = "offset";

    /** Milliseconds that an offset may be away from now, in either direction: 31 million years. */
    private static final BigDecimal OFFSET_MAX = BigDecimal.valueOf(1_000_000_000_000_000_000L);

    /** Digits behind the point of an offset: a clock's nanoseconds and then some. */
    private static final int OFFSET_SCALE_MAX = 9;

    private NowTag() {}

    /** Makes the exception for a tag that cannot be understood. */
    @FunctionalInterface
    public interface Refusal {
        /**
         * The exception to throw.
         *
         * @param expected what would have been right
         * @param member where the fault is, such as {@code .$offset}; empty for the object itself
         * @param came what stands there
         */
        RuntimeException of(String expected, String member, JsonNode came);
    }

    /**
     * What an object with a member {@code $now} adds to the clock, in milliseconds: at most 10^18 either way, with at
     * most 9 decimal places; 0 without an offset.
     *
     * @throws RuntimeException the refusal's: the object is not exactly a tag. No part of it is ever left out
     */
    public static BigDecimal offset(JsonNode object, Refusal refusal) {
        boolean both = object.has(OFFSET) && object.has(PLAIN_OFFSET);
        boolean one = object.has(OFFSET) || object.has(PLAIN_OFFSET);
        if (both || object.size() > (one ? 2 : 1)) {
            throw refusal.of("$now takes one $offset and nothing else", "", object);
        }
        JsonNode now = object.path(NOW);
        if (!now.isBoolean() || !now.booleanValue()) {
            throw refusal.of("expected true", "." + NOW, now);
        }
        return one
                ? millis(object.has(OFFSET) ? object.path(OFFSET) : object.path(PLAIN_OFFSET), refusal)
                : BigDecimal.ZERO;
    }

    private static BigDecimal millis(JsonNode offset, Refusal refusal) {
        if (!(offset instanceof NumericNode number) || number.isNaN()) {
            throw refusal.of("expected milliseconds", "." + OFFSET, offset);
        }
        // Without zeros at its end, as 0e-999999999 has: a sum with it would be written out with all of them.
        BigDecimal millis = number.decimalValue().stripTrailingZeros();
        if (millis.abs().compareTo(OFFSET_MAX) > 0 || millis.scale() > OFFSET_SCALE_MAX) {
            throw refusal.of(
                    "an offset has at most " + OFFSET_MAX + " milliseconds and " + OFFSET_SCALE_MAX + " decimal places",
                    "." + OFFSET,
                    offset);
        }
        return millis;
    }
}
