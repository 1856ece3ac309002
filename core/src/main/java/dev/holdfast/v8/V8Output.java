package dev.holdfast.v8;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/** A serialized value in the making, in format version 15. */
final class V8Output {
    private static final int VERSION_TAG = 0xff;
    private static final int VERSION = 15;
    private static final int LATIN_1_MAX = 0xff;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Begins with the version. */
    V8Output() {
        out.write(VERSION_TAG);
        out.write(VERSION);
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    void tag(char tag) {
        out.write(tag);
    }

    void varint(long value) {
        long rest = value;
        while (rest > 0x7f) {
            out.write((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    void int32(int value) {
        tag('I');
        varint(((value << 1) ^ (value >> 31)) & 0xffff_ffffL);
    }

    void float64(double value) {
        tag('N');
        long bits = Double.doubleToLongBits(value);
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            out.write((int) (bits >>> shift));
        }
    }

    /** Its magnitude in whole words of eight bytes, as V8 writes it. */
    void bigInteger(BigInteger value) {
        byte[] magnitude = value.abs().toByteArray();
        int words = (value.abs().bitLength() + Long.SIZE - 1) / Long.SIZE;
        int length = words * Long.BYTES;
        tag('Z');
        varint(2L * length + (value.signum() < 0 ? 1 : 0));
        for (int i = 0; i < length; i++) {
            int from = magnitude.length - 1 - i;
            out.write(from >= 0 ? magnitude[from] : 0);
        }
    }

    /** In one byte for each character where that is possible. */
    void text(String text) {
        if (text.chars().allMatch(c -> c <= LATIN_1_MAX)) {
            tag('"');
            varint(text.length());
            out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
            return;
        }
        long length = (long) Character.BYTES * text.length();
        // The characters begin at an even place: some readers take them from there as they are.
        if ((out.size() + 1 + varintBytes(length)) % Character.BYTES != 0) {
            out.write(0);
        }
        tag('c');
        varint(length);
        for (int i = 0; i < text.length(); i++) {
            out.write(text.charAt(i));
            out.write(text.charAt(i) >>> Byte.SIZE);
        }
    }

    private static int varintBytes(long value) {
        int bytes = 1;
        for (long rest = value >>> 7; rest > 0; rest >>>= 7) {
            bytes++;
        }
        return bytes;
    }
}
