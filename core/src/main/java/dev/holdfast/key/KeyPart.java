package dev.holdfast.key;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;

/**
 * One part of a key. The five kinds are ordered bytes, text, number, big integer, boolean; two parts are equal when
 * kind and value are, so {@code 1}, {@code "1"}, the big integer 1 and {@code true} are four different parts.
 */
public sealed interface KeyPart {

    /**
     * The part as a plain Java value: {@code byte[]} (a fresh copy), {@code String}, {@code Double}, {@code BigInteger}
     * or {@code Boolean}.
     */
    Object toJava();

    /** Bytes, up to 1,024 of them unless Deno wrote them, in the order of their unsigned values. */
    final class Bytes implements KeyPart {
        private final byte[] content;

        /** A part of these bytes, which are copied. */
        public Bytes(byte[] content) {
            this.content = Objects.requireNonNull(content, "content").clone();
        }

        /** A copy of the bytes. */
        public byte[] value() {
            return content.clone();
        }

        /** The bytes themselves, for readers that do not change them. */
        byte[] shared() {
            return content;
        }

        @Override
        public Object toJava() {
            return value();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Bytes that && Arrays.equals(content, that.content);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(content);
        }

        @Override
        public String toString() {
            return "Bytes[value=" + HexFormat.of().formatHex(content) + "]";
        }
    }

    /**
     * Text, up to 1,024 UTF-16 units, in the order of its UTF-8 bytes. A surrogate without its other half is stored as
     * U+FFFD.
     */
    record Text(String value) implements KeyPart {
        /** Takes any text; its length is checked when a key is made of it. */
        public Text {
            Objects.requireNonNull(value, "value");
        }

        @Override
        public Object toJava() {
            return value;
        }
    }

    /** A double, in the order -Infinity, finite values with -0 before 0, Infinity, NaN. All NaNs are one value. */
    record Num(double value) implements KeyPart {
        @Override
        public Object toJava() {
            return value;
        }
    }

    /** A big integer with a magnitude of up to 255 bytes, ordered by value. */
    record BigInt(BigInteger value) implements KeyPart {
        /** Takes any big integer; its size is checked when a key is made of it. */
        public BigInt {
            Objects.requireNonNull(value, "value");
        }

        @Override
        public Object toJava() {
            return value;
        }
    }

    /** False or true, in this order. */
    record Bool(boolean value) implements KeyPart {
        @Override
        public Object toJava() {
            return value;
        }
    }
}
