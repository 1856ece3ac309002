package dev.holdfast.key;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.holdfast.engine.InvalidInputException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The key of an entry: 1 to {@value #PARTS_MAX} parts, such as {@code Key.of("users", 42)}.
 *
 * <p>Keys are ordered part by part, first by kind - bytes, text, number, big integer, boolean - then by value; numbers
 * are ordered numerically, text by its UTF-8 bytes, and a key stands before every key that continues it. That is the
 * order of lists, pages and prefixes on every engine.
 *
 * <p>A key is its encoded bytes: two keys are equal, and compare, as these bytes do. Immutable and safe for use by many
 * threads.
 */
public final class Key implements Comparable<Key> {
    /** The most parts of a key. */
    public static final int PARTS_MAX = 20;

    /** The most characters (UTF-16 units) of a text part. */
    public static final int PART_CHARS_MAX = 1024;

    /** The most bytes of a bytes part. */
    public static final int PART_BYTES_MAX = 1024;

    /** The most bytes of a big integer's magnitude. */
    public static final int BIG_INTEGER_BYTES_MAX = 255;

    /** The most bytes of an encoded key: what the indexes of every engine and the bounds of every protocol can hold. */
    public static final int ENCODED_BYTES_MAX = 2048;

    private final byte[] encoded;
    private final int size;

    // Both are computed when first asked for. Threads may do that at the same time: each result is immutable and the
    // same.
    private @Nullable List<KeyPart> parts;
    private int hash;

    /** Takes checked bytes as they are. */
    Key(byte[] encoded, int size) {
        this.encoded = encoded;
        this.size = size;
    }

    /**
     * A key of these parts: {@code String}, {@code byte[]} (copied), {@code Boolean}, {@code BigInteger},
     * {@link KeyPart}, or a number as {@code int}, {@code long}, {@code double} and their smaller kin. All of the
     * latter are one kind of part, a double, so {@code 1}, {@code 1L} and {@code 1.0} make the same key.
     *
     * @throws InvalidInputException {@code key.empty}, {@code key.too_deep}: not 1 to {@value #PARTS_MAX} parts;
     *     {@code key.invalid_part}: a part of another type, or a {@code long} beyond 2^53, which a double cannot tell
     *     from its neighbours; {@code key.part_too_long}: text above {@value #PART_CHARS_MAX} characters, bytes above
     *     {@value #PART_BYTES_MAX}, a big integer above {@value #BIG_INTEGER_BYTES_MAX} bytes; {@code key.too_large}:
     *     more than {@value #ENCODED_BYTES_MAX} bytes when encoded
     */
    public static Key of(Object... parts) {
        Objects.requireNonNull(parts, "parts");
        if (parts.length == 0) {
            throw KeyErrors.empty();
        }
        return new Key(KeyWriter.encode(parts), parts.length);
    }

    /** A key of these parts, as {@link #of(Object...)}. */
    public static Key of(List<?> parts) {
        return of(Objects.requireNonNull(parts, "parts").toArray());
    }

    /**
     * The key of encoded bytes, which are copied. Accepts only what {@link #encoded()} returns: a key has one encoding.
     * Its parts of text and bytes may be as long as the key: Deno has no other limit for them.
     *
     * @throws InvalidInputException {@code key.malformed}: the bytes are not the encoding of a key;
     *     {@code key.too_large}: they are more than {@value #ENCODED_BYTES_MAX}
     */
    public static Key decode(byte[] encoded) {
        byte[] own = Objects.requireNonNull(encoded, "encoded").clone();
        if (own.length == 0) {
            throw KeyErrors.malformed(0, "they are empty");
        }
        return new Key(own, KeyReader.check(own));
    }

    /** The number of parts, 1 to {@value #PARTS_MAX}. */
    public int size() {
        return size;
    }

    /** The parts in order; unmodifiable. */
    public List<KeyPart> parts() {
        List<KeyPart> known = parts;
        if (known == null) {
            known = KeyReader.parts(encoded, size);
            parts = known;
        }
        return known;
    }

    /**
     * One part as a Java value. Text is a {@code String}, bytes are a fresh {@code byte[]}, a big integer is a
     * {@code BigInteger}, a boolean a {@code Boolean}, and a number a {@code Double}, or a {@code Long} or
     * {@code Integer} when it is one without loss.
     *
     * @param index 0 to {@code size() - 1}
     * @throws InvalidInputException {@code key.part_type}: the part is of another kind, or not such a number
     * @throws IndexOutOfBoundsException there is no such part
     */
    public <T> T get(int index, Class<T> type) {
        Objects.requireNonNull(type, "type");
        Object value = parts().get(index).toJava();
        if (value instanceof Double number) {
            if (type == Long.class && number.longValue() == number && !negativeZero(number)) {
                value = number.longValue();
            } else if (type == Integer.class && number.intValue() == number && !negativeZero(number)) {
                value = number.intValue();
            }
        }
        if (!type.isInstance(value)) {
            throw new InvalidInputException(
                    "key.part_type",
                    "the key part is of another type (index=" + index + ", expected=" + type.getSimpleName() + ", kind="
                            + parts().get(index).getClass().getSimpleName() + ")");
        }
        return type.cast(value);
    }

    private static boolean negativeZero(double number) {
        return Double.doubleToLongBits(number) == Long.MIN_VALUE;
    }

    /**
     * This key continued by more parts.
     *
     * @throws InvalidInputException as {@link #of(Object...)}, for the parts and for the longer key
     */
    public Key append(Object... more) {
        Objects.requireNonNull(more, "more");
        return more.length == 0 ? this : new Key(KeyWriter.encode(encoded, size, more), size + more.length);
    }

    /**
     * Whether this key is {@code prefix} or continues it by whole parts: {@code ["users"]} does not start with
     * {@code ["user"]}.
     */
    public boolean startsWith(Key prefix) {
        return continues(encoded, Objects.requireNonNull(prefix, "prefix").encoded);
    }

    /** Whether this key is {@code prefix} or continues it by whole parts; every key starts with the empty prefix. */
    public boolean startsWith(KeyPrefix prefix) {
        return continues(encoded, Objects.requireNonNull(prefix, "prefix").encoded());
    }

    /**
     * Whether the bytes of {@code key} are those of {@code prefix} and then whole parts. Text that goes on with a zero
     * byte begins with the bytes of the shorter text and its terminator, but the next byte is then no tag.
     */
    private static boolean continues(byte[] key, byte[] prefix) {
        int length = prefix.length;
        return key.length >= length
                && Arrays.equals(key, 0, length, prefix, 0, length)
                && (key.length == length || key[length] != KeyTags.ESCAPED);
    }

    /** The smallest range that holds this key alone. */
    public KeyRange range() {
        byte[] end = Arrays.copyOf(encoded, encoded.length + 1);
        return new KeyRange(encoded, end);
    }

    /** A copy of the stored bytes, at most {@value #ENCODED_BYTES_MAX}. */
    public byte[] bytes() {
        return encoded.clone();
    }

    /**
     * The stored bytes without a copy, for code that hands them to a statement. The array is the key itself and shared
     * by all callers: it must never be changed. Everybody else takes {@link #bytes()}.
     */
    public byte[] encoded() {
        return encoded;
    }

    /** How a key stands inside values that are stored as JSON, such as the target of an index entry. */
    @JsonValue
    JsonNode toJson() {
        return KeyJson.tree(this);
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Key ofJson(JsonNode node) {
        return KeyJson.key(node);
    }

    @Override
    public int compareTo(Key other) {
        return Arrays.compareUnsigned(encoded, other.encoded);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Key that && Arrays.equals(encoded, that.encoded);
    }

    @Override
    public int hashCode() {
        int known = hash;
        if (known == 0) {
            known = Arrays.hashCode(encoded);
            hash = known;
        }
        return known;
    }

    /** The key's JSON text, such as {@code ["users",42]}. */
    @Override
    public String toString() {
        return KeyJson.text(this);
    }
}
