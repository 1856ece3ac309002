package dev.holdfast.codec;

import dev.holdfast.json.BigIntegerTag;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.type.ArrayType;
import tools.jackson.databind.util.AccessPattern;

/**
 * Reads numbers of every Java type from the big integer tag as well, and integers from any JSON number that is one:
 * {@code 3.0} and {@code 1e3} are, {@code 1.5} is a mismatch, never 1.
 */
final class NumberReaders extends ValueDeserializerModifier {
    private static final long serialVersionUID = 1L;

    private static final Set<Class<?>> INTEGERS = Set.of(
            byte.class,
            Byte.class,
            short.class,
            Short.class,
            int.class,
            Integer.class,
            long.class,
            Long.class,
            BigInteger.class);
    private static final Set<Class<?>> OTHERS =
            Set.of(float.class, Float.class, double.class, Double.class, BigDecimal.class, Number.class);

    @Override
    public ValueDeserializer<?> modifyDeserializer(
            DeserializationConfig config, BeanDescription.Supplier bean, ValueDeserializer<?> plain) {
        Class<?> type = bean.getBeanClass();
        return INTEGERS.contains(type) || OTHERS.contains(type) ? new Reader(type, plain) : plain;
    }

    @Override
    public ValueDeserializer<?> modifyArrayDeserializer(
            DeserializationConfig config, ArrayType type, BeanDescription.Supplier bean, ValueDeserializer<?> plain) {
        return type.hasRawClass(long[].class) ? new LongArrayReader() : plain;
    }

    private static final class Reader extends StdScalarDeserializer<Object> {
        private final Class<?> type;
        private final ValueDeserializer<?> plain;

        Reader(Class<?> type, ValueDeserializer<?> plain) {
            super(type);
            this.type = type;
            this.plain = plain;
        }

        @Override
        public ValueDeserializer<?> createContextual(DeserializationContext context, @Nullable BeanProperty property) {
            return new Reader(type, plain.createContextual(context, property));
        }

        @Override
        public @Nullable Object deserialize(JsonParser json, DeserializationContext context) {
            if (json.hasToken(JsonToken.START_OBJECT)) {
                return fit(tag(json, context), context);
            } else if (json.hasToken(JsonToken.VALUE_NUMBER_FLOAT)) {
                if (INTEGERS.contains(type)) {
                    return fit(whole(json.getDecimalValue(), context), context);
                } else if (type == Number.class) {
                    return UntypedReader.fraction(json);
                }
            }
            return plain.deserialize(json, context);
        }

        private BigInteger tag(JsonParser json, DeserializationContext context) {
            return BigIntegerTag.read(context.readTree(json)).orElseGet(() -> mismatch(context));
        }

        private BigInteger whole(BigDecimal number, DeserializationContext context) {
            BigDecimal plainest = number.stripTrailingZeros();
            long digits = (long) plainest.precision() - plainest.scale();
            return plainest.scale() > 0 || digits > BigIntegerTag.DIGITS_MAX
                    ? mismatch(context)
                    : plainest.toBigInteger();
        }

        /** An integer as the Java type; the narrow ones refuse what is too large for them. */
        private Object fit(BigInteger value, DeserializationContext context) {
            if (type == BigInteger.class) {
                return value;
            } else if (type == BigDecimal.class) {
                return new BigDecimal(value);
            } else if (type == double.class || type == Double.class) {
                return value.doubleValue();
            } else if (type == float.class || type == Float.class) {
                return value.floatValue();
            } else if (type == Number.class) {
                return UntypedReader.smallest(value);
            }
            int bits = value.bitLength();
            if (bits < Long.SIZE && (type == long.class || type == Long.class)) {
                return value.longValue();
            } else if (bits < Integer.SIZE && (type == int.class || type == Integer.class)) {
                return value.intValue();
            } else if (bits < Short.SIZE && (type == short.class || type == Short.class)) {
                return value.shortValue();
            } else if (bits < Byte.SIZE && (type == byte.class || type == Byte.class)) {
                return value.byteValue();
            }
            return mismatch(context);
        }

        private BigInteger mismatch(DeserializationContext context) {
            return context.reportInputMismatch(this, "not such a number");
        }

        @Override
        public @Nullable Object getNullValue(DeserializationContext context) {
            return plain.getNullValue(context);
        }

        @Override
        public @Nullable Object getAbsentValue(DeserializationContext context) {
            return plain.getAbsentValue(context);
        }

        @Override
        public AccessPattern getNullAccessPattern() {
            return plain.getNullAccessPattern();
        }
    }

    private static final class LongArrayReader extends StdDeserializer<long[]> {
        LongArrayReader() {
            super(long[].class);
        }

        @Override
        public long[] deserialize(JsonParser json, DeserializationContext context) {
            if (!json.hasToken(JsonToken.START_ARRAY)) {
                return (long[]) context.handleUnexpectedToken(long[].class, json);
            }
            ValueDeserializer<Object> element = context.findRootValueDeserializer(context.constructType(long.class));
            long[] values = new long[16];
            int size = 0;
            while (json.nextToken() != JsonToken.END_ARRAY) {
                if (size == values.length) {
                    values = Arrays.copyOf(values, 2 * size);
                }
                Object value = json.hasToken(JsonToken.VALUE_NULL)
                        ? element.getNullValue(context)
                        : element.deserialize(json, context);
                values[size++] = (Long) value;
            }
            return Arrays.copyOf(values, size);
        }
    }
}
