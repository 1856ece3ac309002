package dev.holdfast.v8;

import java.math.BigInteger;
import java.util.Objects;
import java.util.Optional;

/** A number as JavaScript has them: a big integer, or a double. What sums read and write. */
public sealed interface V8Number {
    /**
     * The number that a serialized value is. A boxed one is an object, and none.
     *
     * @param v8 in format version 13 to 16; not changed
     * @return empty when the value is anything else
     * @throws dev.holdfast.engine.InvalidInputException {@code v8.malformed}, {@code v8.too_deep}: the bytes are no
     *     value at all
     */
    static Optional<V8Number> read(byte[] v8) {
        V8Value value = V8Reader.read(Objects.requireNonNull(v8, "v8"));
        if (value instanceof V8Value.Num(double number)) {
            return Optional.of(new Real(number));
        }
        return value instanceof V8Value.Big(BigInteger integer) ? Optional.of(new Big(integer)) : Optional.empty();
    }

    /** The serialized value, in format version 15: a fresh array. */
    byte[] encode();

    /**
     * A big integer, of any size.
     *
     * @param value exactly
     */
    record Big(BigInteger value) implements V8Number {
        /** Checks for null. */
        public Big {
            Objects.requireNonNull(value, "value");
        }

        @Override
        public byte[] encode() {
            V8Output out = new V8Output();
            out.bigInteger(value);
            return out.bytes();
        }
    }

    /**
     * A number.
     *
     * @param value infinities, NaN and negative zero included
     */
    record Real(double value) implements V8Number {
        /** Always eight bytes, also for integers. */
        @Override
        public byte[] encode() {
            V8Output out = new V8Output();
            out.float64(value);
            return out.bytes();
        }
    }
}
