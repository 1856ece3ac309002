package dev.holdfast.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON form of integers that a JavaScript number cannot hold:
 * {@code {"__type":"bigint","value":"9007199254740993"}}.
 *
 * <p>An object with exactly these two members and a decimal value is always a big integer, wherever it stands. Source:
 * the JSON that KeyVal clients write.
 */
public final class BigIntegerTag {
    /** The member that marks a tagged value. */
    public static final String TYPE = "__type";

    /** The member that holds what the tag describes. */
    public static final String VALUE = "value";

    /** The mark of big integers. */
    public static final String BIGINT = "bigint";

    /** 2^53 - 1: the largest integer that everybody reads exactly from a JSON number. */
    public static final long EXACT_MAX = 9_007_199_254_740_991L;

    /** The most digits of a tagged integer; reading more of them takes time that grows with their square. */
    public static final int DIGITS_MAX = 10_000;

    private BigIntegerTag() {}

    /** Whether an integer is written as a plain JSON number, being within {@value #EXACT_MAX} either way. */
    public static boolean isExact(long value) {
        return value <= EXACT_MAX && value >= -EXACT_MAX;
    }

    /** Whether an integer is written as a plain JSON number, being within {@value #EXACT_MAX} either way. */
    public static boolean isExact(BigInteger value) {
        return value.bitLength() <= 53 && isExact(value.longValue());
    }

    /** The big integer that a tag stands for; empty when the node is anything else. */
    public static Optional<BigInteger> read(JsonNode node) {
        if (!node.isObject() || node.size() != 2) {
            return Optional.empty();
        }
        JsonNode type = node.path(TYPE);
        JsonNode value = node.path(VALUE);
        return type.isString() && value.isString() && type.stringValue().equals(BIGINT)
                ? decimal(value.stringValue())
                : Optional.empty();
    }

    /**
     * The integer of 1 to {@value #DIGITS_MAX} decimal digits, with a minus sign before them or none; empty for other
     * text.
     */
    public static Optional<BigInteger> decimal(String text) {
        int first = text.startsWith("-") ? 1 : 0;
        int digits = text.length() - first;
        if (digits < 1 || digits > DIGITS_MAX) {
            return Optional.empty();
        }
        for (int i = first; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return Optional.empty();
            }
        }
        return Optional.of(new BigInteger(text));
    }

    /**
     * A number without its fraction; empty when it has more than {@value #DIGITS_MAX} digits before the point. Looked
     * at before it is written out: {@code 1e600000000} is short as a text and fills the memory as an integer, and
     * {@code 1e-600000000} is divided by as much.
     */
    public static Optional<BigInteger> integerPart(BigDecimal number) {
        long digits = (long) number.precision() - number.scale();
        if (number.signum() == 0 || digits <= 0) {
            return Optional.of(BigInteger.ZERO);
        }
        return digits > DIGITS_MAX ? Optional.empty() : Optional.of(number.toBigInteger());
    }

    /** The tag of a big integer, whatever its size. */
    public static ObjectNode node(BigInteger value) {
        return JsonNodeFactory.instance.objectNode().put(TYPE, BIGINT).put(VALUE, value.toString());
    }
}
