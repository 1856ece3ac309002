package dev.holdfast.filter;

import dev.holdfast.engine.InvalidInputException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.DecimalNode;
import tools.jackson.databind.node.StringNode;

/**
 * What a field is compared with: text, a number or a truth value. Null is none of them: {@code field.isNull()} asks for
 * it.
 *
 * <p>Numbers are exact. {@code 1}, {@code 1.0} and the big integer 1 are equal; NaN and infinities do not exist here,
 * as JSON has no such numbers.
 */
public sealed interface Operand {
    /** Significant digits that a number in a filter may have. */
    int DIGITS_MAX = 1000;

    /** A string, of any length. */
    record Text(String value) implements Operand {
        /** Rejects null. */
        public Text {
            Objects.requireNonNull(value, "value");
        }
    }

    /** A number by its value: {@code 1.50} and {@code 1.5} make equal operands. */
    record Num(BigDecimal value) implements Operand {
        /** Refuses more than {@link Operand#DIGITS_MAX} digits with {@code filter.number_too_long}. */
        public Num {
            Objects.requireNonNull(value, "value");
            if (value.precision() > DIGITS_MAX) {
                throw new InvalidInputException(
                        "filter.number_too_long",
                        "a number has too many digits (digits=" + value.precision() + ", max=" + DIGITS_MAX + ")");
            }
            value = value.stripTrailingZeros();
        }
    }

    /** True or false; it can be equal to something, but has no order. */
    record Bool(boolean value) implements Operand {}

    /**
     * The operand of a Java value.
     *
     * @param value a {@code String}, {@code Boolean}, or one of the number types of {@code java.lang} and
     *     {@code java.math}; a double or float stands for the number that it is printed as
     * @throws InvalidInputException {@code filter.operand} for NaN, an infinity and every other type
     */
    static Operand of(Object value) {
        return switch (Objects.requireNonNull(value, "value")) {
            case Operand operand -> operand;
            case String text -> new Text(text);
            case Boolean bool -> new Bool(bool);
            case BigDecimal number -> new Num(number);
            case BigInteger number -> new Num(new BigDecimal(number));
            case Double number when Double.isFinite(number) -> new Num(BigDecimal.valueOf(number));
            case Float number when Float.isFinite(number) -> new Num(new BigDecimal(number.toString()));
            case Long number -> new Num(BigDecimal.valueOf(number));
            case Integer number -> new Num(BigDecimal.valueOf(number));
            case Short number -> new Num(BigDecimal.valueOf(number));
            case Byte number -> new Num(BigDecimal.valueOf(number));
            default ->
                throw new InvalidInputException(
                        "filter.operand",
                        "a field is compared with text, a finite number or a boolean (type="
                                + value.getClass().getName() + ")");
        };
    }

    /** The operand as JSON. */
    default JsonNode toJson() {
        return switch (this) {
            case Text(String value) -> StringNode.valueOf(value);
            // 100 rather than 1E+2, as far as that stays short.
            case Num(BigDecimal value) ->
                DecimalNode.valueOf(value.scale() < 0 && value.scale() > -20 ? value.setScale(0) : value);
            case Bool(boolean value) -> BooleanNode.valueOf(value);
        };
    }
}
