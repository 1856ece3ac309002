package dev.holdfast.key;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads encoded keys. {@link #check} accepts no other form of a part than {@link KeyWriter} writes, so a key has one
 * encoding and bytes from elsewhere cannot bring in a second one; but parts may be as long as a key, as Deno writes
 * them. {@link #parts} reads what was checked.
 */
final class KeyReader {
    /** All bits of NaN after the number's order-preserving flip. */
    private static final long NAN = Double.doubleToLongBits(Double.NaN) ^ Long.MIN_VALUE;

    private static final long INFINITY = Double.doubleToLongBits(Double.POSITIVE_INFINITY) ^ Long.MIN_VALUE;
    private static final long NEGATIVE_INFINITY = ~Double.doubleToLongBits(Double.NEGATIVE_INFINITY);

    private KeyReader() {}

    /** The number of parts, after a strict check of all bytes. */
    static int check(byte[] key) {
        if (key.length > Key.ENCODED_BYTES_MAX) {
            throw KeyErrors.tooLarge(key.length);
        }
        int count = 0;
        for (int at = 0; at < key.length; count++) {
            if (count == Key.PARTS_MAX) {
                throw KeyErrors.malformed(at, "more than " + Key.PARTS_MAX + " parts");
            }
            int end = partEnd(key, at, KeyTags.NUMBER);
            if (end < 0) {
                throw KeyErrors.malformed(at, "no whole part");
            }
            checkPart(key, at, end);
            at = end;
        }
        return count;
    }

    /**
     * Where the part that starts at {@code at} ends, exclusive; -1 when no whole part stands there. Looks at the frame
     * only: terminators and lengths.
     */
    static int partEnd(byte[] key, int at, byte numberTag) {
        byte tag = key[at];
        int end;
        if (tag == KeyTags.BYTES || tag == KeyTags.TEXT) {
            return terminated(key, at + 1);
        } else if (tag == numberTag) {
            end = at + 1 + Double.BYTES;
        } else if (tag == KeyTags.FALSE || tag == KeyTags.TRUE) {
            end = at + 1;
        } else if (KeyTags.isBigInteger(tag)) {
            int magnitude = magnitudeAt(key, at);
            if (magnitude < 0) {
                return -1;
            }
            end = magnitude + magnitudeLength(key, at);
        } else {
            return -1;
        }
        return end <= key.length ? end : -1;
    }

    private static int terminated(byte[] key, int from) {
        for (int i = from; i < key.length; i++) {
            if (key[i] == KeyTags.END) {
                if (i + 1 == key.length || key[i + 1] != KeyTags.ESCAPED) {
                    return i + 1;
                }
                i++;
            }
        }
        return -1;
    }

    private static boolean isLongBig(byte tag) {
        return tag == KeyTags.BIG_NEGATIVE || tag == KeyTags.BIG_POSITIVE;
    }

    private static int magnitudeAt(byte[] key, int at) {
        if (!isLongBig(key[at])) {
            return at + 1;
        }
        return at + 1 < key.length ? at + 2 : -1;
    }

    private static int magnitudeLength(byte[] key, int at) {
        byte tag = key[at];
        if (!isLongBig(tag)) {
            return Math.abs(tag - KeyTags.BIG_ZERO);
        }
        int stored = key[at + 1] & 0xff;
        return tag == KeyTags.BIG_NEGATIVE ? stored ^ 0xff : stored;
    }

    private static void checkPart(byte[] key, int at, int end) {
        byte tag = key[at];
        if (tag == KeyTags.TEXT) {
            checkText(key, at + 1, end - 1);
        } else if (tag == KeyTags.NUMBER) {
            long flipped = longAt(key, at + 1);
            boolean negative = flipped >= 0;
            if (negative ? flipped < NEGATIVE_INFINITY : flipped > INFINITY && flipped != NAN) {
                throw KeyErrors.malformed(at, "a NaN that is not the canonical one");
            }
        } else if (KeyTags.isBigInteger(tag)) {
            checkBig(key, at, end);
        }
    }

    /** Strict UTF-8: no surrogates, no longer form than needed, nothing cut; the terminator stops every sequence. */
    private static void checkText(byte[] key, int from, int end) {
        for (int i = from; i < end; ) {
            byte b = key[i];
            if (b > 0) {
                i++;
            } else if (b == KeyTags.END) {
                i += 2;
            } else {
                i += sequence(key, i);
            }
        }
    }

    private static int sequence(byte[] key, int at) {
        int lead = key[at] & 0xff;
        int second = key[at + 1] & 0xff;
        int length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
        boolean legal = lead >= 0xc2
                && lead <= 0xf4
                && second >= (lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80)
                && second <= (lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf);
        for (int i = 2; legal && i < length; i++) {
            legal = (key[at + i] & 0xc0) == 0x80;
        }
        if (!legal) {
            throw KeyErrors.malformed(at, "text that is not UTF-8");
        }
        return length;
    }

    private static void checkBig(byte[] key, int at, int end) {
        int from = magnitudeAt(key, at);
        int length = end - from;
        byte zero = (byte) (key[at] < KeyTags.BIG_ZERO ? 0xff : 0);
        boolean leadingZero = length > 0 && key[from] == zero;
        boolean longForm = isLongBig(key[at]) && length <= KeyTags.BIG_SHORT_BYTES;
        if (leadingZero || longForm) {
            throw KeyErrors.malformed(at, "a big integer that is longer than needed");
        }
    }

    /** The parts of checked bytes. */
    static List<KeyPart> parts(byte[] key, int count) {
        List<KeyPart> parts = new ArrayList<>(count);
        for (int at = 0; at < key.length; ) {
            int end = partEnd(key, at, KeyTags.NUMBER);
            parts.add(part(key, at, end));
            at = end;
        }
        return List.copyOf(parts);
    }

    private static KeyPart part(byte[] key, int at, int end) {
        byte tag = key[at];
        if (tag == KeyTags.TEXT) {
            return new KeyPart.Text(new String(content(key, at + 1, end - 1), StandardCharsets.UTF_8));
        } else if (tag == KeyTags.NUMBER) {
            long flipped = longAt(key, at + 1);
            return new KeyPart.Num(Double.longBitsToDouble(flipped < 0 ? flipped ^ Long.MIN_VALUE : ~flipped));
        } else if (tag == KeyTags.BYTES) {
            return new KeyPart.Bytes(content(key, at + 1, end - 1));
        } else if (KeyTags.isBigInteger(tag)) {
            return new KeyPart.BigInt(big(key, at, end));
        }
        return new KeyPart.Bool(tag == KeyTags.TRUE);
    }

    private static BigInteger big(byte[] key, int at, int end) {
        byte[] magnitude = Arrays.copyOfRange(key, magnitudeAt(key, at), end);
        if (key[at] >= KeyTags.BIG_ZERO) {
            return new BigInteger(1, magnitude);
        }
        for (int i = 0; i < magnitude.length; i++) {
            magnitude[i] ^= (byte) 0xff;
        }
        return new BigInteger(-1, magnitude);
    }

    private static int contentLength(byte[] key, int from, int end) {
        int length = end - from;
        for (int i = from; i < end; i++) {
            if (key[i] == KeyTags.END) {
                length--;
                i++;
            }
        }
        return length;
    }

    private static byte[] content(byte[] key, int from, int end) {
        int length = contentLength(key, from, end);
        if (length == end - from) {
            return Arrays.copyOfRange(key, from, end);
        }
        byte[] content = new byte[length];
        int at = from;
        for (int i = 0; i < length; i++) {
            content[i] = key[at];
            at += key[at] == KeyTags.END ? 2 : 1;
        }
        return content;
    }

    private static long longAt(byte[] key, int at) {
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            value = (value << 8) | (key[at + i] & 0xff);
        }
        return value;
    }
}
