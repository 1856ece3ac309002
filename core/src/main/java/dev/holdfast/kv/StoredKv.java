package dev.holdfast.kv;

import dev.holdfast.engine.Allowance;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.filter.Filter;
import dev.holdfast.filter.SqlCondition;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.key.KeyRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The room over a session: decisions, no SQL. */
final class StoredKv implements Kv {
    private final Session session;
    private final KvRoom room;
    private final KvSql sql;
    private final KvWriter writer;
    private final KvScan scan;

    StoredKv(Session session, KvRoom room) {
        this.session = session;
        this.room = room;
        this.sql = room.sql();
        this.writer = new KvWriter(room);
        this.scan = new KvScan(session, room);
    }

    @Override
    public Optional<KvEntry> get(Key key) {
        Objects.requireNonNull(key, "key");
        return session.readOne(tx -> sql.get(tx, tx.ns(), key, tx.now()));
    }

    @Override
    public List<Optional<KvEntry>> getAll(List<Key> keys) {
        room.limits().requireBatch(keys.size());
        if (keys.isEmpty()) {
            return List.of();
        }
        Map<Key, KvEntry> found = session.read(tx -> {
            Map<Key, KvEntry> read = new HashMap<>();
            KvLimits.Held held = room.limits().new Held();
            sql.getMany(tx, tx.ns(), keys, tx.now(), entry -> {
                held.add(entry.value());
                read.put(entry.key(), entry);
            });
            return read;
        });
        return keys.stream().map(key -> Optional.ofNullable(found.get(key))).toList();
    }

    @Override
    public Versionstamp set(Key key, KvValue value, Optional<Duration> ttl) {
        Objects.requireNonNull(key, "key");
        room.limits().requireValue(value);
        ttl.ifPresent(KvLimits::requireTtl);
        return session.writeOne(tx -> {
            KvValue resolved = KvNow.resolve(value, tx.now());
            @Nullable Long expiresAt = KvWriter.expiry(tx, ttl);
            Optional<PostgresKvSql> postgres = sql.postgres();
            if (postgres.isPresent() && writer.isPlain(tx)) {
                return writer.putPlain(postgres.get(), tx, key, resolved, expiresAt);
            }
            writer.put(tx, key, resolved, expiresAt);
            return new Versionstamp(tx.versionstamp());
        });
    }

    @Override
    public boolean expire(Key key, Optional<Duration> ttl) {
        ttl.ifPresent(KvLimits::requireTtl);
        return session.write(UnitKind.DECISION, tx -> {
            Optional<KvEntry> entry = sql.get(tx, tx.ns(), key, tx.now());
            entry.ifPresent(found -> writer.put(tx, key, found.value(), KvWriter.expiry(tx, ttl)));
            return entry.isPresent();
        });
    }

    @Override
    public boolean deleteExact(Key key) {
        return deleteExact(List.of(key), Optional.empty()) > 0;
    }

    @Override
    public long deleteExact(List<Key> keys, Optional<Filter> where) {
        room.limits().requireBatch(keys.size());
        KvMatch match = new KvMatch(where);
        // What has expired is not deleted here, so that it is not counted; it is invisible, and swept later.
        return session.write(where.isEmpty() ? UnitKind.OPERATION : UnitKind.DECISION, tx -> {
            List<Key> found = new ArrayList<>();
            sql.getMany(tx, tx.ns(), keys, tx.now(), entry -> {
                if (match.test(entry)) {
                    found.add(entry.key());
                }
            });
            return writer.removeAll(tx, found);
        });
    }

    @Override
    public long delete(List<KeyPrefix> prefixes, Optional<Filter> where) {
        room.limits().requireBatch(prefixes.size());
        @Nullable KvMatch match = where.isEmpty() ? null : new KvMatch(where);
        SqlCondition condition = room.condition(where);
        return Allowance.orAlone(
                UnitKind.DECISION,
                UnitKind.USER,
                kind -> session.write(kind, tx -> deleteRanges(tx, prefixes, match, condition, Allowance.in(tx))));
    }

    private long deleteRanges(
            Tx tx, List<KeyPrefix> prefixes, @Nullable KvMatch match, SqlCondition condition, Allowance allowance) {
        long deleted = 0;
        for (KeyPrefix prefix : prefixes) {
            deleted += deleteRange(tx, prefix.withSelf(), match, condition, allowance);
        }
        return deleted;
    }

    /** Reads a bounded batch, deletes it, and goes on behind it; values are read only when they matter. */
    private long deleteRange(
            Tx tx, KeyRange whole, @Nullable KvMatch match, SqlCondition condition, Allowance allowance) {
        if (match != null && allowance.isLimited()) {
            // The database passes over what does not match, which takes its time too.
            try (Stream<Key> looked = sql.keys(tx, tx.ns(), whole, false, tx.now(), allowance.countMax())) {
                allowance.spend(looked.count(), 0);
            }
        }
        long deleted = 0;
        for (KeyRange rest = whole; ; ) {
            List<Key> batch;
            Key last;
            if (match == null) {
                batch = sql.keys(tx, tx.ns(), rest, false, tx.now(), KvScan.BATCH)
                        .toList();
                allowance.spend(batch.size(), 0);
                last = batch.isEmpty() ? null : batch.getLast();
            } else {
                List<KvEntry> entries = sql.some(tx, tx.ns(), rest, false, tx.now(), condition, KvScan.BATCH);
                batch = entries.stream().filter(match).map(KvEntry::key).toList();
                last = entries.isEmpty() ? null : entries.getLast().key();
            }
            if (last == null) {
                return deleted;
            }
            deleted += writer.removeAll(tx, batch);
            rest = rest.after(last);
        }
    }

