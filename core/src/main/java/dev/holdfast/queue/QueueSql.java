package dev.holdfast.queue;

import dev.holdfast.engine.Database;
import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.NamespaceUsage;
import dev.holdfast.engine.Sql;
import dev.holdfast.engine.Tables;
import dev.holdfast.engine.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Every statement of the room; those that claim, and settle several jobs, are in {@link QueueClaimSql}. */
final class QueueSql {
    /** What {@link JobRow#read} reads and {@link JobRow#args} writes. */
    static final String COLUMNS = "id, queue, state, priority, due_at, token, attempt, attempts_max, backoff,"
            + " dead_letter, fallback, unique_key, encoding, value, created_at, error, ordering_key";

    static final String INSERT = "insert into {p}queue_jobs (ns, " + COLUMNS
            + ") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String UNLESS_THERE =
            " on conflict (ns, queue, unique_key) where unique_key is not null and state <> 1 do nothing";
    private static final String REPLACE = " on conflict (ns, id) do update set queue = excluded.queue,"
            + " state = excluded.state, priority = excluded.priority, due_at = excluded.due_at,"
            + " token = excluded.token, attempt = excluded.attempt, attempts_max = excluded.attempts_max,"
            + " backoff = excluded.backoff, dead_letter = excluded.dead_letter, fallback = excluded.fallback,"
            + " unique_key = excluded.unique_key, encoding = excluded.encoding, value = excluded.value,"
            + " created_at = excluded.created_at, error = excluded.error, ordering_key = excluded.ordering_key";
    private static final String BYTES = "length(id) + length(value)";
    private static final String REMOVED = " returning " + BYTES + ", queue, ordering_key";
    private static final String OF_QUEUE = " from {p}queue_jobs where ns = ? and queue = ?";
    private static final String OF_ID = " from {p}queue_jobs where ns = ? and queue = ? and id = ?";

    private final boolean postgres;
    private final String insert;
    private final String insertUnique;
    private final String insertAll;
    private final String replace;
    private final String before;
    private final String byUniqueKey;
    private final String hold;
    private final String change;
    private final String delete;
    private final String ack;
    private final String ackOrdered;
    private final String claimOf;
    private final String cancel;
    private final String purge;
    private final String stats;
    private final String peek;
    private final String deadPage;
    private final String dead;
    private final String holdDead;
    private final String deleteDead;
    private final String purgeDead;
    private final String names;
    private final String all;
    private final String usage;

    QueueSql(Database database) {
        Tables tables = database.tables();
        postgres = database.dialect() == Dialect.POSTGRES;
        String lock = postgres ? " for update" : "";
        insert = tables.sql(INSERT + " returning 1");
        insertUnique = tables.sql(INSERT + UNLESS_THERE + " returning 1");
        insertAll = tables.sql("insert into {p}queue_jobs (ns, " + COLUMNS + ") select ?, i.id, ?, ?, ?, ?, ?, ?, ?,"
                + " ?, ?, ?, ?, i.encoding, i.value, ?, ?, ? from unnest(?::bytea[], ?::bigint[], ?::bytea[])"
                + " as i (id, encoding, value)");
        replace = tables.sql(INSERT + REPLACE);
        before = tables.sql(
                "select " + BYTES + ", queue, ordering_key from {p}queue_jobs where ns = ? and id = ?" + lock);
        byUniqueKey = tables.sql("select id" + OF_QUEUE + " and unique_key = ? and state <> 1");
        hold = tables.sql(
                "select " + COLUMNS + " from {p}queue_jobs where ns = ? and id = ? and token = ? and state = 3" + lock);
        change = tables.sql(
                "update {p}queue_jobs set state = ?, due_at = ?, attempt = ?, error = ?" + " where ns = ? and id = ?");
        delete = tables.sql("delete from {p}queue_jobs where ns = ? and id = ?");
        ack = tables.sql(
                "delete from {p}queue_jobs where ns = ? and id = ? and token = ? and state = 3 and ordering_key is null"
                        + " returning " + BYTES);
        ackOrdered = tables.sql("delete from {p}queue_jobs where ns = ? and id = ? and token = ? and state = 3"
                + " and ordering_key is not null" + REMOVED);
        claimOf = tables.sql("select token, attempt" + OF_ID + " and state = 3 and due_at > ?");
        cancel = tables.sql("delete" + OF_ID + " and state in (-1, 0, 2)" + REMOVED);
        purge = tables.sql(some("state in (-1, 0, 2)"));
        stats = tables.sql("select state, case when due_at <= ? then 1 else 0 end as past,"
                + " case when attempt >= attempts_max then 1 else 0 end as spent, dead_letter, count(*)" + OF_QUEUE
                + " group by 1, 2, 3, 4");
        peek = tables.sql("select " + COLUMNS + OF_QUEUE + " and state = 0 order by priority, due_at, id limit ?");
        deadPage = tables.sql(
                "select " + COLUMNS + OF_QUEUE + " and state = 1 order by due_at desc, id desc limit ? offset ?");
        dead = tables.sql("select " + COLUMNS + OF_ID + " and state = 1");
        holdDead = dead + lock;
        deleteDead = tables.sql("delete" + OF_ID + " and state = 1 returning " + BYTES);
        purgeDead = tables.sql(some("state = 1"));
        names = tables.sql("select distinct queue from {p}queue_jobs where ns = ? union"
                + " select name from {p}queues where ns = ? and " + QueueFlowSql.SAID + " order by 1");
        all = tables.sql("select " + COLUMNS + " from {p}queue_jobs where ns = ? order by id");
        usage = tables.sql("select count(*), coalesce(sum(" + BYTES + "), 0) from {p}queue_jobs where ns = ?");
    }

