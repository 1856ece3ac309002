package dev.holdfast.server.durablestreams;

import dev.holdfast.stream.DurableStream;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Offsets as clients see them: two groups of 16 digits, of which the first is always zero, so that their order as texts
 * is their order. Any number of digits is read, and what lies beyond every stream is {@link #BEYOND}.
 */
final class WireOffset {
    /** Behind the tail of every stream. */
    static final long BEYOND = Long.MAX_VALUE;

    private static final int DIGITS = 16;
    private static final String FIRST_GROUP = "0".repeat(DIGITS) + "_";
    private static final Pattern FORM = Pattern.compile("0*+([0-9]*+)_0*+([0-9]*+)");

    private WireOffset() {}

    /** The text of an offset. */
    static String text(long offset) {
        String digits = Long.toString(offset);
        return FIRST_GROUP + "0".repeat(Math.max(0, DIGITS - digits.length())) + digits;
    }

    /** The offset of a text; empty when it is none. */
    static OptionalLong parse(String text) {
        Matcher form = FORM.matcher(text);
        int line = text.indexOf('_');
        if (!form.matches() || line == 0 || line == text.length() - 1) {
            return OptionalLong.empty();
        }
        String digits = form.group(2);
        if (!form.group(1).isEmpty() || digits.length() > DIGITS) {
            return OptionalLong.of(BEYOND);
        }
        return OptionalLong.of(digits.isEmpty() ? 0 : Long.parseLong(digits));
    }

    /** The same where a place to read from is asked for: also the beginning and the tail by their names. */
    static OptionalLong parsePlace(String text) {
        return switch (text) {
            case "-1" -> OptionalLong.of(DurableStream.BEGINNING);
            case "now" -> OptionalLong.of(DurableStream.NOW);
            default -> parse(text);
        };
    }
}
