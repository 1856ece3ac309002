package dev.holdfast.key;

import java.math.BigInteger;

/**
 * Encodes the parts of a key. Every part is measured and checked first, then written into one array of the exact size:
 * a key costs no other allocation, whatever its text holds, except for big integers.
 */
final class KeyWriter {
    private static final byte[] NOTHING = {};

    /** Characters of a text part, and bytes of a part of bytes. */
    private static final int PART_MAX = Math.min(Key.PART_CHARS_MAX, Key.PART_BYTES_MAX);

    /** 2^53: every integer up to this magnitude is one double, and no other integer is the same one. */
    private static final long EXACT_MAX = 1L << 53;

    private KeyWriter() {}

    static byte[] encode(Object[] parts) {
        return encode(NOTHING, 0, parts);
    }

    /** The bytes of a key whose parts may be as long as itself. */
    static byte[] encodeLong(Object[] parts) {
        return encode(NOTHING, 0, parts, Integer.MAX_VALUE);
    }

    /** The bytes of {@code head}, which holds {@code headParts} parts, followed by these parts. */
    static byte[] encode(byte[] head, int headParts, Object[] parts) {
        return encode(head, headParts, parts, PART_MAX);
    }

    private static byte[] encode(byte[] head, int headParts, Object[] parts, int partMax) {
        int count = headParts + parts.length;
        if (count > Key.PARTS_MAX) {
            throw KeyErrors.tooDeep(count);
        }
        long length = head.length;
        for (int i = 0; i < parts.length; i++) {
            length += size(parts[i], headParts + i, partMax);
        }
        int size = (int) Math.min(length, Integer.MAX_VALUE);
        if (size > Key.ENCODED_BYTES_MAX) {
            throw KeyErrors.tooLarge(size);
        }
        byte[] out = new byte[size];
        System.arraycopy(head, 0, out, 0, head.length);
        int at = head.length;
        for (Object part : parts) {
            at = write(part, out, at);
        }
        return out;
    }

    // Chains of instanceof, most frequent type first: a pattern switch over open types is several times slower when
    // cold.

    private static int size(Object part, int index, int partMax) {
        if (part instanceof String text) {
            return textSize(text, index, partMax);
        } else if (part instanceof Number number) {
            return numberSize(number, index);
        } else if (part instanceof Boolean) {
            return 1;
        } else if (part instanceof byte[] bytes) {
            return bytesSize(bytes, index, partMax);
        } else if (part instanceof KeyPart own) {
            return size(plain(own), index, partMax);
        } else if (part == null) {
            throw new NullPointerException("parts[" + index + "]");
        }
        throw KeyErrors.partType(index, part);
    }

    private static int write(Object part, byte[] out, int at) {
        if (part instanceof String text) {
            return writeText(text, out, at);
        } else if (part instanceof BigInteger big) {
            return writeBig(big, out, at);
        } else if (part instanceof Number number) {
            return writeNumber(number.doubleValue(), out, at);
        } else if (part instanceof Boolean bool) {
            out[at] = bool ? KeyTags.TRUE : KeyTags.FALSE;
            return at + 1;
        } else if (part instanceof byte[] bytes) {
            return writeBytes(bytes, out, at);
        } else if (part instanceof KeyPart own) {
            return write(plain(own), out, at);
        }
        throw new IllegalStateException(
                "part was not measured: " + part.getClass().getName());
    }

    private static Object plain(KeyPart part) {
        return part instanceof KeyPart.Bytes bytes ? bytes.shared() : part.toJava();
    }

    private static int numberSize(Number number, int index) {
        if (number instanceof BigInteger big) {
            return bigSize(big, index);
        } else if (number instanceof Long) {
            long value = number.longValue();
            if (value > EXACT_MAX || value < -EXACT_MAX) {
                throw KeyErrors.inexactLong(index, value);
            }
        } else if (!(number instanceof Integer
                || number instanceof Double
                || number instanceof Float
                || number instanceof Short
                || number instanceof Byte)) {
            throw KeyErrors.partType(index, number);
        }
        return 1 + Double.BYTES;
    }

