package dev.holdfast.queue;

import dev.holdfast.engine.ConflictException;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.kv.KvValue;
import dev.holdfast.queue.QueueClaimSql.Gone;
import dev.holdfast.queue.QueueClaimSql.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/** A queue of a session: decisions, no SQL. */
final class StoredQueue implements Queue {
    private static final int REMOVED_AT_ONCE = 1_000;
    private static final int UNIQUE_TRIES = 3;

    private final Session session;
    private final QueueRoom room;
    private final QueueSql sql;
    private final QueueTender tender;
    private final String name;

    StoredQueue(Session session, QueueRoom room, String name) {
        this.session = session;
        this.room = room;
        this.sql = room.sql();
        this.tender = room.tender();
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Enqueued enqueue(Object value, JobOptions options) {
        KvValue stored = QueueLimits.requireValue(KvValue.of(value));
        return options.uniqueKey().isEmpty()
                ? session.writeOne(tx -> add(tx, stored, options))
                : session.write(UnitKind.OPERATION, tx -> addUnique(tx, stored, options));
    }

    private Enqueued add(Tx tx, KvValue value, JobOptions options) {
        JobRow job = JobRow.of(room.newId(), name, value, options, tx.now());
        sql.insert(tx, job);
        return added(tx, job);
    }

    private Enqueued addUnique(Tx tx, KvValue value, JobOptions options) {
        JobRow job = JobRow.of(room.newId(), name, value, options, tx.now());
        String key = options.uniqueKey().orElseThrow();
        for (int i = 0; i < UNIQUE_TRIES; i++) {
            if (sql.insertUnique(tx, job)) {
                return added(tx, job);
            }
            Optional<byte[]> other = sql.byUniqueKey(tx, tx.ns(), name, key);
            if (other.isPresent()) {
                return new Enqueued(JobIds.text(other.get()), false);
            }
        }
        throw new ConflictException("queue.unique_key", "other jobs of the unique key came and went meanwhile");
    }

    private Enqueued added(Tx tx, JobRow job) {
        tx.use(1, job.bytes());
        if (job.state() == JobRow.READY) {
            tender.ready(tx, name, job.priority(), Place.of(job));
        } else {
            tender.expect(tx, name, job.dueAt());
        }
        return new Enqueued(JobIds.text(job.id()), true);
    }

    @Override
    public List<Enqueued> enqueueAll(List<?> values, JobOptions options) {
        QueueLimits.requireBatch(values.size());
        if (options.uniqueKey().isPresent()) {
            throw new InvalidInputException("queue.option", "jobs that are enqueued together have no unique key");
        }
        List<KvValue> stored = values.stream()
                .map(value -> QueueLimits.requireValue(KvValue.of(value)))
                .toList();
        if (stored.isEmpty()) {
            return List.of();
        }
        return session.write(UnitKind.OPERATION, tx -> {
            List<JobRow> jobs = stored.stream()
                    .map(value -> JobRow.of(room.newId(), name, value, options, tx.now()))
                    .toList();
            sql.insertAll(tx, jobs);
            return jobs.stream().map(job -> added(tx, job)).toList();
        });
    }

    @Override
    public List<Job> claim(int limit, Duration lease) {
        QueueLimits.requireRange("limit", limit, 1, QueueLimits.BATCH_MAX);
        QueueLimits.requireLease(lease);
        try (ClaimRun run = new ClaimRun(room, name, limit, lease)) {
            List<Job> jobs = session.write(UnitKind.OPERATION, run::in);
            run.committed();
            return jobs;
        }
    }

    @Override
    public boolean ack(JobClaim claim) {
        Optional<byte[]> id = JobIds.bytes(claim.id());
        return id.isPresent()
                && session.writeOne(tx -> {
                    Optional<Long> bytes = sql.ack(tx, id.get(), claim.token());
                    bytes.ifPresent(size -> {
                        tx.use(-1, -size);
                        settled(tx, claim);
                    });
                    return bytes.isPresent();
                });
    }

    @Override
    public List<JobClaim> ackAll(List<JobClaim> claims) {
        return each(claims, (tx, known) -> {
            List<Gone> gone = room.claims().ack(tx, tx.ns(), known.ids, known.tokens);
            tx.use(-gone.size(), -gone.stream().mapToLong(Gone::bytes).sum());
            return gone.stream()
                    .map(Gone::claim)
                    .peek(claim -> settled(tx, claim))
                    .toList();
        });
    }

    @Override
    public boolean nack(JobClaim claim, String error) {
        String kept =
                error.length() <= QueueLimits.ERROR_CHARS_MAX ? error : error.substring(0, QueueLimits.ERROR_CHARS_MAX);
        // PostgreSQL holds no U+0000 in text.
        String text = kept.replace('\u0000', ' ');
        return held(claim, tx -> job -> refuse(tx, job, text));
    }

    private void refuse(Tx tx, JobRow job, String error) {
        if (job.attempt() >= job.attemptsMax()) {
            tender.exhaust(tx, List.of(job.refused(error)));
            return;
        }
        long delay = job.retry().delay(job.attempt()).toMillis();
        long dueAt = tx.now() + delay;
        int state = delay == 0 ? JobRow.READY : JobRow.DELAYED;
        sql.change(tx, tx.ns(), job.id(), state, dueAt, job.attempt(), error);
        if (delay == 0) {
            tender.ready(tx, job.queue(), job.priority(), new Place(dueAt, job.id()));
        } else {
            tender.expect(tx, job.queue(), dueAt);
        }
    }

    @Override
    public boolean release(JobClaim claim) {
        return held(claim, tx -> job -> {
            sql.change(tx, tx.ns(), job.id(), JobRow.READY, tx.now(), job.attempt() - 1, job.error());
            tender.ready(tx, job.queue(), job.priority(), new Place(tx.now(), job.id()));
        });
    }

    /** Does something with a job if its claim is good. */
    private boolean held(JobClaim claim, Function<Tx, Consumer<JobRow>> work) {
        Optional<byte[]> id = JobIds.bytes(claim.id());
        return id.isPresent()
                && session.write(UnitKind.OPERATION, tx -> {
                    Optional<JobRow> job = sql.hold(tx, tx.ns(), id.get(), claim.token());
                    job.ifPresent(found -> {
                        work.apply(tx).accept(found);
                        settled(tx, claim);
                    });
                    return job.isPresent();
                });
    }

    /** Whoever handles the job in this process is told when a transaction settles it. */
    private void settled(Tx tx, JobClaim claim) {
        if (!tx.single()) {
            tx.afterCommit(() -> room.settled(claim));
        }
    }

    @Override
    public List<JobClaim> extendAll(List<JobClaim> claims, Duration lease) {
        QueueLimits.requireLease(lease);
        return each(claims, (tx, known) -> {
            long leaseUntil = tx.now() + lease.toMillis();
            QueueClaimSql all = room.claims();
            List<JobClaim> good = all.extend(tx, tx.ns(), known.ids, known.tokens, leaseUntil);
            if (!good.isEmpty()) {
                tender.expect(tx, name, leaseUntil);
            }
            return all.isPostgres() && good.size() < known.ids.size()
                    ? all.held(tx, tx.ns(), known.ids, known.tokens)
                    : good;
        });
    }

    /** Does something with several claims; answers those of them that were good, in their order. */
    private List<JobClaim> each(List<JobClaim> claims, Settling settling) {
        QueueLimits.requireBatch(claims.size());
        Known known = Known.of(claims);
        if (known.ids.isEmpty()) {
            return List.of();
        }
        Set<JobClaim> good = new HashSet<>(session.write(UnitKind.OPERATION, tx -> settling.settle(tx, known)));
        return claims.stream().filter(good::contains).toList();
    }

    @Override
    public Optional<JobClaim> claimOf(String id) {
        return going(id, found -> true);
    }

    @Override
    public Optional<JobClaim> claimOf(String id, int attempt) {
        return going(id, found -> found.attempt() == attempt);
    }

    private Optional<JobClaim> going(String id, Predicate<QueueSql.Going> wanted) {
        return JobIds.bytes(id)
                .flatMap(bytes -> session.readOne(tx -> sql.claimOf(tx, tx.ns(), name, bytes, tx.now())))
                .filter(wanted)
                .map(found -> new JobClaim(id, found.token()));
    }

    @Override
    public boolean cancel(String id) {
        return JobIds.bytes(id)
                .map(bytes -> session.writeOne(tx -> removed(tx, sql.cancel(tx, name, bytes))))
                .orElse(false);
    }

    @Override
    public long purge() {
        return removeAll(tx -> sql.purge(tx, tx.ns(), name, REMOVED_AT_ONCE));
    }

    private static boolean removed(Tx tx, Optional<Long> bytes) {
        bytes.ifPresent(size -> tx.use(-1, -size));
        return bytes.isPresent();
    }

    /** Removes jobs batch by batch. */
    private long removeAll(Function<Tx, List<Long>> some) {
        long removed = 0;
        int last;
        do {
            last = session.write(UnitKind.OPERATION, tx -> {
                List<Long> sizes = some.apply(tx);
                tx.use(-sizes.size(), -sizes.stream().mapToLong(Long::longValue).sum());
                return sizes.size();
            });
            removed += last;
        } while (last == REMOVED_AT_ONCE);
        return removed;
    }

    @Override
    public void pause() {
        setPaused(true);
    }

    @Override
    public void resume() {
        setPaused(false);
    }

    private void setPaused(boolean paused) {
        session.write(UnitKind.OPERATION, tx -> {
            sql.setPaused(tx, tx.ns(), name, paused);
            room.touch(tx, name);
            return paused;
        });
    }

    @Override
    public QueueStats stats() {
        return session.scan(tx -> sql.stats(tx, tx.ns(), name, tx.now()));
    }

    @Override
    public List<QueuedJob> peek(int limit) {
        QueueLimits.requireRange("limit", limit, 1, QueueLimits.PAGE_MAX);
        return session.readOne(tx -> sql.peek(tx, tx.ns(), name, limit)).stream()
                .map(JobRow::queued)
                .toList();
    }

    @Override
    public List<DeadJob> dead(int limit, long offset) {
        QueueLimits.requireRange("limit", limit, 1, QueueLimits.PAGE_MAX);
        if (offset < 0) {
            throw new InvalidInputException("queue.option", "offset is 0 or more (offset=" + offset + ")");
        }
        return session.scanOne(tx -> sql.dead(tx, tx.ns(), name, limit, offset)).stream()
                .map(JobRow::dead)
                .toList();
    }

    @Override
    public Optional<DeadJob> dead(String id) {
        return JobIds.bytes(id)
                .flatMap(bytes -> session.readOne(tx -> sql.dead(tx, tx.ns(), name, bytes)))
                .map(JobRow::dead);
    }

    @Override
    public Optional<String> requeue(String id) {
        return requeue(id, JobRow::options);
    }

    @Override
    public Optional<String> requeue(String id, JobOptions options) {
        return requeue(id, job -> options);
    }

    private Optional<String> requeue(String id, Function<JobRow, JobOptions> how) {
        return JobIds.bytes(id)
                .flatMap(bytes -> session.write(
                        UnitKind.OPERATION,
                        tx -> sql.holdDead(tx, tx.ns(), name, bytes).map(job -> {
                            sql.delete(tx, tx.ns(), job.id());
                            tx.use(-1, -job.bytes());
                            return new StoredQueue(tx, room, name)
                                    .enqueue(job.content(), how.apply(job))
                                    .id();
                        })));
    }

    @Override
    public boolean deleteDead(String id) {
        return JobIds.bytes(id)
                .map(bytes -> session.writeOne(tx -> removed(tx, sql.deleteDead(tx, name, bytes))))
                .orElse(false);
    }

    @Override
    public long purgeDead() {
        return removeAll(tx -> sql.purgeDead(tx, tx.ns(), name, REMOVED_AT_ONCE));
    }

    @Override
    public QueueFollower follow(Runnable wake) {
        session.database().requireOutside("a queue cannot be followed from inside a transaction");
        int known = session.readOne(Tx::ns);
        // Its signals have the number of the namespace, so there must be one.
        int ns = known != 0 ? known : session.write(UnitKind.OPERATION, Tx::ns);
        return room.follow(ns, name, wake);
    }

    @Override
    public QueueListener listen(JobHandler handler, ListenOptions options) {
        session.database().requireOutside("a queue cannot be listened to from inside a transaction");
        return QueueWorkers.start(this, room, session.database().time(), handler, options);
    }

    /** What is done with several claims in one transaction. */
    @FunctionalInterface
    private interface Settling {
        List<JobClaim> settle(Tx tx, Known known);
    }

    /** Claims whose ids jobs can have. */
    private record Known(List<byte[]> ids, List<Long> tokens) {
        static Known of(List<JobClaim> claims) {
            Known known = new Known(new ArrayList<>(), new ArrayList<>());
            for (JobClaim claim : claims) {
                JobIds.bytes(claim.id()).ifPresent(id -> {
                    known.ids.add(id);
                    known.tokens.add(claim.token());
                });
            }
            return known;
        }
    }
}