    /** Some jobs of a queue that are removed together; neither database takes a limit in a deletion. */
    private static String some(String condition) {
        return "delete from {p}queue_jobs where ns = ? and id in (select id" + OF_QUEUE + " and " + condition
                + " limit ?) and " + condition + REMOVED;
    }

    /** Inserts one job, which has no unique key, with a statement that may be all of its transaction. */
    void insert(Tx tx, JobRow row) {
        tx.whole(insert, done -> true, row.args(tx.ns()));
    }

    /** Inserts a job unless another one has its unique key; answers whether it did. */
    boolean insertUnique(Tx tx, JobRow row) {
        return tx.first(insertUnique, done -> true, row.args(tx.ns())).isPresent();
    }

    /** Inserts jobs that differ in their ids and values alone. */
    void insertAll(Tx tx, List<JobRow> rows) {
        if (!postgres) {
            rows.forEach(row -> insert(tx, row));
            return;
        }
        JobRow like = rows.getFirst();
        tx.exec(
                insertAll,
                tx.ns(),
                like.queue(),
                like.state(),
                like.priority(),
                like.dueAt(),
                like.token(),
                like.attempt(),
                like.attemptsMax(),
                like.backoff(),
                like.deadLetter() ? 1 : 0,
                like.fallback(),
                like.uniqueKey(),
                like.createdAt(),
                like.error(),
                like.orderingKey(),
                rows.stream().map(JobRow::id).toArray(byte[][]::new),
                rows.stream().map(row -> (long) row.encoding()).toArray(Long[]::new),
                rows.stream().map(JobRow::value).toArray(byte[][]::new));
    }

    /** Writes a job whatever was there of its id. */
    void replace(Sql sql, int ns, JobRow row) {
        sql.exec(replace, row.args(ns));
    }

    /** A job that is to be replaced, if it is there; nobody else changes it before the transaction ends. */
    Optional<Removed> before(Sql sql, int ns, byte[] id) {
        return sql.first(before, Removed::read, ns, id);
    }

    Optional<byte[]> byUniqueKey(Sql sql, int ns, String queue, String key) {
        return sql.first(byUniqueKey, row -> row.getBytes(1), ns, queue, key);
    }

    /** A claimed job, if the claim is good; nobody else changes it before the transaction ends. */
    Optional<JobRow> hold(Sql sql, int ns, byte[] id, long token) {
        return sql.first(hold, JobRow::read, ns, id, token);
    }

    /** Changes a job that is held. */
    void change(Sql sql, int ns, byte[] id, int state, long dueAt, int attempt, @Nullable String error) {
        sql.exec(change, state, dueAt, attempt, error, ns, id);
    }

    /** Removes a job that is held. */
    void delete(Sql sql, int ns, byte[] id) {
        sql.exec(delete, ns, id);
    }

    /**
     * Removes a job that has no ordering key if the claim is good, with a statement that may be all of its transaction;
     * answers its bytes.
     */
    Optional<Long> ack(Tx tx, byte[] id, long token) {
        return tx.whole(ack, row -> row.getLong(1), tx.ns(), id, token);
    }

