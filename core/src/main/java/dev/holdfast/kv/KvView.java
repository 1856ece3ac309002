package dev.holdfast.kv;

import dev.holdfast.codec.Codec;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.key.Key;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Keys and values of one Java type: the same entries as those of {@link Kv}, with a codec between.
 *
 * <p>Nothing marks an entry as belonging to a view. One that was written as something else fails when it is read here,
 * with {@link dev.holdfast.engine.InvalidInputException} {@code codec.mismatch} or {@code kv.value_encoding}; the entry
 * stays as it is. Blocks, commits and is safe for threads as the {@link Kv} below it.
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

    /** The value of a key; empty when there is none or it has expired. One statement. */
    public Optional<T> get(Key key) {
        return kv.get(key).map(entry -> entry.value().as(codec));
    }

    /** The value of a key with its versionstamp, for a check in an atomic commit later; otherwise like {@link #get}. */
    public Optional<Entry<T>> entry(Key key) {
        return kv.get(key).map(this::typed);
    }

    /**
     * Writes a value that never expires, replacing what was there together with its expiry.
     *
     * @return the versionstamp of the commit
     * @throws dev.holdfast.engine.InvalidInputException {@code codec.unsupported}: the value has no form in this codec;
     *     {@code kv.value_too_large}. Nothing was changed
     */
    public Versionstamp set(Key key, T value) {
        return kv.set(key, KvValue.of(codec, value), Optional.empty());
    }

    /**
     * Writes a value that expires; otherwise like {@link #set(Key, Object)}.
     *
     * @param ttl 1 ms to 100 years from now, by the store's clock
     */
    public Versionstamp set(Key key, T value, Duration ttl) {
        return kv.set(key, KvValue.of(codec, value), Optional.of(ttl));
    }

    /**
     * The entries of a selection, read as they are asked for; see {@link Kv#list}. An entry that is no value of the
     * type fails when the stream comes to it. Close the stream unless it is read to its end.
     */
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
     * @param key its key
     * @param value its value
     * @param versionstamp of the commit that wrote it
     */
    public record Entry<T>(Key key, T value, Versionstamp versionstamp) {}
}
