package dev.holdfast.key;

/**
 * The first byte of each encoded part. Comparing keys means comparing bytes, so the values of these tags are the order
 * of the types, and they can never change.
 */
final class KeyTags {
    /** Ends bytes and text; inside them a zero byte is written as {@link #END} {@link #ESCAPED}. */
    static final byte END = 0x00;

    static final byte BYTES = 0x01;
    static final byte TEXT = 0x02;
    /** Below the big integers, unlike on Deno's wire: keys promise numbers before big integers. */
    static final byte NUMBER = 0x05;

    static final byte BIG_NEGATIVE = 0x0b;
    static final byte BIG_ZERO = 0x14;
    static final byte BIG_POSITIVE = 0x1d;
    /** The number's tag on Deno's wire. */
    static final byte WIRE_NUMBER = 0x21;

    static final byte FALSE = 0x26;
    static final byte TRUE = 0x27;
    /** No tag: behind {@link #END} it means a zero byte of the content, at the end of a bound "after every part". */
    static final byte ESCAPED = (byte) 0xff;

    /** Magnitudes up to this many bytes have their length in the tag, longer ones in a byte of its own. */
    static final int BIG_SHORT_BYTES = 8;

    private KeyTags() {}

    static boolean isBigInteger(byte tag) {
        return tag >= BIG_NEGATIVE && tag <= BIG_POSITIVE;
    }
}