    /** The same for a job that has one. */
    Optional<Removed> ackOrdered(Sql sql, int ns, byte[] id, long token) {
        return sql.first(ackOrdered, Removed::read, ns, id, token);
    }

    /** The attempt at a job that is going on. */
    Optional<Going> claimOf(Sql sql, int ns, String queue, byte[] id, long now) {
        return sql.first(claimOf, row -> new Going(row.getLong(1), row.getInt(2)), ns, queue, id, now);
    }

    Optional<Removed> cancel(Sql sql, int ns, String queue, byte[] id) {
        return sql.first(cancel, Removed::read, ns, queue, id);
    }

    /** Removes some jobs that wait. */
    List<Removed> purge(Sql sql, int ns, String queue, int limit) {
        return sql.list(purge, Removed::read, ns, ns, queue, limit);
    }

    /**
     * How many jobs a queue holds.
     *
     * @param heads of the blocked ones become ready as soon as somebody looks
     * @param paused what is known of that
     */
    QueueStats stats(Sql sql, int ns, String queue, long now, long heads, boolean paused) {
        Counts counts = new Counts(heads);
        sql.list(
                stats,
                row -> counts.add(
                        row.getInt(1), row.getInt(2) != 0, row.getInt(3) != 0, row.getInt(4) != 0, row.getLong(5)),
                now,
                ns,
                queue);
        return counts.stats(paused);
    }

    List<JobRow> peek(Sql sql, int ns, String queue, int limit) {
        return sql.list(peek, JobRow::read, ns, queue, limit);
    }

    List<JobRow> dead(Sql sql, int ns, String queue, int limit, long offset) {
        return sql.list(deadPage, JobRow::read, ns, queue, limit, offset);
    }

    Optional<JobRow> dead(Sql sql, int ns, String queue, byte[] id) {
        return sql.first(dead, JobRow::read, ns, queue, id);
    }

    /** A dead job; nobody else changes it before the transaction ends. */
    Optional<JobRow> holdDead(Sql sql, int ns, String queue, byte[] id) {
        return sql.first(holdDead, JobRow::read, ns, queue, id);
    }

    Optional<Long> deleteDead(Tx tx, String queue, byte[] id) {
        return tx.whole(deleteDead, row -> row.getLong(1), tx.ns(), queue, id);
    }

    /** Removes some dead jobs. */
    List<Removed> purgeDead(Sql sql, int ns, String queue, int limit) {
        return sql.list(purgeDead, Removed::read, ns, ns, queue, limit);
    }

    List<String> names(Sql sql, int ns) {
        return sql.list(names, row -> row.getString(1), ns, ns);
    }

    /** All jobs of a namespace by their ids. */
    Stream<JobRow> all(Sql sql, int ns) {
        return sql.iterate(all, JobRow::read, ns);
    }

    NamespaceUsage usage(Sql sql, int ns) {
        return sql.first(usage, row -> new NamespaceUsage(row.getLong(1), row.getLong(2)), ns)
                .orElseThrow();
    }

    /**
     * A job that was removed.
     *
     * @param bytes what it counted in a quota
     */
    record Removed(long bytes, String queue, @Nullable String orderingKey) {
        static Removed read(ResultSet row) throws SQLException {
            return new Removed(row.getLong(1), row.getString(2), row.getString(3));
        }
    }

    /** An attempt at a job. */
    record Going(long token, int attempt) {}

    /** Adds up jobs by what they are, or are next when their lease has run out. */
    private static final class Counts {
        private long ready;
        private long delayed;
        private long blocked;
        private long claimed;
        private long dead;

        private Counts(long heads) {
            ready = heads;
            blocked = -heads;
        }

        long add(int state, boolean past, boolean spent, boolean deadLetter, long count) {
            switch (state) {
                case JobRow.BEHIND -> blocked += count;
                case JobRow.DEAD -> dead += count;
                case JobRow.DELAYED -> {
                    ready += past ? count : 0;
                    delayed += past ? 0 : count;
                }
                case JobRow.CLAIMED -> {
                    claimed += past ? 0 : count;
                    ready += past && !spent ? count : 0;
                    dead += past && spent && deadLetter ? count : 0;
                }
                default -> ready += count;
            }
            return count;
        }

        QueueStats stats(boolean isPaused) {
            return new QueueStats(ready, delayed, blocked, claimed, dead, isPaused);
        }
    }
}
