package dev.holdfast.simple;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A key and its value, as iteration hands them out.
 *
 * @param key as it is, without escapes
 * @param value as {@link SimpleKv#get(String)} decodes it; null when null was stored
 */
public record SimpleEntry(String key, @Nullable Object value) {
    /** Checks the key for null. */
    public SimpleEntry {
        Objects.requireNonNull(key, "key");
    }
}
