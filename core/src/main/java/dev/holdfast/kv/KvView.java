package dev.holdfast.kv;

import dev.holdfast.codec.Codec;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.key.Key;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Keys and values of one Java type.
 *
 * @param <T> the type of the values
 */
public final class KvView<T> {
    private final Kv kv;
    private final Codec<T> codec;

    KvView(Kv kv, Codec<T> codec) {
        this.kv = kv;
        this.codec = codec;
    }

    /** The value of a key. */
    public Optional<T> get(Key key) {
        return kv.get(key).map(entry -> entry.value().as(codec));
    }

    /** The value of a key with its versionstamp. */
    public Optional<Entry<T>> entry(Key key) {
        return kv.get(key).map(this::typed);
    }

    /** Writes a value that never expires. */
    public Versionstamp set(Key key, T value) {
        return kv.set(key, KvValue.of(codec, value), Optional.empty());
    }

    /** Writes a value that expires. */
    public Versionstamp set(Key key, T value, Duration ttl) {
        return kv.set(key, KvValue.of(codec, value), Optional.of(ttl));
    }

    /** The entries of a selection, read as they are asked for; see {@link Kv#list}. */
    public Stream<Entry<T>> list(KvSelection selection) {
        return kv.list(selection).map(this::typed);
    }

    private Entry<T> typed(KvEntry entry) {
        return new Entry<>(entry.key(), entry.value().as(codec), entry.versionstamp());
    }

    /**
     * An entry with its value decoded.
     *
     * @param <T> the type of the value
     */
    public record Entry<T>(Key key, T value, Versionstamp versionstamp) {}
}
