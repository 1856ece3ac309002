package dev.holdfast.queue;

import dev.holdfast.engine.Database;
import dev.holdfast.engine.Tx;
import dev.holdfast.queue.QueueClaimSql.Place;
import dev.holdfast.queue.QueueOrderSql.Let;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Gives out the jobs of one ordering key one at a time. Of each key one job is the head: ready, delayed or claimed like
 * any job. All others are behind, where no claim sees them, so that a claim costs the same however many there are.
 *
 * <p>When a head leaves, the next job of its key becomes the head. On SQLite that is done at once. On PostgreSQL no
 * transaction sees what others do at the same time, and one of a user reads a snapshot that may be old. So whoever
 * removes a head, or puts a job behind one, notes a turn of the key, and whoever claims next looks at the keys that
 * have a turn: in a transaction that is one operation, which sees what is committed, and under the lock of the queue's
 * row. A unique index makes sure that no key has two heads.
 */
final class QueueOrder {
    /** Turns that are taken in one step. */
    private static final int TURNS_MAX = 1_000;

    private final QueueRoom room;
    private final QueueOrderSql sql;

    QueueOrder(QueueRoom room, Database database) {
        this.room = room;
        this.sql = new QueueOrderSql(database);
    }

    /** The statements. */
    QueueOrderSql sql() {
        return sql;
    }

    /** Inserts a job that has an ordering key; answers how, or nothing when another job has its unique key. */
    Optional<JobRow> insert(Tx tx, JobRow job) {
        // By an old snapshot a job could become the head before one that is behind already.
        boolean sees = !sql.isPostgres() || tx.single();
        if (sees && sql.insertHead(tx, tx.ns(), job)) {
            return Optional.of(job);
        }
        JobRow behind = job.behind();
        return room.sql().insertUnique(tx, behind) ? Optional.of(behind) : Optional.empty();
    }

    /** A job was put behind others of its key, the last of which may leave at the same time. */
    void follows(Tx tx, JobRow job) {
        if (sql.isPostgres() && job.orderingKey() != null) {
            turn(tx, job.queue(), Set.of(job.orderingKey()));
        }
    }

    /** Jobs have left: they are settled, dead or removed. */
    <T> void left(Tx tx, List<T> jobs, Function<T, String> queueOf, Function<T, @Nullable String> keyOf) {
        Map<String, Set<String>> keys = new TreeMap<>();
        for (T job : jobs) {
            String key = keyOf.apply(job);
            if (key != null) {
                keys.computeIfAbsent(queueOf.apply(job), queue -> new TreeSet<>())
                        .add(key);
            }
        }
        keys.forEach(sql.isPostgres() ? (queue, some) -> turn(tx, queue, some) : (queue, some) -> let(tx, queue, some));
    }

    private void turn(Tx tx, String queue, Set<String> keys) {
        sql.turn(tx, tx.ns(), queue, keys, room::newId);
        room.touchOrder(tx, queue);
    }

    /** Looks at some keys that have a turn; answers how many turns that were. */
    int some(Tx tx, String queue) {
        sql.lock(tx, tx.ns(), queue);
        List<String> keys = sql.takeTurns(tx, tx.ns(), queue, TURNS_MAX);
        if (!keys.isEmpty()) {
            let(tx, queue, new TreeSet<>(keys));
        }
        return keys.size();
    }

    /** How many keys have a job that becomes their head when somebody looks. */
    long heads(Tx tx, String queue) {
        return sql.heads(tx, tx.ns(), queue);
    }

    private void let(Tx tx, String queue, Set<String> keys) {
        for (Let job : sql.let(tx, tx.ns(), queue, keys, tx.now())) {
            if (job.state() == JobRow.READY) {
                room.tender().ready(tx, queue, job.priority(), new Place(job.dueAt(), job.id()));
            } else {
                room.tender().expect(tx, queue, job.dueAt());
            }
        }
    }
}
