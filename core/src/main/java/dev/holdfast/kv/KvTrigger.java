package dev.holdfast.kv;

import dev.holdfast.engine.Change;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyPrefix;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A handler of writes.
 *
 * @param prefix the key itself and everything below it; the empty prefix is everything
 * @param kinds {@link Change.Kind#SET} and {@link Change.Kind#DELETE}; expiry fires nothing
 * @param handler is called for each entry in the order of the commit; what it throws is logged and fails nothing
 */
public record KvTrigger(KeyPrefix prefix, Set<Change.Kind> kinds, Consumer<KvTrigger.Event> handler) {
    /** Keeps its own copy. */
    public KvTrigger {
        kinds = Set.copyOf(kinds);
    }

    /**
     * A committed write.
     *
     * @param kind set or delete
     * @param key the entry
     * @param value the new value; none after a deletion
     * @param versionstamp of the commit
     */
    public record Event(Change.Kind kind, Key key, Optional<KvValue> value, Versionstamp versionstamp) {}

    boolean wants(Event event) {
        return kinds.contains(event.kind()) && event.key().startsWith(prefix);
    }

    /** A trigger of one namespace. */
    record Registered(String namespace, KvTrigger trigger) {}
}
