package dev.holdfast.v8;

import dev.holdfast.json.BigIntegerTag;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Doubles as JavaScript writes them: by the fewest digits that no other double is nearer to. */
final class JsNumber {
    /** Digits before the point of the largest numbers that are written without an exponent. */
    private static final int PLAIN_DIGITS_MAX = 21;

    /** Zeros behind the point of the smallest such numbers. */
    private static final int PLAIN_ZEROS_MAX = 5;

    private static final MathContext ONE_DIGIT = new MathContext(1, RoundingMode.HALF_EVEN);

    private JsNumber() {}

    /** What {@code String(value)} is in JavaScript. */
    static String text(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "Infinity" : "-Infinity";
        }
        if (value == 0) {
            return "0";
        }
        return (value < 0 ? "-" : "") + positive(shortest(Math.abs(value)));
    }

    /** The JSON number of a finite double that is not a negative zero: the one that JavaScript writes. */
    static JsonNode node(double value) {
        long integer = (long) value;
        if ((double) integer == value && BigIntegerTag.isExact(integer)) {
            return integer(integer);
        }
        BigDecimal decimal = shortest(value);
        if (decimal.scale() > 0 || digitsBeforePoint(decimal) > PLAIN_DIGITS_MAX) {
            return JsonNodeFactory.instance.numberNode(decimal);
        }
        BigInteger whole = decimal.toBigIntegerExact();
        return whole.bitLength() < Long.SIZE ? integer(whole.longValue()) : JsonNodeFactory.instance.numberNode(whole);
    }

    private static JsonNode integer(long value) {
        return value == (int) value
                ? JsonNodeFactory.instance.numberNode((int) value)
                : JsonNodeFactory.instance.numberNode(value);
    }

    /** Without zeros at its end. Java writes two digits of the smallest numbers where one is enough: 4.9E-324. */
    private static BigDecimal shortest(double value) {
        BigDecimal decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        if (decimal.precision() == 2) {
            BigDecimal shorter = decimal.round(ONE_DIGIT).stripTrailingZeros();
            return shorter.doubleValue() == value ? shorter : decimal;
        }
        return decimal;
    }

    private static int digitsBeforePoint(BigDecimal decimal) {
        return decimal.precision() - decimal.scale();
    }

    private static String positive(BigDecimal decimal) {
        String digits = decimal.unscaledValue().toString();
        int point = digitsBeforePoint(decimal);
        if (point > PLAIN_DIGITS_MAX || point < -PLAIN_ZEROS_MAX) {
            String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
            return digits.charAt(0) + fraction + "e" + (point > 0 ? "+" : "") + (point - 1);
        }
        if (point <= 0) {
            return "0." + "0".repeat(-point) + digits;
        }
        return point >= digits.length()
                ? digits + "0".repeat(point - digits.length())
                : digits.substring(0, point) + "." + digits.substring(point);
    }
}
