package dev.holdfast.codec;

import dev.holdfast.engine.InvalidInputException;
import java.math.BigInteger;
import java.util.Objects;

/**
 * Unsigned 64-bit counters in eight bytes, little-endian; the bits pass through a long, and each codec says what it
 * shows.
 */
abstract class U64Codec<T> implements Codec<T> {
    static final Codec<Long> LONG = new U64Codec<Long>() {
        @Override
        long bits(Long value) {
            if (value < 0) {
                throw new InvalidInputException(
                        "codec.unsupported", "a counter is negative, expected 0 to " + Long.MAX_VALUE);
            }
            return value;
        }

        @Override
        Long value(long bits) {
            if (bits < 0) {
                throw new InvalidInputException(
                        "codec.mismatch",
                        "the counter is larger than a long: read it with Codecs.u64Big() (max=" + Long.MAX_VALUE + ")");
            }
            return bits;
        }

        @Override
        public String toString() {
            return "u64";
        }
    };

    static final Codec<BigInteger> BIG = new U64Codec<BigInteger>() {
        @Override
        long bits(BigInteger value) {
            if (value.signum() < 0 || value.bitLength() > Long.SIZE) {
                throw new InvalidInputException(
                        "codec.unsupported", "a counter is outside of 64 bits, expected 0 to 18446744073709551615");
            }
            return value.longValue();
        }

        @Override
        BigInteger value(long bits) {
            BigInteger value = BigInteger.valueOf(bits);
            return bits < 0 ? value.add(BigInteger.ONE.shiftLeft(Long.SIZE)) : value;
        }

        @Override
        public String toString() {
            return "u64Big";
        }
    };

    abstract long bits(T value);

    abstract T value(long bits);

    @Override
    public Encoding encoding() {
        return Encoding.U64;
    }

    @Override
    public byte[] encode(T value) {
        long bits = bits(Objects.requireNonNull(value, "value"));
        byte[] bytes = new byte[Long.BYTES];
        for (int i = 0; i < Long.BYTES; i++) {
            bytes[i] = (byte) (bits >> (Byte.SIZE * i));
        }
        return bytes;
    }

    @Override
    public T decode(byte[] bytes) {
        if (Objects.requireNonNull(bytes, "bytes").length != Long.BYTES) {
            throw new InvalidInputException("codec.mismatch", "a counter has 8 bytes (bytes=" + bytes.length + ")");
        }
        long bits = 0;
        for (int i = Long.BYTES - 1; i >= 0; i--) {
            bits = (bits << Byte.SIZE) | (bytes[i] & 0xff);
        }
        return value(bits);
    }
}
