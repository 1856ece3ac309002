package dev.holdfast.queue;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.kv.KvValue;
import dev.holdfast.queue.QueueFlowSql.Said;
import dev.holdfast.queue.QueueSql.Removed;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A queue of a session: decisions, no SQL. */
final class StoredQueue implements Queue {
    private static final int REMOVED_AT_ONCE = 1_000;

    private final Session session;
    private final QueueRoom room;
    private final QueueSql sql;
    private final QueueIntake intake;
    private final QueueSettling settling;
    private final String name;

    StoredQueue(Session session, QueueRoom room, String name) {
        this.session = session;
        this.room = room;
        this.sql = room.sql();
        this.intake = new QueueIntake(room, name);
        this.settling = new QueueSettling(session, room, name);
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Enqueued enqueue(Object value, JobOptions options) {
        KvValue stored = QueueLimits.requireValue(KvValue.of(value));
        return options.uniqueKey().isEmpty() && options.orderingKey().isEmpty()
                ? session.writeOne(tx -> intake.add(tx, stored, options))
                : session.write(UnitKind.OPERATION, tx -> intake.addUnderKeys(tx, stored, options));
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
        return session.write(UnitKind.OPERATION, tx -> intake.addAll(tx, stored, options));
    }

    @Override
    public List<Job> claim(int limit, Duration lease) {
        QueueLimits.requireRange("limit", limit, 1, QueueLimits.BATCH_MAX);
        QueueLimits.requireLease(lease);
        if (!new ClaimLook(room, name).isWorthwhile(session)) {
            return List.of();
        }
        try (ClaimRun run = new ClaimRun(room, name, limit, lease)) {
            List<Job> jobs = session.write(UnitKind.OPERATION, run::in);
            run.committed();
            return jobs;
        }
    }

    @Override
    public boolean ack(JobClaim claim) {
        return settling.ack(claim);
    }

    @Override
    public List<JobClaim> ackAll(List<JobClaim> claims) {
        return settling.ackAll(claims);
    }

    @Override
    public boolean nack(JobClaim claim, String error) {
        return settling.nack(claim, error);
    }

    @Override
    public boolean release(JobClaim claim) {
        return settling.release(claim);
    }

    @Override
    public List<JobClaim> extendAll(List<JobClaim> claims, Duration lease) {
        return settling.extendAll(claims, lease);
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
                .map(bytes -> session.write(UnitKind.OPERATION, tx -> cancel(tx, bytes)))
                .orElse(false);
    }

    private boolean cancel(Tx tx, byte[] id) {
        Optional<Removed> gone = sql.cancel(tx, tx.ns(), name, id);
        gone.ifPresent(job -> room.order().left(tx, List.of(job), Removed::queue, Removed::orderingKey));
        return removed(tx, gone.map(Removed::bytes));
    }

    @Override
    public long purge() {
        return removeAll(tx -> {
            List<Removed> gone = sql.purge(tx, tx.ns(), name, REMOVED_AT_ONCE);
            room.order().left(tx, gone, Removed::queue, Removed::orderingKey);
            return gone;
        });
    }

    private static boolean removed(Tx tx, Optional<Long> bytes) {
        bytes.ifPresent(size -> tx.use(-1, -size));
        return bytes.isPresent();
    }

    /** Removes jobs batch by batch. */
    private long removeAll(Function<Tx, List<Removed>> some) {
        long removed = 0;
        int last;
        do {
            last = session.write(UnitKind.OPERATION, tx -> {
                List<Removed> gone = some.apply(tx);
                tx.use(-gone.size(), -gone.stream().mapToLong(Removed::bytes).sum());
                return gone.size();
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
            room.flows().setPaused(tx, tx.ns(), name, paused);
            room.touch(tx, name);
            return paused;
        });
    }

    @Override
    public QueueFlow flow() {
        return session.readOne(tx -> room.flows().of(tx, tx.ns(), name))
                .map(Said::flow)
                .orElse(QueueFlow.unlimited());
    }

    @Override
    public void flow(QueueFlow flow) {
        session.write(UnitKind.OPERATION, tx -> {
            room.flows().set(tx, tx.ns(), name, flow);
            room.touch(tx, name);
            QueueMemory memory = room.memory(tx.ns(), name);
            tx.afterCommit(() -> memory.limit(flow.isLimited()));
            return flow;
        });
    }

    @Override
    public Optional<String> deadLettersTo() {
        return session.readOne(tx -> room.flows().of(tx, tx.ns(), name)).flatMap(Said::deadLetters);
    }

    @Override
    public void deadLettersTo(String queue) {
        if (QueueLimits.requireName(queue).equals(name)) {
            throw new InvalidInputException("queue.option", "a queue does not take its own exhausted jobs");
        }
        setDeadLetters(queue);
    }

    @Override
    public void keepDeadLetters() {
        setDeadLetters(null);
    }

    private void setDeadLetters(@Nullable String queue) {
        session.write(UnitKind.OPERATION, tx -> {
            room.flows().setDeadLetters(tx, tx.ns(), name, queue);
            return name;
        });
    }

    @Override
    public QueueStats stats() {
        return session.scan(tx -> {
            boolean paused =
                    room.flows().of(tx, tx.ns(), name).map(Said::paused).orElse(false);
            return sql.stats(tx, tx.ns(), name, tx.now(), room.order().heads(tx, name), paused);
        });
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
}
