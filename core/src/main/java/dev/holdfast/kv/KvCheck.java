package dev.holdfast.kv;

import dev.holdfast.engine.Versionstamp;
import dev.holdfast.key.Key;
import java.util.Objects;
import java.util.Optional;

/**
 * A condition of an atomic commit. What one transaction wrote carries one versionstamp: inside it, a check cannot tell
 * its own writes of a key apart.
 *
 * @param key the entry
 * @param versionstamp what it must carry; none: the entry must not exist
 */
public record KvCheck(Key key, Optional<Versionstamp> versionstamp) {
    /** Checks for null. */
    public KvCheck {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(versionstamp, "versionstamp");
    }

    /** The entry must not exist. */
    public static KvCheck missing(Key key) {
        return new KvCheck(key, Optional.empty());
    }

    /** The entry must still be the one that was read. */
    public static KvCheck unchanged(KvEntry entry) {
        return new KvCheck(entry.key(), Optional.of(entry.versionstamp()));
    }
}
