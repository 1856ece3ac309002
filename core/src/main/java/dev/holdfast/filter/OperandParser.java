package dev.holdfast.filter;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.NowTag;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the values that fields are compared with, big integers and the clock among them. */
final class OperandParser {
    private final BigDecimal nowMillis;

    OperandParser(Instant now) {
        // Whole milliseconds, as the clock of a store counts.
        this.nowMillis = BigDecimal.valueOf(now.toEpochMilli());
    }

    /** Whether an object stands for one value rather than for operators or for a nested field. */
    boolean isOperand(JsonNode object) {
        return object.has(NowTag.NOW) || isBigInteger(object);
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
        if (object.has(NowTag.NOW)) {
            BigDecimal offset = NowTag.offset(
                    object,
                    (expected, member, came) -> FilterParser.fault("filter.operand", expected, place + member, came));
            return new Operand.Num(nowMillis.add(offset));
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
}