    private static int textSize(String text, int index, int charsMax) {
        int length = text.length();
        if (length > charsMax) {
            throw KeyErrors.textTooLong(index, length);
        }
        int size = length + 2;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x800) {
                // three bytes; a pair of surrogates has four, two more than its two units, like one lone unit
                size += 2;
                if (pairAt(text, i, c)) {
                    i++;
                }
            } else if (c >= 0x80 || c == 0) {
                size++;
            }
        }
        return size;
    }

    private static int writeText(String text, byte[] out, int start) {
        int at = start;
        out[at++] = KeyTags.TEXT;
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                out[at++] = (byte) c;
                if (c == 0) {
                    out[at++] = KeyTags.ESCAPED;
                }
            } else if (c < 0x800) {
                out[at++] = (byte) (0xc0 | (c >> 6));
                out[at++] = (byte) (0x80 | (c & 0x3f));
            } else if (pairAt(text, i, c)) {
                i++;
                at = writeFour(Character.toCodePoint(c, text.charAt(i)), out, at);
            } else {
                char kept = Character.isSurrogate(c) ? '\ufffd' : c;
                out[at++] = (byte) (0xe0 | (kept >> 12));
                out[at++] = (byte) (0x80 | ((kept >> 6) & 0x3f));
                out[at++] = (byte) (0x80 | (kept & 0x3f));
            }
        }
        out[at] = KeyTags.END;
        return at + 1;
    }

    private static int writeFour(int codePoint, byte[] out, int at) {
        out[at] = (byte) (0xf0 | (codePoint >> 18));
        out[at + 1] = (byte) (0x80 | ((codePoint >> 12) & 0x3f));
        out[at + 2] = (byte) (0x80 | ((codePoint >> 6) & 0x3f));
        out[at + 3] = (byte) (0x80 | (codePoint & 0x3f));
        return at + 4;
    }

    private static boolean pairAt(String text, int i, char c) {
        return Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1));
    }

    private static int bytesSize(byte[] bytes, int index, int bytesMax) {
        if (bytes.length > bytesMax) {
            throw KeyErrors.bytesTooLarge(index, bytes.length, Key.PART_BYTES_MAX);
        }
        int size = bytes.length + 2;
        for (byte b : bytes) {
            if (b == KeyTags.END) {
                size++;
            }
        }
        return size;
    }

    private static int writeBytes(byte[] bytes, byte[] out, int start) {
        int at = start;
        out[at++] = KeyTags.BYTES;
        for (byte b : bytes) {
            out[at++] = b;
            if (b == KeyTags.END) {
                out[at++] = KeyTags.ESCAPED;
            }
        }
        out[at] = KeyTags.END;
        return at + 1;
    }

    private static int writeNumber(double number, byte[] out, int at) {
        long bits = Double.doubleToLongBits(number); // makes every NaN the canonical one
        bits ^= (bits >> 63) | Long.MIN_VALUE; // positive: flip the sign; negative: flip all
        out[at] = KeyTags.NUMBER;
        for (int i = 8; i > 0; i--) {
            out[at + i] = (byte) bits;
            bits >>= 8;
        }
        return at + 9;
    }

    private static int bigSize(BigInteger big, int index) {
        int magnitude = magnitudeBytes(big);
        if (magnitude > Key.BIG_INTEGER_BYTES_MAX) {
            throw KeyErrors.bytesTooLarge(index, magnitude, Key.BIG_INTEGER_BYTES_MAX);
        }
        return magnitude > KeyTags.BIG_SHORT_BYTES ? magnitude + 2 : magnitude + 1;
    }

    private static int magnitudeBytes(BigInteger big) {
        return (big.abs().bitLength() + 7) / 8;
    }

    private static int writeBig(BigInteger big, byte[] out, int start) {
        int at = start;
        int length = magnitudeBytes(big);
        boolean negative = big.signum() < 0;
        int flip = negative ? 0xff : 0;
        if (length <= KeyTags.BIG_SHORT_BYTES) {
            out[at++] = (byte) (negative ? KeyTags.BIG_ZERO - length : KeyTags.BIG_ZERO + length);
        } else {
            out[at++] = negative ? KeyTags.BIG_NEGATIVE : KeyTags.BIG_POSITIVE;
            out[at++] = (byte) (length ^ flip);
        }
        byte[] magnitude = big.abs().toByteArray(); // with a leading zero byte when the top bit is set
        int from = magnitude.length - length;
        for (int i = 0; i < length; i++) {
            out[at++] = (byte) (magnitude[from + i] ^ flip);
        }
        return at;
    }
}
