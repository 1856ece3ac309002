package dev.holdfast.codec;

import dev.holdfast.json.BigIntegerTag;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.deser.jdk.UntypedObjectDeserializer;

/**
 * Reads what a program declares as {@code Object}: the big integer tag becomes the integer again. Plain numbers are
 * read by {@link NumberReaders}, as a {@code Number}.
 */
final class UntypedReader extends UntypedObjectDeserializer {
    UntypedReader() {
        super((JavaType) null, null);
    }

    @Override
    protected Object mapObject(JsonParser json, DeserializationContext context) {
        Object object = super.mapObject(json, context);
        if (object instanceof Map<?, ?> map
                && map.size() == 2
                && BigIntegerTag.BIGINT.equals(map.get(BigIntegerTag.TYPE))
                && map.get(BigIntegerTag.VALUE) instanceof String digits) {
            return BigIntegerTag.decimal(digits)
                    .<Object>map(UntypedReader::smallest)
                    .orElse(object);
        }
        return object;
    }

    /** A fraction as a Double when that prints as the same number, else as a BigDecimal. */
    static Number fraction(JsonParser json) {
        double number =
                json.getDoubleValue(); // first: once there is a decimal, which has no negative zero, it comes from that
        BigDecimal written = json.getDecimalValue();
        boolean same = Double.isFinite(number) && new BigDecimal(Double.toString(number)).compareTo(written) == 0;
        return same ? (Number) number : written;
    }

    /** An integer in the smallest of Integer, Long and BigInteger that holds it, as Jackson gives plain ones. */
    static Number smallest(BigInteger value) {
        if (value.bitLength() < Integer.SIZE) {
            return value.intValue();
        }
        return value.bitLength() < Long.SIZE ? (Number) value.longValue() : value;
    }
}
