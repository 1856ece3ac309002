package dev.holdfast.kv;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.key.Key;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Operational state under text keys: markers, cursors, locks, what a handler must remember. The entries lie below the
 * first key part {@value #RESERVED}, which is reserved, beside all others of the room.
 *
 * <p>A key is text of 1 to 1,024 characters, of any kind; case matters, and no character has a meaning. Values are
 * those of {@link KvValue#of(Object)}. What is durable when, and which thread may call, is as in the {@link Kv} that
 * this view belongs to: a view from a transaction is part of it.
 */
public final class KvStrings {
    /** The first part of every key: nobody else writes below it. */
    public static final String RESERVED = "holdfast.strings";

    private final Kv kv;

    KvStrings(Kv kv) {
        this.kv = kv;
    }

    /** The value of a key; nothing when it is missing or expired. A stored JSON null is a value. One statement. */
    public Optional<KvValue> get(String key) {
        return kv.get(own(key)).map(KvEntry::value);
    }

    /**
     * The value of a key as a Java type; see {@link KvValue#as(Class)}.
     *
     * @throws InvalidInputException {@code codec.mismatch}: it is no value of the type
     */
    public <T> Optional<T> get(String key, Class<T> type) {
        Objects.requireNonNull(type, "type");
        return get(key).map(value -> value.as(type));
    }

    /** Writes a value; it never expires, whatever was there. */
    public void set(String key, Object value) {
        kv.set(own(key), value);
    }

    /**
     * Writes a value that expires.
     *
     * @param ttl 1 ms to 100 years from now: from that millisecond on no read finds it
     */
    public void set(String key, Object value, Duration ttl) {
        kv.set(own(key), value, ttl);
    }

    /** Deletes a key; answers whether it was there. A missing one is no error. */
    public boolean delete(String key) {
        return kv.deleteExact(own(key));
    }

    /** All keys, ascending by their UTF-8 bytes. */
    public List<String> list() {
        return list("");
    }

    /**
     * The keys that begin with a text, ascending by their UTF-8 bytes. Every character of it stands for itself.
     *
     * @param prefix up to 1,024 characters; empty for all keys
     */
    public List<String> list(String prefix) {
        try (Stream<String> keys = keys(prefix)) {
            return keys.toList();
        }
    }

    /** The same, read as they are asked for; see {@link Kv#keys}. Close the stream unless it is read to its end. */
    public Stream<String> keys(String prefix) {
        Objects.requireNonNull(prefix, "prefix");
        KvSelection all = KvSelection.below(RESERVED);
        if (prefix.isEmpty()) {
            return kv.keys(all).map(KvStrings::text);
        }
        Key first = Key.of(RESERVED, prefix);
        String stored = text(first);
        String next = following(stored);
        boolean bounded = !next.isEmpty() && next.length() <= Key.PART_CHARS_MAX;
        KvSelection from = all.from(first);
        return kv.keys(bounded ? from.until(Key.of(RESERVED, next)) : from)
                .map(KvStrings::text)
                .takeWhile(key -> key.startsWith(stored));
    }

    /** The first text behind all that begin with this one; empty when there is none. */
    private static String following(String prefix) {
        int end = prefix.length();
        while (end > 0 && prefix.codePointBefore(end) == Character.MAX_CODE_POINT) {
            end -= Character.charCount(Character.MAX_CODE_POINT);
        }
        if (end == 0) {
            return "";
        }
        int last = prefix.codePointBefore(end);
        int next = last + 1 == Character.MIN_SURROGATE ? Character.MAX_SURROGATE + 1 : last + 1;
        return prefix.substring(0, end - Character.charCount(last)) + Character.toString(next);
    }

    private static Key own(String key) {
        if (Objects.requireNonNull(key, "key").isEmpty()) {
            throw new InvalidInputException("kv.key_empty", "the key is empty");
        }
        return Key.of(RESERVED, key);
    }

    private static String text(Key key) {
        return key.get(1, String.class);
    }
}
