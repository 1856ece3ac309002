package dev.holdfast.kv;

import dev.holdfast.codec.Encoding;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.BigIntegerTag;
import dev.holdfast.json.Json;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Exact numbers in stored values: JSON numbers, tagged big integers, counters. */
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
        if (value.encoding() == Encoding.U64) {
            return new BigDecimal(u64(value.encoded()));
        }
        if (value.encoding() == Encoding.JSON) {
            JsonNode node = Json.parse(value.encoded());
            if (node.isNumber()) {
                return node.decimalValue();
            }
            var tagged = BigIntegerTag.read(node);
            if (tagged.isPresent()) {
                return new BigDecimal(tagged.get());
            }
        }
        throw mismatch(operation, "a number");
    }

    /** The stored form of a result, in the encoding that the entry had. */
    static KvValue write(BigDecimal number, Encoding encoding, String operation) {
        bounded(number, operation);
        if (encoding != Encoding.U64) {
            return new KvValue(Encoding.JSON, Json.bytes(node(number)));
        }
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
