package dev.holdfast.simple;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.key.Key;
import dev.holdfast.kv.Kv;
import dev.holdfast.kv.KvEntry;
import dev.holdfast.kv.KvLimits;
import dev.holdfast.kv.KvMutation;
import dev.holdfast.kv.KvValue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One entry read, changed and written back in one transaction. What is to be written goes into one commit. */
final class SimpleChange {
    private static final KvValue NOTE = KvValue.json(true);

    private final Key key;
    private final long now;
    private final boolean exists;
    private final SimpleRecord record;
    private final List<KvMutation> mutations = new ArrayList<>(2);

    private SimpleChange(Key key, long now, Optional<KvEntry> entry) {
        this.key = key;
        this.now = now;
        this.exists = entry.isPresent();
        this.record = entry.map(found -> SimpleRecord.of(found, now)).orElseGet(SimpleRecord::none);
    }

    /** Runs a change; callers who meet in one entry wait for each other before they begin. */
    static <R> R run(Session session, Key key, Function<SimpleChange, R> work) {
        return session.inTurn(key.hashCode()).write(UnitKind.DECISION, tx -> run(tx, key, work));
    }

    private static <R> R run(Tx tx, Key key, Function<SimpleChange, R> work) {
        Kv kv = Kv.in(tx);
        SimpleChange change = new SimpleChange(key, tx.now(), kv.get(key));
        R result = work.apply(change);
        if (!change.mutations.isEmpty()) {
            kv.commit(List.of(), change.mutations);
        }
        return result;
    }

    /** Milliseconds to live; 0 when there is no time left. */
    static long millis(Duration ttl) {
        Objects.requireNonNull(ttl, "ttl");
        if (ttl.compareTo(KvLimits.TTL_MAX) > 0) {
            throw new InvalidInputException(
                    "simple.ttl", "the time to live is out of range (ttl=" + ttl + ", max=" + KvLimits.TTL_MAX + ")");
        }
        return ttl.isPositive() ? ttl.toMillis() : 0;
    }

    /** Writes a property that does not expire by itself. */
    boolean write(SimplePath path, @Nullable Object value) {
        record.set(path, value);
        save();
        return exists;
    }

    /** Writes a property that expires by itself. */
    boolean write(SimplePath path, @Nullable Object value, long ttlMillis) {
        record.set(path, value);
        limit(path, ttlMillis);
        save();
        return exists;
    }

    /** Writes an entry that has expired already. */
    boolean writeExpired(@Nullable Object value) {
        SimpleEncoder.encode(value); // what cannot be stored is refused all the same
        mutations.add(new KvMutation.Delete(key));
        return exists;
    }

    boolean remove(SimplePath path) {
        boolean removed = exists && record.remove(path.steps());
        if (removed) {
            save();
        }
        return removed;
    }

    boolean expire(SimplePath path, long ttlMillis) {
        if (!exists || SimpleTree.isMissing(record.find(path))) {
            return false;
        }
        if (!path.isWhole()) {
            limit(path, ttlMillis);
            save();
        } else if (ttlMillis > 0) {
            save(Optional.of(Instant.ofEpochMilli(now + ttlMillis)));
        } else {
            mutations.add(new KvMutation.Delete(key));
        }
        return true;
    }

    Number compute(SimplePath path, String operator, Number operand) {
        Object stored = record.find(path);
        if (!exists || SimpleTree.isMissing(stored)) {
            throw SimpleMath.missing(path.text());
        }
        Number result = SimpleMath.apply(path.text(), stored, operator, operand);
        record.replace(path, result);
        save();
        return result;
    }

    /** Gives a property its time; one that has none left is removed at once. */
    private void limit(SimplePath path, long ttlMillis) {
        if (ttlMillis > 0) {
            long at = now + ttlMillis;
            record.expiries().put(path.steps(), at);
            mutations.add(new KvMutation.Set(SimpleKeys.due(at, key), NOTE, Optional.empty()));
        } else {
            record.remove(path.steps());
        }
    }

    private void save() {
        save(record.expiresAt());
    }

    private void save(Optional<Instant> expiresAt) {
        mutations.add(new KvMutation.Restore(key, record.stored(), expiresAt));
    }
}
