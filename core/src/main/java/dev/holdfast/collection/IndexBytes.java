package dev.holdfast.collection;

import java.util.Arrays;

/** Bytes that are written up to a limit; what comes behind it is left out. */
final class IndexBytes {
    private final int limit;
    private byte[] bytes;
    private int length;
    private boolean cut;

    IndexBytes(int limit) {
        this.limit = limit;
        this.bytes = new byte[Math.min(limit, 64)];
    }

    void put(int value) {
        if (length == limit) {
            cut = true;
            return;
        }
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.min(limit, length * 2));
        }
        bytes[length++] = (byte) value;
    }

    /** Whether something was left out, so that writing on is of no use. */
    boolean isCut() {
        return cut;
    }

    byte[] toArray() {
        return Arrays.copyOf(bytes, length);
    }

    static byte[] concat(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] whole = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, whole, at, part.length);
            at += part.length;
        }
        return whole;
    }

    /** The bytes with one more behind them. */
    static byte[] append(byte[] bytes, int last) {
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
        longer[bytes.length] = (byte) last;
        return longer;
    }
}
