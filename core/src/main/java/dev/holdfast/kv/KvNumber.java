package dev.holdfast.kv;

import dev.holdfast.codec.Encoding;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.BigIntegerTag;
import dev.holdfast.json.Json;
import dev.holdfast.v8.V8Number;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Numbers in stored values: JSON numbers, tagged big integers, counters and big integers of V8, which are exact, and
 * numbers of V8, which are doubles.
 */
final class KvNumber {
    private static final BigInteger U64_LIMIT = BigInteger.ONE.shiftLeft(64);

    /** The most digits, before the point and behind it: {@code 1e999999999} is short as a text and not as a sum. */
    private static final int DIGITS_MAX = BigIntegerTag.DIGITS_MAX;

    private KvNumber() {}

    /** The number that a value holds. */
    static BigDecimal read(KvValue value, String operation) {
        return bounded(number(value, operation), operation);
    }

    private static BigDecimal number(KvValue value, String operation) {
        return switch (value.encoding()) {
            case U64 -> new BigDecimal(u64(value.encoded()));
            case JSON -> ofJson(Json.parse(value.encoded()), operation);
            case V8 -> ofV8(v8(value, operation), operation);
            case BYTES -> throw mismatch(operation, "a number");
        };
    }

    private static BigDecimal ofJson(JsonNode node, String operation) {
        if (node.isNumber()) {
            return node.decimalValue();
        }
        return BigIntegerTag.read(node).map(BigDecimal::new).orElseThrow(() -> mismatch(operation, "a number"));
    }

    private static BigDecimal ofV8(V8Number number, String operation) {
        return switch (number) {
            case V8Number.Big big -> new BigDecimal(big.value());
            case V8Number.Real real when Double.isFinite(real.value()) -> new BigDecimal(real.value());
            case V8Number.Real infinite -> throw mismatch(operation, "a finite number");
        };
    }

    private static V8Number v8(KvValue value, String operation) {
        try {
            return V8Number.read(value.encoded()).orElseThrow(() -> mismatch(operation, "a number"));
        } catch (InvalidInputException e) {
            throw mismatch(operation, "a number"); // whatever it is, or is not
        }
    }

    /** The stored form of a number where nothing was before. */
    static KvValue write(BigDecimal number, String operation) {
        return new KvValue(Encoding.JSON, Json.bytes(node(bounded(number, operation))));
    }

    /** The stored form of a result, of the kind that the entry had. */
    static KvValue write(BigDecimal number, KvValue before, String operation) {
        return switch (before.encoding()) {
            case U64 -> counter(bounded(number, operation), operation);
            case V8 -> new KvValue(Encoding.V8, v8(bounded(number, operation), v8(before, operation), operation));
            case JSON, BYTES -> write(number, operation);
        };
    }

    private static byte[] v8(BigDecimal number, V8Number before, String operation) {
        if (before instanceof V8Number.Big) {
            return new V8Number.Big(number.toBigIntegerExact()).encode();
        }
        double nearest = number.doubleValue();
        // Fractions are rounded, as everywhere in JavaScript; an integer is never another one than it should be.
        boolean exact = Double.isFinite(nearest) && new BigDecimal(nearest).compareTo(number) == 0;
        if (!exact && Math.abs(nearest) > BigIntegerTag.EXACT_MAX) {
            throw new InvalidInputException(
                    "kv.number_range",
                    "the number of V8 cannot hold the result exactly (operation=" + operation + ", exactMax="
                            + BigIntegerTag.EXACT_MAX + ")");
        }
        return new V8Number.Real(nearest).encode();
    }

    private static KvValue counter(BigDecimal number, String operation) {
        BigInteger integer = number.toBigIntegerExact();
        if (integer.signum() < 0 || integer.compareTo(U64_LIMIT) >= 0) {
            throw new InvalidInputException(
                    "kv.counter_range",
                    "the counter would leave its range of 0 to 2^64 - 1 (operation=" + operation + ")");
        }
        return KvValue.u64(integer.longValue());
    }

    /** Integers that every reader holds exactly are JSON numbers, larger ones tagged, fractions JSON numbers. */
    static JsonNode node(BigDecimal number) {
        BigDecimal plain = number.stripTrailingZeros();
        return plain.scale() <= 0 ? node(plain.toBigIntegerExact()) : JsonNodeFactory.instance.numberNode(plain);
    }

    static JsonNode node(BigInteger integer) {
        return BigIntegerTag.isExact(integer)
                ? JsonNodeFactory.instance.numberNode(integer.longValue())
                : BigIntegerTag.node(integer);
    }

    /** The number in the eight bytes of a counter. */
    static BigInteger u64(byte[] bytes) {
        long value = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        return new BigInteger(Long.toUnsignedString(value));
    }

    private static BigDecimal bounded(BigDecimal number, String operation) {
        long before = Math.max(number.precision() - (long) number.scale(), 0);
        long behind = Math.max(number.scale(), 0);
        if (before > DIGITS_MAX || behind > DIGITS_MAX) {
            throw new InvalidInputException(
                    "kv.number_range",
                    "a number has too many digits for arithmetic (operation=" + operation + ", digits="
                            + Math.max(before, behind) + ", digitsMax=" + DIGITS_MAX + ")");
        }
        return number;
    }

    static InvalidInputException mismatch(String operation, String expected) {
        return new InvalidInputException(
                "kv.type_mismatch", "the stored value is not " + expected + " (operation=" + operation + ")");
    }
}
