package dev.holdfast.codec;

import dev.holdfast.json.BigIntegerTag;
import java.math.BigInteger;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.ser.ValueSerializerModifier;
import tools.jackson.databind.ser.std.StdScalarSerializer;
import tools.jackson.databind.type.ArrayType;

/**
 * Writes integers beyond 2^53 - 1 as the big integer tag, because whoever reads JSON in doubles would get a neighbour.
 * Smaller ones, and those that an annotation formats, stay with Jackson's own writer.
 */
final class IntegerWriters extends ValueSerializerModifier {
    private static final long serialVersionUID = 1L;

    @Override
    public ValueSerializer<?> modifySerializer(
            SerializationConfig config, BeanDescription.Supplier bean, ValueSerializer<?> plain) {
        Class<?> type = bean.getBeanClass();
        if (type == long.class || type == Long.class || type == BigInteger.class) {
            return new Integers(plain);
        }
        return plain;
    }

    @Override
    public ValueSerializer<?> modifyArraySerializer(
            SerializationConfig config, ArrayType type, BeanDescription.Supplier bean, ValueSerializer<?> plain) {
        return type.hasRawClass(long[].class) ? new LongArrays() : plain;
    }

    private static final class Integers extends StdScalarSerializer<Number> {
        private final ValueSerializer<Object> plain;

        @SuppressWarnings("unchecked") // Jackson's own writer of the type that this one replaces
        Integers(ValueSerializer<?> plain) {
            super(Number.class);
            this.plain = (ValueSerializer<Object>) plain;
        }

        @Override
        public ValueSerializer<?> createContextual(SerializationContext context, BeanProperty property) {
            ValueSerializer<?> formatted = plain.createContextual(context, property);
            return formatted.getClass() == plain.getClass() ? this : formatted;
        }

        @Override
        public void serialize(Number value, JsonGenerator json, SerializationContext context) {
            boolean exact = value instanceof BigInteger big
                    ? BigIntegerTag.isExact(big)
                    : BigIntegerTag.isExact(value.longValue());
            if (exact) {
                plain.serialize(value, json, context);
            } else {
                writeTag(value, json, context);
            }
        }
    }

    private static final class LongArrays extends StdScalarSerializer<long[]> {
        LongArrays() {
            super(long[].class);
        }

        @Override
        public boolean isEmpty(SerializationContext context, long[] value) {
            return value.length == 0;
        }

        @Override
        public void serialize(long[] values, JsonGenerator json, SerializationContext context) {
            json.writeStartArray(values, values.length);
            for (long value : values) {
                if (BigIntegerTag.isExact(value)) {
                    json.writeNumber(value);
                } else {
                    writeTag(value, json, context);
                }
            }
            json.writeEndArray();
        }
    }

    private static void writeTag(Number value, JsonGenerator json, SerializationContext context) {
        if (value instanceof BigInteger big && big.bitLength() > BIT_LENGTH_MAX) {
            context.reportMappingProblem(
                    "an integer has more than %d digits, more than can be read back", BigIntegerTag.DIGITS_MAX);
        }
        json.writeStartObject();
        json.writeStringProperty(BigIntegerTag.TYPE, BigIntegerTag.BIGINT);
        json.writeStringProperty(BigIntegerTag.VALUE, value.toString());
        json.writeEndObject();
    }

    /**
     * Every integer of this many bits has at most {@link BigIntegerTag#DIGITS_MAX} digits: log2(10) is above 3.3219.
     */
    private static final int BIT_LENGTH_MAX = (int) (BigIntegerTag.DIGITS_MAX * 3.3219);
}
