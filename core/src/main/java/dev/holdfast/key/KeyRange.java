package dev.holdfast.key;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;

/**
 * A range of encoded keys: from a first byte string, inclusive, to a last one, exclusive, in the order of unsigned
 * bytes. The bounds need not be keys. A range narrows only, so limits of a caller are laid over a prefix and can never
 * leave it.
 *
 * <p>Immutable and safe for use by many threads.
 */
public final class KeyRange {
    private final byte[] start;
    private final byte[] end;

    /** Takes the bounds as they are. */
    KeyRange(byte[] start, byte[] end) {
        this.start = start;
        this.end = end;
    }

    /** The range of all keys. */
    public static KeyRange all() {
        return KeyPrefix.all().below();
    }

    /** The first byte string of the range, inclusive. The array is shared by all callers: it must never be changed. */
    public byte[] start() {
        return start;
    }

    /** The byte string that ends the range, exclusive. The array is shared by all callers: it must never be changed. */
    public byte[] end() {
        return end;
    }

    /** Those of this range's keys that are {@code first} or stand behind it. */
    public KeyRange from(Key first) {
        return startingAt(Objects.requireNonNull(first, "first").encoded());
    }

    /** Those of this range's keys that stand behind {@code last}: what continues a list that ended with it. */
    public KeyRange after(Key last) {
        return startingAt(Objects.requireNonNull(last, "last").range().end());
    }

    /** Those of this range's keys that stand before {@code next}. */
    public KeyRange until(Key next) {
        byte[] limit = Objects.requireNonNull(next, "next").encoded();
        return Arrays.compareUnsigned(limit, end) < 0 ? new KeyRange(start, limit) : this;
    }

    private KeyRange startingAt(byte[] limit) {
        return Arrays.compareUnsigned(limit, start) > 0 ? new KeyRange(limit, end) : this;
    }

    /** Whether no key can be in this range because it ends where it starts, or before. */
    public boolean isEmpty() {
        return Arrays.compareUnsigned(start, end) >= 0;
    }

    /** Whether a key is in this range. */
    public boolean contains(Key key) {
        byte[] encoded = Objects.requireNonNull(key, "key").encoded();
        return Arrays.compareUnsigned(start, encoded) <= 0 && Arrays.compareUnsigned(encoded, end) < 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyRange that && Arrays.equals(start, that.start) && Arrays.equals(end, that.end);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(start) + Arrays.hashCode(end);
    }

    /** Both bounds in hexadecimal. */
    @Override
    public String toString() {
        HexFormat hex = HexFormat.of();
        return "KeyRange[" + hex.formatHex(start) + ", " + hex.formatHex(end) + ")";
    }
}
