package dev.holdfast.filter;

import dev.holdfast.engine.InvalidInputException;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the values that fields are compared with, big integers and the clock among them. */
final class OperandParser {
    /** Milliseconds that a {@code $offset} may be away from now, in either direction: 31 million years. */
    private static final BigDecimal OFFSET_MAX = new BigDecimal("1e18");

    /** Digits behind the point of a {@code $offset}: a clock's nanoseconds and then some. */
    private static final int OFFSET_SCALE_MAX = 9;

    private final BigDecimal nowMillis;

    OperandParser(Instant now) {
        // Whole milliseconds, as the clock of a store counts.
        this.nowMillis = BigDecimal.valueOf(now.toEpochMilli());
    }

    /** Whether an object stands for one value rather than for operators or for a nested field. */
    boolean isOperand(JsonNode object) {
        return object.has("$now") || isBigInteger(object);
    }

    /** Text, a number, a boolean, a big integer or the clock; null in Java for null in JSON. */
    @Nullable
    Operand parseOrNull(JsonNode value, String place) {
        return switch (value.getNodeType()) {
            case NULL -> null;
            case STRING -> new Operand.Text(value.stringValue());
            case BOOLEAN -> new Operand.Bool(value.booleanValue());
            case NUMBER -> number(value, place);
            case OBJECT -> tagged(value, place);
            case ARRAY, MISSING, BINARY, POJO ->
                throw FilterParser.fault("filter.operand", "expected a string, number, boolean or null", place, value);
        };
    }

    /** What has an order: text, a number, a big integer or the clock. */
    Operand ordered(JsonNode value, String place) {
        Operand operand = parseOrNull(value, place);
        if (operand == null || operand instanceof Operand.Bool) {
            throw FilterParser.fault("filter.operand", "expected a string or a number", place, value);
        }
        return operand;
    }

    boolean bool(JsonNode value, String place) {
        if (!value.isBoolean()) {
            throw FilterParser.fault("filter.operand", "expected true or false", place, value);
        }
        return value.booleanValue();
    }

    private Operand tagged(JsonNode object, String place) {
        if (object.has("$now")) {
            return new Operand.Num(nowMillis.add(offset(object, place)));
        }
        if (!isBigInteger(object)) {
            throw FilterParser.fault("filter.operand", "no field is compared with an object", place, object);
        }
        JsonNode value = object.path("value");
        if (!value.isString() || !JsonNumber.isInteger(value.stringValue())) {
            throw FilterParser.fault("filter.operand", "a big integer is written in decimal digits", place, value);
        }
        return number(value.stringValue(), place);
    }

    private static boolean isBigInteger(JsonNode object) {
        JsonNode type = object.path("__type");
        return object.size() == 2
                && object.has("value")
                && type.isString()
                && type.stringValue().equals("bigint");
    }

    private static Operand number(JsonNode value, String place) {
        if (!JsonNumber.is(value)) {
            throw FilterParser.fault("filter.operand", "expected a finite number", place, value);
        }
        return new Operand.Num(value.decimalValue());
    }

    private static Operand number(String digits, String place) {
        // Measured before it is read: reading millions of digits takes minutes.
        if (digits.length() > Operand.DIGITS_MAX + 1) {
            throw new InvalidInputException(
                    "filter.number_too_long",
                    "a number has too many digits (digits=" + digits.length() + ", max=" + Operand.DIGITS_MAX + ", at="
                            + place + ")");
        }
        return new Operand.Num(new BigDecimal(digits));
    }

    private static BigDecimal offset(JsonNode object, String place) {
        boolean both = object.has("$offset") && object.has("offset");
        boolean one = object.has("$offset") || object.has("offset");
        if (both || object.size() > (one ? 2 : 1)) {
            throw FilterParser.fault("filter.operand", "$now takes one $offset and nothing else", place, object);
        }
        JsonNode now = object.path("$now");
        if (!now.isBoolean() || !now.booleanValue()) {
            throw FilterParser.fault("filter.operand", "expected true", place + ".$now", now);
        }
        if (!one) {
            return BigDecimal.ZERO;
        }
        JsonNode offset = object.has("$offset") ? object.path("$offset") : object.path("offset");
        if (!offset.isNumber() || !JsonNumber.is(offset)) {
            throw FilterParser.fault("filter.operand", "expected milliseconds", place + ".$offset", offset);
        }
        BigDecimal millis = offset.decimalValue();
        // Both bounds also keep the sum from being written out with millions of zeros.
        if (millis.abs().compareTo(OFFSET_MAX) > 0
                || millis.stripTrailingZeros().scale() > OFFSET_SCALE_MAX) {
            throw new InvalidInputException(
                    "filter.operand",
                    "an offset has at most " + OFFSET_MAX.toBigInteger() + " milliseconds and " + OFFSET_SCALE_MAX
                            + " decimal places (at=" + place + ".$offset)");
        }
        return millis;
    }
}