    @Override
    public long count(KvSelection selection) {
        if (selection.where().isPresent() || selection.limit() > 0) {
            try (Stream<KvEntry> entries = list(selection)) {
                return entries.count();
            }
        }
        KeyRange range = selection.range();
        return session.scanOne(tx -> sql.count(tx, tx.ns(), range, tx.now()));
    }

    @Override
    public Stream<KvEntry> list(KvSelection selection) {
        return scan.entries(selection);
    }

    @Override
    public Stream<Key> keys(KvSelection selection) {
        return scan.keys(selection);
    }

    @Override
    public KvPage paginate(KvSelection selection, Optional<String> cursor, int size) {
        if (size < 1 || size > KvScan.PAGE_MAX) {
            throw new InvalidInputException(
                    "kv.page_size",
                    "limit must be a positive number, received " + size + " (max " + KvScan.PAGE_MAX + ")");
        }
        return scan.page(selection, cursor.map(KvScan::decodeCursor), size);
    }

    @Override
    public KvAtomic atomic() {
        return new KvAtomic(this);
    }

    @Override
    public KvCommit commit(List<KvCheck> checks, List<KvMutation> mutations) {
        room.limits().requireOperations(checks.size() + mutations.size());
        KvPlan outline = new KvPlan(checks, mutations, room.limits());
        boolean decision = outline.isDecision();
        Session queue = decision ? session.inTurn(outline.hot()) : session;
        Optional<PostgresKvSql> postgres = sql.postgres();
        if (decision && checks.isEmpty() && postgres.isPresent() && !outline.isStamped()) {
            Optional<KvCommit> done =
                    queue.write(UnitKind.OPERATION, tx -> commitLocked(tx, postgres.get(), mutations));
            if (done.isPresent()) {
                return done.get();
            }
        }
        return queue.write(decision ? UnitKind.DECISION : UnitKind.OPERATION, tx -> {
            KvPlan plan = new KvPlan(checks, mutations, room.limits());
            List<Integer> failed = plan.read(tx, sql);
            if (!failed.isEmpty()) {
                return new KvCommit.Conflict(failed);
            }
            plan.apply(tx);
            return new KvCommit.Committed(write(tx, plan), plan.computed());
        });
    }

    /**
     * PostgreSQL: a commit that depends on the entries that it writes and on nothing else, which their locks keep as
     * they are. An entry that is not there yet has no lock; should another have made it meanwhile, it runs again.
     *
     * @return empty, and nothing done, when more goes with a write than the change log
     */
    private Optional<KvCommit> commitLocked(Tx tx, PostgresKvSql postgres, List<KvMutation> mutations) {
        if (!writer.isPlain(tx)) {
            return Optional.empty();
        }
        KvPlan plan = new KvPlan(List.of(), mutations, room.limits());
        List<Key> missing = plan.lock(tx, postgres);
        plan.apply(tx);
        return Optional.of(new KvCommit.Committed(writer.applyPlain(postgres, tx, plan, missing), plan.computed()));
    }

    private Versionstamp write(Tx tx, KvPlan plan) {
        Optional<PostgresKvSql> postgres = sql.postgres();
        if (postgres.isPresent() && !plan.isStamped() && writer.isPlain(tx)) {
            return writer.applyPlain(postgres.get(), tx, plan, List.of());
        }
        plan.outcomes().forEach((key, outcome) -> {
            if (outcome.value() == null) {
                writer.removeAll(tx, List.of(key));
            } else {
                writer.put(tx, key, outcome.value(), outcome.expiresAt());
            }
        });
        return new Versionstamp(tx.versionstamp());
    }

    @Override
    public <R> Optional<KvOptimistic.Result<R>> transaction(
            Function<KvOptimistic, R> work, int maxRetries, Duration retryDelay) {
        if (maxRetries < 0 || retryDelay.isNegative()) {
            throw new InvalidInputException(
                    "kv.retries",
                    "retries are 0 or more (maxRetries=" + maxRetries + ", retryDelay=" + retryDelay + ")");
        }
        for (int run = 1; ; run++) {
            KvOptimistic attempt = new KvOptimistic(this);
            R value = work.apply(attempt);
            if (attempt.commit() instanceof KvCommit.Committed committed) {
                return Optional.of(new KvOptimistic.Result<>(value, committed.versionstamp()));
            }
            if (run > maxRetries) {
                return Optional.empty();
            }
            KvPause.of(session.database().time(), retryDelay.multipliedBy(run));
        }
    }

    @Override
    public KvWatch watch(KvWatchOptions options, Consumer<KvWatch.Event> listener) {
        return new KvWatch(session, room, options, listener);
    }

    @Override
    public AutoCloseable addTrigger(KvTrigger trigger) {
        KvTrigger.Registered registered = new KvTrigger.Registered(session.namespace(), trigger);
        room.triggers().add(registered);
        return () -> room.triggers().remove(registered);
    }

    @Override
    public KvSearch search() {
        return new KvSearch(session, room);
    }

    @Override
    public KvStats stats() {
        return session.scanOne(tx -> sql.stats(tx, tx.ns(), tx.now()));
    }
}
