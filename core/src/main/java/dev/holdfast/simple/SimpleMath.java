package dev.holdfast.simple;

import dev.holdfast.engine.InvalidInputException;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** The arithmetic of {@link SimpleKv#math}: doubles, or exact integers as soon as a big integer takes part. */
final class SimpleMath {
    private SimpleMath() {}

    /**
     * The new value.
     *
     * @param key for messages
     * @param stored what is there
     */
    static Number apply(String key, @Nullable Object stored, String operator, Number operand) {
        Number left = numeric(key, stored);
        Number right = operand(operand);
        if (left instanceof BigInteger || right instanceof BigInteger) {
            return limited(big(big(left), operator, big(right)));
        }
        return finite(real(left.doubleValue(), operator, right.doubleValue()));
    }

    static InvalidInputException missing(String key) {
        return error("simple.math_missing", "Key '" + SimpleKeys.shown(key) + "' does not exist");
    }

    static InvalidInputException tooLarge(long bits) {
        return error(
                "simple.bigint_too_large",
                "the bigint is too large (bits=" + bits + ", bitsMax=" + SimpleValues.BIG_INTEGER_BITS_MAX + ")");
    }

    private static Number numeric(String key, @Nullable Object stored) {
        if (stored instanceof Number number) {
            return number;
        }
        throw error(
                "simple.math_not_numeric",
                "Value at key '" + SimpleKeys.shown(key) + "' is not numeric. Expected number or bigint, got "
                        + typeof(stored));
    }

    /** The name that scripts know the type by. */
    private static String typeof(@Nullable Object value) {
        return switch (value) {
            case String text -> "string";
            case Boolean bool -> "boolean";
            case null, default -> "object";
        };
    }

    private static Number operand(Number operand) {
        return switch (operand) {
            case Long l -> SimpleValues.isNumber(l) ? l : (Number) BigInteger.valueOf(l);
            case BigInteger big -> big;
            case Integer i -> i;
            case Short s -> s;
            case Byte b -> b;
            case Double d -> d;
            case Float f -> f;
            default ->
                throw error(
                        "simple.math_operand",
                        "the operand is no number that can be stored (class="
                                + operand.getClass().getName() + ")");
        };
    }

    private static double real(double left, String operator, double right) {
        return switch (operator) {
            case "+" -> left + right;
            case "-" -> left - right;
            case "*" -> left * right;
            case "/" -> {
                requireDivisor(right == 0);
                yield left / right;
            }
            case "%" -> {
                requireModulus(right == 0);
                yield left % right;
            }
            case "^" -> Math.pow(left, right);
            default -> throw invalid(operator);
        };
    }

    private static BigInteger big(BigInteger left, String operator, BigInteger right) {
        return switch (operator) {
            case "+" -> left.add(right);
            case "-" -> left.subtract(right);
            case "*" -> {
                requireBits((long) left.bitLength() + right.bitLength() - 1);
                yield left.multiply(right);
            }
            case "/" -> {
                requireDivisor(right.signum() == 0);
                yield left.divide(right);
            }
            case "%" -> {
                requireModulus(right.signum() == 0);
                yield left.remainder(right);
            }
            case "^" -> power(left, right);
            default -> throw invalid(operator);
        };
    }

    private static BigInteger power(BigInteger base, BigInteger exponent) {
        if (exponent.signum() < 0) {
            throw error("simple.math_exponent", "Exponentiation with negative exponent is not supported for bigint");
        }
        if (base.abs().bitLength() <= 1) { // 0, 1 and -1 stay small
            return exponent.testBit(0) || exponent.signum() == 0 ? base.pow(exponent.signum()) : base.multiply(base);
        }
        long times = exponent.bitLength() < Integer.SIZE ? exponent.intValue() : Integer.MAX_VALUE;
        requireBits((base.abs().bitLength() - 1L) * times);
        return base.pow((int) times);
    }

    /** A number beside a big integer. */
    private static BigInteger big(Number number) {
        if (number instanceof BigInteger big) {
            return big;
        }
        double value = number.doubleValue();
        if (value != Math.rint(value) || Double.isInfinite(value)) {
            String shown = Double.isFinite(value) ? BigDecimal.valueOf(value).toPlainString() : Double.toString(value);
            throw error(
                    "simple.math_fraction",
                    "The number " + shown + " cannot be converted to a BigInt because it is not an integer");
        }
        return new BigDecimal(value).toBigInteger();
    }

    private static Number finite(double value) {
        if (!Double.isFinite(value)) {
            throw error("simple.math_not_finite", "Result is not a finite number");
        }
        boolean integral = value == Math.rint(value) && Math.abs(value) <= SimpleValues.NUMBER_MAX;
        return integral ? (Number) (long) value : value;
    }

    private static BigInteger limited(BigInteger value) {
        requireBits(value.bitLength());
        return value;
    }

    /** Before the work is done: the result has at least so many bits. */
    private static void requireBits(long bits) {
        if (bits > SimpleValues.BIG_INTEGER_BITS_MAX) {
            throw tooLarge(bits);
        }
    }

    private static void requireDivisor(boolean zero) {
        if (zero) {
            throw error("simple.math_division", "Division by zero");
        }
    }

    private static void requireModulus(boolean zero) {
        if (zero) {
            throw error("simple.math_modulo", "Modulo by zero");
        }
    }

    private static InvalidInputException invalid(String operator) {
        return error("simple.math_operator", "Invalid operator: " + SimpleKeys.shown(operator));
    }

    private static InvalidInputException error(String code, String message) {
        return new InvalidInputException(code, message);
    }
}
