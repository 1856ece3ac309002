package dev.holdfast.kv;

import dev.holdfast.engine.Change;
import dev.holdfast.engine.ConflictException;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.key.Key;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes single entries inside a transaction, with everything that goes with a write: the change log, counters,
 * triggers.
 */
final class KvWriter {
    private static final Logger LOG = LoggerFactory.getLogger(KvWriter.class);

    private final KvRoom room;
    private final KvSql sql;

    KvWriter(KvRoom room) {
        this.room = room;
        this.sql = room.sql();
    }

    /** Whether a statement may write entries by itself, because nothing but the change log goes with a write. */
    boolean isPlain(Tx tx) {
        return tx.single() && !tx.metered() && room.triggers().isEmpty() && !isIndexed(tx);
    }

    /**
     * Whether full-text indexes must be kept in step. On PostgreSQL that is a guess, which the statement of a writer
     * that keeps none makes sure of.
     */
    boolean isIndexed(Tx tx) {
        return !room.search().remembered(tx, KvSearch.SCOPE).isEmpty();
    }

    /** When an entry written now with this time to live expires. */
    static @Nullable Long expiry(Tx tx, Optional<Duration> ttl) {
        return ttl.isPresent() ? Long.valueOf(tx.now() + ttl.get().toMillis()) : null;
    }

    void put(Tx tx, Key key, KvValue value, @Nullable Long expiresAt) {
        boolean indexed = isIndexed(tx);
        boolean written = tx.metered()
                ? putCounted(tx, key, value, expiresAt, indexed)
                : sql.upsert(tx, tx.ns(), key, value, tx.versionstamp(), expiresAt, indexed);
        if (!written) {
            throw overtaken(tx);
        }
        if (indexed) {
            KvSearch.written(room.search(), tx, key, value);
        }
        noted(tx, key, Change.Kind.SET, Optional.of(value));
        if (expiresAt != null) {
            room.sweeper().expect(tx.namespace(), expiresAt);
        }
    }

    /** Counts what is written over, which is held, or that nothing is, which the statement makes sure of. */
    private boolean putCounted(Tx tx, Key key, KvValue value, @Nullable Long expiresAt, boolean indexed) {
        Optional<Long> before = sql.hold(tx, tx.ns(), key);
        long size = (long) key.encoded().length + value.encoded().length;
        tx.use(before.isPresent() ? 0 : 1, size - before.orElse(0L));
        return before.isPresent()
                ? sql.upsert(tx, tx.ns(), key, value, tx.versionstamp(), expiresAt, indexed)
                : sql.insert(tx, tx.ns(), key, value, tx.versionstamp(), expiresAt, indexed);
    }

    /** Deletes entries, expired or not; answers how many there were. */
    long removeAll(Tx tx, List<Key> keys) {
        if (keys.isEmpty()) {
            return 0;
        }
        boolean indexed = isIndexed(tx);
        List<KvSql.Gone> gone = sql.deleteMany(tx, tx.ns(), keys, indexed).orElseThrow(() -> overtaken(tx));
        for (Key key : forgotten(tx, gone, indexed)) {
            noted(tx, key, Change.Kind.DELETE, Optional.empty());
        }
        return gone.size();
    }

    /** Deletes those of the entries that are due by now, whatever was due when they were looked for. */
    long expire(Tx tx, List<Key> keys) {
        boolean indexed = isIndexed(tx);
        List<KvSql.Gone> gone =
                sql.deleteDue(tx, tx.ns(), keys, tx.now(), indexed).orElseThrow(() -> overtaken(tx));
        for (Key key : forgotten(tx, gone, indexed)) {
            noted(tx, key, Change.Kind.EXPIRE, Optional.empty());
        }
        return gone.size();
    }

    /** Takes what was deleted out of the counters and indexes; the keys in their order. */
    private List<Key> forgotten(Tx tx, List<KvSql.Gone> gone, boolean indexed) {
        tx.use(-gone.size(), -gone.stream().mapToLong(KvSql.Gone::bytes).sum());
        List<Key> keys = gone.stream().map(KvSql.Gone::key).sorted().toList();
        if (indexed) {
            KvSearch.removed(room.search(), tx, keys);
        }
        return keys;
    }

    /** Writes one entry with a single statement. */
    Versionstamp putPlain(PostgresKvSql postgres, Tx tx, Key key, KvValue value, @Nullable Long expiresAt) {
        Versionstamp stamp = postgres.set(tx, key, value, expiresAt).orElseThrow(() -> overtaken(tx));
        tx.touched(KvRoom.NAME);
        if (expiresAt != null) {
            room.sweeper().expect(tx.namespace(), expiresAt);
        }
        return stamp;
    }

    /** Writes what a commit came to with a single statement; these keys must have no entry. */
    Versionstamp applyPlain(PostgresKvSql postgres, Tx tx, KvPlan plan, List<Key> missing) {
        Versionstamp stamp = postgres.apply(tx, plan, missing).orElseThrow(() -> overtaken(tx));
        plan.outcomes().values().stream()
                .map(KvPlan.Outcome::expiresAt)
                .filter(Objects::nonNull)
                .forEach(expiresAt -> room.sweeper().expect(tx.namespace(), expiresAt));
        return stamp;
    }

    private void noted(Tx tx, Key key, Change.Kind kind, Optional<KvValue> value) {
        tx.changed(KvRoom.NAME, "", key.encoded(), kind);
        if (!room.triggers().isEmpty() && kind != Change.Kind.EXPIRE) {
            fireAfterCommit(tx, new KvTrigger.Event(kind, key, value, new Versionstamp(tx.versionstamp())));
        }
    }

    private void fireAfterCommit(Tx tx, KvTrigger.Event event) {
        List<KvTrigger> wanted = new ArrayList<>();
        for (KvTrigger.Registered registered : room.triggers()) {
            if (registered.namespace().equals(tx.namespace())
                    && registered.trigger().wants(event)) {
                wanted.add(registered.trigger());
            }
        }
        if (!wanted.isEmpty()) {
            tx.afterCommit(() -> wanted.forEach(trigger -> fire(trigger, event)));
        }
    }

    private static void fire(KvTrigger trigger, KvTrigger.Event event) {
        try {
            trigger.handler().accept(event);
        } catch (RuntimeException e) {
            LOG.error("a trigger failed; the write stands", e);
        }
    }

    /** A write that came too late, for its entry or for an index that it did not know of; it has to run again. */
    ConflictException overtaken(Tx tx) {
        room.search().forget(tx);
        return new ConflictException("kv.overtaken", "a later commit wrote the entry first, or made an index over it");
    }
}
