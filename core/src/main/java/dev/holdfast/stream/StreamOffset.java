package dev.holdfast.stream;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Offsets as numbers, and as clients see them.
 *
 * <p>The lower 52 bits of an offset count units. What is above them is the store's generation, 0 in a
 * store that never lost anything. Each time a store is put back to an earlier state - a backup restored, a standby made
 * the server - the tails of its open streams go on in the next generation, behind every offset that was handed out
 * before and is lost. The count goes on where the content ends, so a stream has no gap in its units, and whoever asks
 * for what follows a lost offset is given what came in its place. There are 2,047 generations after the first; behind
 * the last one no more is noticed.
 */
public final class StreamOffset {
    /** Units that a stream can hold in its whole life, 2^52 - 1. */
    public static final long UNITS_MAX = (1L << StreamOffset.UNITS_BITS) - 1;

    static final int UNITS_BITS = 52;
    static final long GENERATION_MAX = Long.MAX_VALUE >> UNITS_BITS;
    private static final String GROUP = "0000000000000000";
    private static final Pattern FORM = Pattern.compile("0*+([0-9]*+)_0*+([0-9]*+)");

    private StreamOffset() {}

    /**
     * The text of an offset, such as {@code 0000000000000000_0000000000000042}: two groups of 16 digits, the generation
     * and the count of units, which sort as the numbers do.
     */
    public static String text(long offset) {
        return group(generation(offset)) + "_" + group(units(offset));
    }

    /**
     * The offset of a text of two groups of digits, however many; what is greater than every offset becomes the
     * greatest one. Empty when it is no such text.
     */
    public static OptionalLong parse(String text) {
        Matcher form = FORM.matcher(text);
        int line = text.indexOf('_');
        if (!form.matches() || line == 0 || line == text.length() - 1) {
            return OptionalLong.empty();
        }
        long generation = number(form.group(1), GENERATION_MAX + 1);
        return generation > GENERATION_MAX
                ? OptionalLong.of(Long.MAX_VALUE)
                : OptionalLong.of(generation << UNITS_BITS | number(form.group(2), UNITS_MAX));
    }

    /** How many units of a stream lie before an offset, counted from the first one it ever held. */
    public static long units(long offset) {
        return offset & UNITS_MAX;
    }

    static long generation(long offset) {
        return offset >> UNITS_BITS;
    }

    private static String group(long number) {
        String digits = Long.toString(number);
        return GROUP.substring(digits.length()) + digits;
    }

    private static long number(String digits, long max) {
        if (digits.isEmpty()) {
            return 0;
        }
        return digits.length() > GROUP.length() ? max : Math.min(max, Long.parseLong(digits));
    }
}
