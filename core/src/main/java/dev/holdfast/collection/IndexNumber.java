package dev.holdfast.collection;

import dev.holdfast.json.BigIntegerTag;
import java.math.BigDecimal;
import java.math.BigInteger;
import tools.jackson.databind.JsonNode;

/**
 * Numbers as bytes that sort as the numbers do, exactly, whatever their size: a sign, how many digits stand before the
 * point, then the digits in pairs.
 *
 * <p>Zero is one byte. Of a negative number everything behind the sign is inverted. The digits end neither with a zero
 * nor, in the bytes, with anything but the end mark, so a number has one form, however it was written: {@code 1},
 * {@code 1.0} and {@code 1E0} are the same bytes.
 */
final class IndexNumber {
    private static final int NEGATIVE = 0x7f;
    private static final int ZERO = 0x80;
    private static final int POSITIVE = 0x81;
    private static final int END = 0;

    /** Numbers of so many digits before the point, or so many zeros behind it, have their magnitude in one byte. */
    private static final int SMALL_MAGNITUDE = 100;

    private static final int LARGE = 0xff;
    private static final int TINY = 0;
    private static final int BIAS = 0x80;

    private IndexNumber() {}

    /** Whether a node counts as a number: JSON numbers, and tagged big integers of any length. */
    static boolean is(JsonNode node) {
        return node.isNumber() || isTag(node);
    }

    private static boolean isTag(JsonNode node) {
        if (!node.isObject() || node.size() != 2) {
            return false;
        }
        JsonNode type = node.path(BigIntegerTag.TYPE);
        JsonNode value = node.path(BigIntegerTag.VALUE);
        return type.isString()
                && type.stringValue().equals(BigIntegerTag.BIGINT)
                && value.isString()
                && isInteger(value.stringValue());
    }

    private static boolean isInteger(String text) {
        int start = text.startsWith("-") ? 1 : 0;
        for (int i = start; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return text.length() > start;
    }

    /** Writes a node that {@link #is} accepts. */
    static void write(IndexBytes out, JsonNode node) {
        if (!node.isNumber()) {
            // The digits stay text: there may be millions of them.
            String text = node.path(BigIntegerTag.VALUE).stringValue();
            boolean negative = text.startsWith("-");
            write(out, negative, negative ? text.substring(1) : text);
        } else if (node.isIntegralNumber() && node.canConvertToLong() && node.longValue() != Long.MIN_VALUE) {
            long value = node.longValue();
            write(out, value < 0, Long.toString(Math.abs(value)));
        } else {
            write(out, node.decimalValue());
        }
    }

    static void write(IndexBytes out, BigDecimal number) {
        BigDecimal stripped = number.stripTrailingZeros();
        BigInteger digits = stripped.unscaledValue();
        if (digits.signum() == 0) {
            out.put(ZERO);
            return;
        }
        write(
                out,
                digits.signum() < 0,
                (long) stripped.precision() - stripped.scale(),
                digits.abs().toString());
    }

    /** An integer by its decimal digits, leading zeros allowed. */
    private static void write(IndexBytes out, boolean negative, String integer) {
        int start = 0;
        while (start < integer.length() && integer.charAt(start) == '0') {
            start++;
        }
        int end = integer.length();
        while (end > start && integer.charAt(end - 1) == '0') {
            end--;
        }
        if (start == end) {
            out.put(ZERO);
        } else {
            write(out, negative, (long) integer.length() - start, integer.substring(start, end));
        }
    }

    private static void write(IndexBytes out, boolean negative, long magnitude, String digits) {
        out.put(negative ? NEGATIVE : POSITIVE);
        int flip = negative ? 0xff : 0;
        if (Math.abs(magnitude) <= SMALL_MAGNITUDE) {
            out.put((int) (magnitude + BIAS) ^ flip);
        } else {
            out.put((magnitude > 0 ? LARGE : TINY) ^ flip);
            for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
                out.put((int) (magnitude >> shift) ^ (shift == Long.SIZE - Byte.SIZE ? BIAS : 0) ^ flip);
            }
        }
        for (int i = 0; i < digits.length() && !out.isCut(); i += 2) {
            int tens = digits.charAt(i) - '0';
            int ones = i + 1 < digits.length() ? digits.charAt(i + 1) - '0' : 0;
            out.put((tens * 10 + ones + 1) ^ flip);
        }
        out.put(END ^ flip);
    }
}
