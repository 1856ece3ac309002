package dev.holdfast.queue;

import dev.holdfast.engine.ConflictException;
import dev.holdfast.engine.Tx;
import dev.holdfast.kv.KvValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes jobs into a queue: decisions, no SQL. */
final class QueueIntake {
    private static final int UNIQUE_TRIES = 3;

    private final QueueRoom room;
    private final QueueSql sql;
    private final String name;

    /** Of a queue. */
    QueueIntake(QueueRoom room, String name) {
        this.room = room;
        this.sql = room.sql();
        this.name = name;
    }

    /** Takes a job that has no key, with one statement. */
    Enqueued add(Tx tx, KvValue value, JobOptions options) {
        JobRow job = row(tx, value, options);
        sql.insert(tx, job);
        return added(tx, job);
    }

    /** Takes a job that has a unique key, an ordering key or both, unless another one has its unique key. */
    Enqueued addUnderKeys(Tx tx, KvValue value, JobOptions options) {
        JobRow job = row(tx, value, options);
        for (int i = 0; i < UNIQUE_TRIES; i++) {
            Optional<JobRow> in = insert(tx, job);
            if (in.isPresent()) {
                return added(tx, in.get());
            }
            Optional<byte[]> other =
                    sql.byUniqueKey(tx, tx.ns(), name, options.uniqueKey().orElseThrow());
            if (other.isPresent()) {
                return new Enqueued(JobIds.text(other.get()), false);
            }
        }
        throw new ConflictException("queue.unique_key", "other jobs of the unique key came and went meanwhile");
    }

    private Optional<JobRow> insert(Tx tx, JobRow job) {
        if (job.orderingKey() != null) {
            return room.order().insert(tx, job);
        }
        return sql.insertUnique(tx, job) ? Optional.of(job) : Optional.empty();
    }

    /** Takes several jobs, which have no unique key, in their order. */
    List<Enqueued> addAll(Tx tx, List<KvValue> values, JobOptions options) {
        List<JobRow> jobs =
                values.stream().map(value -> row(tx, value, options)).toList();
        if (options.orderingKey().isPresent()) {
            return addOrdered(tx, jobs);
        }
        sql.insertAll(tx, jobs);
        return jobs.stream().map(job -> added(tx, job)).toList();
    }

    /** Takes the first of several jobs of one key like a single one, and all others behind it. */
    private List<Enqueued> addOrdered(Tx tx, List<JobRow> jobs) {
        List<Enqueued> all = new ArrayList<>();
        all.add(added(tx, room.order().insert(tx, jobs.getFirst()).orElseThrow()));
        List<JobRow> others =
                jobs.subList(1, jobs.size()).stream().map(JobRow::behind).toList();
        if (!others.isEmpty()) {
            sql.insertAll(tx, others);
        }
        for (JobRow job : others) {
            tx.use(1, job.bytes());
            all.add(new Enqueued(JobIds.text(job.id()), true));
        }
        return all;
    }

    private JobRow row(Tx tx, KvValue value, JobOptions options) {
        return JobRow.of(room.newId(), name, value, options, tx.now());
    }

    private Enqueued added(Tx tx, JobRow job) {
        tx.use(1, job.bytes());
        room.tender().arrived(tx, job);
        return new Enqueued(JobIds.text(job.id()), true);
    }
}
