package dev.holdfast.filter;

import java.math.BigDecimal;
import java.math.BigInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NumericNode;

/**
 * The numbers of a document by their exact value: JSON numbers, and objects of exactly two members,
 * {@code "__type":"bigint"} and a {@code "value"} in decimal digits, with or without a minus sign.
 *
 * <p>Nothing here multiplies a number out: {@code 1E+2000000000} is compared as fast as 5, and the digits of a big
 * integer, which may be millions, are compared as text.
 */
final class JsonNumber {
    private JsonNumber() {}

    /** Whether the node is a number. NaN and infinities, which only trees made in memory can hold, are none. */
    static boolean is(JsonNode node) {
        return node instanceof NumericNode number ? !number.isNaN() : isTag(node);
    }

    /** Whether the node is a big integer written as an object. */
    static boolean isTag(JsonNode node) {
        if (!node.isObject() || node.size() != 2) {
            return false;
        }
        JsonNode type = node.path("__type");
        JsonNode value = node.path("value");
        return type.isString()
                && type.stringValue().equals("bigint")
                && value.isString()
                && isInteger(value.stringValue());
    }

    /** Whether a text is an optional minus sign and at least one decimal digit. */
    static boolean isInteger(String text) {
        int start = text.startsWith("-") ? 1 : 0;
        for (int i = start; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return text.length() > start;
    }

    /** Compares two nodes that {@link #is} accepts. */
    static int compare(JsonNode a, JsonNode b) {
        if (isLong(a) && isLong(b)) {
            return Long.compare(a.longValue(), b.longValue());
        }
        if (a.isNumber()) {
            return b.isNumber()
                    ? a.decimalValue().compareTo(b.decimalValue())
                    : -Digits.of(b).compareTo(Digits.of(a.decimalValue()));
        }
        return Digits.of(a).compareTo(b.isNumber() ? Digits.of(b.decimalValue()) : Digits.of(b));
    }

    private static boolean isLong(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToLong();
    }

    /** A number that many nodes are compared with. */
    static final class Fixed implements Comparable<Fixed> {
        private final BigDecimal exact;
        private final boolean isLong;
        private final long asLong;
        private final Digits digits;

        Fixed(BigDecimal exact) {
            this.exact = exact;
            this.isLong = fitsLong(exact);
            this.asLong = isLong ? exact.longValueExact() : 0;
            this.digits = Digits.of(exact);
        }

        /** The sign of node minus this, for a node that {@link JsonNumber#is} accepts. */
        int signOf(JsonNode node) {
            if (isLong && JsonNumber.isLong(node)) {
                return Long.compare(node.longValue(), asLong);
            }
            return node.isNumber()
                    ? node.decimalValue().compareTo(exact)
                    : Digits.of(node).compareTo(digits);
        }

        @Override
        public int compareTo(Fixed other) {
            return exact.compareTo(other.exact);
        }
    }

    /** Whether a number is an integer of 64 bits. */
    static boolean fitsLong(BigDecimal number) {
        // More than 19 digits before the point are no long: asked first, as 1E+2000000000 must not be written out.
        return (long) number.precision() - number.scale() <= 19
                && number.stripTrailingZeros().scale() <= 0
                && number.toBigInteger().bitLength() <= 63;
    }

    /**
     * A number as sign, digits and the place of its point: {@code magnitude} digits stand before the point, the rest,
     * if any, behind it; where there are fewer digits than that, zeros follow. Neither end has a zero; zero itself has
     * no digits.
     */
    private record Digits(int sign, long magnitude, String digits) implements Comparable<Digits> {
        static Digits of(BigDecimal number) {
            BigDecimal stripped = number.stripTrailingZeros();
            BigInteger unscaled = stripped.unscaledValue();
            return unscaled.signum() == 0
                    ? new Digits(0, 0, "")
                    : new Digits(
                            unscaled.signum(),
                            (long) stripped.precision() - stripped.scale(),
                            unscaled.abs().toString());
        }

        static Digits of(JsonNode tag) {
            String text = tag.path("value").stringValue();
            int start = text.startsWith("-") ? 1 : 0;
            while (start < text.length() && text.charAt(start) == '0') {
                start++;
            }
            int end = text.length();
            while (end > start && text.charAt(end - 1) == '0') {
                end--;
            }
            if (start == end) {
                return new Digits(0, 0, "");
            }
            return new Digits(text.startsWith("-") ? -1 : 1, (long) text.length() - start, text.substring(start, end));
        }

        @Override
        public int compareTo(Digits other) {
            if (sign != other.sign) {
                return Integer.compare(sign, other.sign);
            }
            int bySize = Long.compare(magnitude, other.magnitude);
            // Of two that are as long before the point, text order is the order: a shorter one ends in zeros.
            return sign * (bySize != 0 ? bySize : digits.compareTo(other.digits));
        }
    }
}
