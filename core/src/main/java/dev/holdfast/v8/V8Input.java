package dev.holdfast.v8;

import dev.holdfast.engine.InvalidInputException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A serialized value, read from its front. Whatever says how many bytes follow is compared with those that do before
 * anything is made of it.
 */
final class V8Input {
    static final int VERSION_MIN = 13;
    static final int VERSION_MAX = 16;

    private static final int VERSION_TAG = 0xff;
    private static final int PADDING = 0;

    /** Views have flags since this version. */
    private static final int VERSION_OF_FLAGS = 14;

    private final byte[] bytes;
    private final ByteBuffer little;
    private final long version;
    private int at;

    /** Reads the version, which comes first. */
    V8Input(byte[] bytes) {
        this.bytes = bytes;
        this.little = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (u8() != VERSION_TAG) {
            throw malformed("it does not begin with a version");
        }
        this.version = varint();
        if (version < VERSION_MIN || version > VERSION_MAX) {
            throw malformed(
                    "version " + version + " is not one of " + VERSION_MIN + " to " + VERSION_MAX + " that are known");
        }
    }

    /** All of the bytes, for parts that are not copied. */
    byte[] bytes() {
        return bytes;
    }

    boolean hasViewFlags() {
        return version >= VERSION_OF_FLAGS;
    }

    void requireEnd() {
        if (at < bytes.length) {
            throw malformed((bytes.length - at) + " bytes follow the value");
        }
    }

    int u8() {
        if (at == bytes.length) {
            throw malformed("it ends within a value");
        }
        return bytes[at++] & 0xff;
    }

    /** The next byte that is no padding. */
    int tag() {
        int tag = u8();
        while (tag == PADDING) {
            tag = u8();
        }
        return tag;
    }

    /** Takes the next tag if it is this one. */
    boolean take(int tag) {
        int next = at;
        while (next < bytes.length && bytes[next] == PADDING) {
            next++;
        }
        if (next == bytes.length || (bytes[next] & 0xff) != tag) {
            return false;
        }
        at = next + 1;
        return true;
    }

    /** An unsigned number of up to 63 bits, seven to a byte, the lowest first. */
    long varint() {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            int next = u8();
            value |= (next & 0x7fL) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw malformed("a number has more than 63 bits");
    }

    /** The same of up to 32 bits. */
    long uint32() {
        long value = varint();
        if (value > 0xffff_ffffL) {
            throw malformed("a number has more than 32 bits");
        }
        return value;
    }

    /** A signed number of 32 bits, its sign the lowest of them. */
    int int32() {
        long value = uint32();
        return (int) (value >>> 1) ^ -(int) (value & 1);
    }

    double float64() {
        return little.getDouble(skip(Double.BYTES));
    }

    /** A length of which as many bytes follow. */
    int length() {
        return within(varint());
    }

    /** Checks that so many bytes follow. */
    int within(long length) {
        if (length > bytes.length - at) {
            throw malformed("a length of " + length + " where " + (bytes.length - at) + " bytes are left");
        }
        return (int) length;
    }

    /** Goes past so many bytes; answers where they begin. */
    int skip(int length) {
        int start = at;
        at += within(length);
        return start;
    }

    BigInteger bigInteger() {
        long signAndLength = uint32();
        int length = within(signAndLength >>> 1);
        int start = skip(length);
        byte[] magnitude = new byte[length];
        for (int i = 0; i < length; i++) {
            magnitude[i] = bytes[start + length - 1 - i];
        }
        return new BigInteger((signAndLength & 1) == 0 ? 1 : -1, magnitude);
    }

    /** The text behind one of the tags of texts. */
    String text(int tag) {
        return switch (tag) {
            case '"' -> {
                int length = length();
                yield new String(bytes, skip(length), length, StandardCharsets.ISO_8859_1);
            }
            case 'S' -> {
                int length = length();
                yield new String(bytes, skip(length), length, StandardCharsets.UTF_8);
            }
            case 'c' -> twoByteText();
            default -> throw malformed("a text was expected, not tag " + tag);
        };
    }

    /** Not by a decoder: half of a surrogate pair is a character in JavaScript. */
    private String twoByteText() {
        int length = length();
        if (length % Character.BYTES != 0) {
            throw malformed("a text of two-byte characters has " + length + " bytes");
        }
        int start = skip(length);
        char[] chars = new char[length / Character.BYTES];
        for (int i = 0; i < chars.length; i++) {
            chars[i] = little.getChar(start + Character.BYTES * i);
        }
        return new String(chars);
    }

    /** The exception for bytes that mean nothing. */
    InvalidInputException malformed(String reason) {
        return new InvalidInputException(
                "v8.malformed",
                "the bytes are no value of V8: " + reason + " (at=" + at + ", bytes=" + bytes.length + ")");
    }
}
