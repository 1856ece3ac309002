package dev.holdfast.key;

import dev.holdfast.json.BigIntegerTag;
import java.math.BigDecimal;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Number parts in JSON. A double is printed so that it is read back as the same double, here and in JavaScript; a JSON
 * number becomes a double only when it means that double and not a neighbour.
 */
final class KeyNumbers {
    static final String HINT = ". A number part is a double: write {\"__type\":\"bigint\",\"value\":\"...\"} instead";

    private static final BigDecimal EXACT_MAX = BigDecimal.valueOf(1L << 53);

    private KeyNumbers() {}

    /**
     * The double of a JSON number; empty when it is an integer between two doubles, or too large for any. Fractions are
     * rounded as everywhere. Beyond 2^53 also the shortest text of a double is that double: JavaScript prints 2^70 as
     * 1180591620717411300000.
     */
    static Optional<Double> exact(JsonNode node) {
        if (node.isInt()) {
            return Optional.of((double) node.intValue());
        }
        if (node.isFloatingPointNumber() && !node.isBigDecimal() && !Double.isFinite(node.doubleValue())) {
            return Optional.empty(); // only in trees that were not read from text
        }
        BigDecimal written = node.decimalValue();
        double number = written.doubleValue();
        if (!Double.isFinite(number)) {
            return Optional.empty();
        }
        boolean means = written.abs().compareTo(EXACT_MAX) <= 0
                || written.compareTo(new BigDecimal(number)) == 0
                || written.compareTo(new BigDecimal(Double.toString(number))) == 0;
        return means ? Optional.of(number) : Optional.empty();
    }

    /** The double that JSON has no number for. */
    static Optional<Double> special(String name) {
        return switch (name) {
            case "NaN" -> Optional.of(Double.NaN);
            case "Infinity" -> Optional.of(Double.POSITIVE_INFINITY);
            case "-Infinity" -> Optional.of(Double.NEGATIVE_INFINITY);
            case "-0" -> Optional.of(-0.0);
            default -> Optional.empty();
        };
    }

    static JsonNode node(double number) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (isNegativeZero(number)) {
            return tag("-0");
        } else if (!Double.isFinite(number)) {
            return tag(Double.toString(number));
        } else if (number == Math.rint(number) && Math.abs(number) <= BigIntegerTag.EXACT_MAX) {
            return nodes.numberNode((long) number);
        }
        return nodes.numberNode(number);
    }

    private static JsonNode tag(String name) {
        return JsonNodeFactory.instance
                .objectNode()
                .put(BigIntegerTag.TYPE, "number")
                .put(BigIntegerTag.VALUE, name);
    }

    static boolean isNegativeZero(double number) {
        return Double.doubleToLongBits(number) == Long.MIN_VALUE;
    }
}
