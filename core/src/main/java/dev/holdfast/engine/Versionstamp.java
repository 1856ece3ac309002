package dev.holdfast.engine;

import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;

/**
 * The number of a commit, shared by everything that it wrote: never used again, and greater than every one that was
 * acknowledged before the commit began.
 *
 * <p>It has three forms, which all sort as the numbers do: 20 hexadecimal digits (8 bytes and two zero bytes, as Deno
 * shows it), the same as 10 bytes, and a text in the shape of a version 7 UUID (as KeyVal shows it). The parsers are
 * strict, since clients compare these texts for equality: any other text is simply no versionstamp, and equal to none.
 *
 * @param value 0 or greater
 */
public record Versionstamp(long value) implements Comparable<Versionstamp> {
    private static final HexFormat HEX = HexFormat.of();
    private static final int HEX_CHARS = 20;
    private static final int BYTES = 10;
    private static final String HEX_END = "0000";
    private static final int UUID_CHARS = 36;
    private static final String UUID_END = "-000000000000";

    /** Takes a stored number. */
    public Versionstamp {
        if (value < 0) {
            throw new IllegalArgumentException("a versionstamp is 0 or greater (value=" + value + ")");
        }
    }

    /** 20 lower-case hexadecimal digits, the last four of them zeros. */
    public String hex() {
        return HEX.toHexDigits(value) + HEX_END;
    }

    /** The versionstamp of 20 lower-case hexadecimal digits; empty for every other text. */
    public static Optional<Versionstamp> ofHex(String text) {
        Objects.requireNonNull(text, "text");
        if (text.length() != HEX_CHARS || !text.endsWith(HEX_END)) {
            return Optional.empty();
        }
        return of(digits(text, 0, HEX_CHARS - HEX_END.length()));
    }

    /** 8 bytes, big-endian, and two zero bytes. */
    public byte[] bytes() {
        byte[] bytes = new byte[BYTES];
        for (int i = 0; i < Long.BYTES; i++) {
            bytes[i] = (byte) (value >> (Long.SIZE - Byte.SIZE - Byte.SIZE * i));
        }
        return bytes;
    }

    /** The versionstamp of 10 bytes; empty for all others. */
    public static Optional<Versionstamp> ofBytes(byte[] bytes) {
        if (Objects.requireNonNull(bytes, "bytes").length != BYTES || bytes[8] != 0 || bytes[9] != 0) {
            return Optional.empty();
        }
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            value = (value << Byte.SIZE) | (bytes[i] & 0xff);
        }
        return of(value);
    }

    /**
     * A text in the shape of a version 7 UUID: bits 0 to 47 are its time, 48 to 59 its rand_a, 60 to 79 stand on top of
     * its rand_b, and the rest is zero. The time is near the commit's on SQLite and means nothing on PostgreSQL.
     */
    public String uuid() {
        String head = HEX.toHexDigits(value >>> 16, 12);
        long group4 = 0x8000 | ((value & 0xf) << 10);
        return head.substring(0, 8) + '-' + head.substring(8) + "-7" + HEX.toHexDigits(value >>> 4, 3) + '-'
                + HEX.toHexDigits(group4, 4) + UUID_END;
    }

    /** The versionstamp of a text that {@link #uuid()} printed; empty for every other text. */
    public static Optional<Versionstamp> ofUuid(String text) {
        Objects.requireNonNull(text, "text");
        if (text.length() != UUID_CHARS
                || text.charAt(8) != '-'
                || !text.startsWith("-7", 13)
                || text.charAt(18) != '-'
                || !text.endsWith(UUID_END)) {
            return Optional.empty();
        }
        long high = digits(text, 0, 8);
        long low = digits(text, 9, 13);
        long randA = digits(text, 15, 18);
        long group4 = digits(text, 19, 23);
        boolean printed = (high | low | randA | group4) >= 0 && (group4 & ~0x3c00L) == 0x8000;
        return printed ? of((high << 32) | (low << 16) | (randA << 4) | ((group4 >> 10) & 0xf)) : Optional.empty();
    }

    private static Optional<Versionstamp> of(long value) {
        return value < 0 ? Optional.empty() : Optional.of(new Versionstamp(value));
    }

    /** The number of lower-case hexadecimal digits; negative when another character is among them. */
    private static long digits(String text, int from, int to) {
        long value = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            boolean digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
            if (!digit) {
                return -1;
            }
            value = (value << 4) | HexFormat.fromHexDigit(c);
        }
        return value;
    }

    @Override
    public int compareTo(Versionstamp other) {
        return Long.compare(value, other.value);
    }

    /** The 20 hexadecimal digits. */
    @Override
    public String toString() {
        return hex();
    }
}
