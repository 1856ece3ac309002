package dev.holdfast.key;

import dev.holdfast.engine.InvalidInputException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a group of keys begins with: 0 to {@value Key#PARTS_MAX} whole parts. The empty prefix stands for all keys.
 *
 * <p>Only whole parts count: below {@code KeyPrefix.of("user")} are {@code ["user", 1]} and {@code ["user", 1,
 * "name"]}, but nothing of {@code ["users", 1]}. Immutable and safe for use by many threads.
 */
public final class KeyPrefix {
    private static final KeyPrefix ALL = new KeyPrefix(new byte[0], 0);

    private final byte[] encoded;
    private final int size;

    private KeyPrefix(byte[] encoded, int size) {
        this.encoded = encoded;
        this.size = size;
    }

    /** The empty prefix, which every key starts with. */
    public static KeyPrefix all() {
        return ALL;
    }

    /**
     * A prefix of these parts, of the types of {@link Key#of(Object...)}; none is {@link #all()}.
     *
     * @throws InvalidInputException as {@link Key#of(Object...)}, except that no parts are allowed
     */
    public static KeyPrefix of(Object... parts) {
        Objects.requireNonNull(parts, "parts");
        return parts.length == 0 ? ALL : of(Key.of(parts));
    }

    /** A prefix of these parts, as {@link #of(Object...)}. */
    public static KeyPrefix of(List<?> parts) {
        return of(Objects.requireNonNull(parts, "parts").toArray());
    }

    /** A prefix of all parts of a key. */
    public static KeyPrefix of(Key key) {
        return new KeyPrefix(Objects.requireNonNull(key, "key").encoded(), key.size());
    }

    /** The number of parts, 0 to {@value Key#PARTS_MAX}. */
    public int size() {
        return size;
    }

    /** The parts in order; unmodifiable, empty for {@link #all()}. */
    public List<KeyPart> parts() {
        return KeyReader.parts(encoded, size);
    }

    /** The key that consists of this prefix alone; empty for {@link #all()}. */
    public Optional<Key> key() {
        return size == 0 ? Optional.empty() : Optional.of(new Key(encoded, size));
    }

    /**
     * The key of this prefix and more parts.
     *
     * @throws InvalidInputException as {@link Key#of(Object...)}
     */
    public Key append(Object... more) {
        Objects.requireNonNull(more, "more");
        if (size + more.length == 0) {
            throw KeyErrors.empty();
        }
        return new Key(KeyWriter.encode(encoded, size, more), size + more.length);
    }

    /** Whether a key continues this prefix by at least one part. */
    public boolean covers(Key key) {
        return key.size() > size && key.startsWith(this);
    }

    /**
     * The range of all keys that continue this prefix by at least one part; the key that is the prefix is not in it.
     */
    public KeyRange below() {
        return new KeyRange(with(KeyTags.END), with(KeyTags.ESCAPED));
    }

    /** The range of the key that is this prefix and of all keys that continue it. */
    public KeyRange withSelf() {
        return new KeyRange(encoded, with(KeyTags.ESCAPED));
    }

    // No tag is as small as END, so it stands behind the prefix itself and before all that continues it. No tag is as
    // large
    // as ESCAPED either, but text with a zero byte there has that byte: it lies at the end or above, outside.

    private byte[] with(byte last) {
        byte[] bound = Arrays.copyOf(encoded, encoded.length + 1);
        bound[encoded.length] = last;
        return bound;
    }

    /** The encoded parts without a copy. The array is shared by all callers: it must never be changed. */
    public byte[] encoded() {
        return encoded;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyPrefix that && Arrays.equals(encoded, that.encoded);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encoded);
    }

    /** The prefix as JSON text, such as {@code ["users"]} or {@code []}. */
    @Override
    public String toString() {
        return KeyJson.text(this);
    }
}
