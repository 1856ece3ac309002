package dev.holdfast.queue;

import dev.holdfast.engine.Database;
import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.Sql;
import dev.holdfast.engine.Tables;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The statements that claim, settle and free many jobs. On PostgreSQL each locks its rows first and passes over those
 * that others have locked, so that no two of them wait for each other.
 */
final class QueueClaimSql {
    private static final String READY = " from {p}queue_jobs where ns = ? and queue = ? and state = 0"
            + " and not exists (select 1 from {p}queues where ns = ? and name = ? and paused = 1)";
    private static final String ORDER = " order by priority, due_at, id limit ?";
    // Of one priority, from a place in its order on.
    private static final String FROM = " and priority = ? and (due_at, id) >= (?, ?) order by due_at, id limit ?";
    private static final String SKIP = " for update skip locked";
    private static final String CLAIM = "update {p}queue_jobs set state = 3, due_at = ?, token = token + 1,"
            + " attempt = attempt + 1 where ns = ? and id in (select id";
    // The row as it was, but for what the claim adds to its token and attempt.
    private static final String CLAIM_POSTGRES = """
            with c as materialized (select id as job, due_at as was_due%s%s for update skip locked)
            update {p}queue_jobs set state = 3, due_at = ?, token = token + 1, attempt = attempt + 1
              from c where ns = ? and id = c.job
            returning id, queue, 0, priority, was_due, token - 1, attempt - 1, attempts_max, backoff, dead_letter,
              fallback, unique_key, encoding, value, created_at, error
            """;

    private static final String TIMED = " from {p}queue_jobs where ns = ? and queue = ? and state >= 2";
    private static final String RAN_OUT = TIMED + " and due_at <= ?";
    private static final String FREED = "state = 0, due_at = case when state = 3 then ? else due_at end";
    private static final String SOME_FREED =
            RAN_OUT + " and (state = 2 or attempt < attempts_max) order by due_at limit ?";

    private final boolean postgres;
    private final String ready;
    private final String claim;
    private final String claimFrom;
    private final String ack;
    private final String extend;
    private final String held;
    private final String free;
    private final String spent;
    private final String nextDue;
    private final String nextQueue;

    QueueClaimSql(Database database) {
        Tables tables = database.tables();
        postgres = database.dialect() == Dialect.POSTGRES;
        ready = tables.sql("select " + QueueSql.COLUMNS + READY + ORDER);
        claim = tables.sql(postgres ? CLAIM_POSTGRES.formatted(READY, ORDER) : CLAIM + READY + ORDER + ")");
        claimFrom = tables.sql(CLAIM_POSTGRES.formatted(READY, FROM));
        ack = tables.sql(
                postgres
                        ? "delete from {p}queue_jobs j using unnest(?::bytea[], ?::bigint[]) as a (job, claim)"
                                + " where j.ns = ? and j.id = a.job and j.token = a.claim and j.state = 3"
                                + " returning j.id, j.token, length(j.id) + length(j.value)"
                        : "delete from {p}queue_jobs where ns = ? and id = ? and token = ? and state = 3"
                                + " returning id, token, length(id) + length(value)");
        extend = tables.sql(
                postgres
                        ? "with c as materialized (select j.id as job from {p}queue_jobs j join"
                                + " unnest(?::bytea[], ?::bigint[]) as a (job, claim) on j.id = a.job"
                                + " where j.ns = ? and j.token = a.claim and j.state = 3 for update of j skip locked)"
                                + " update {p}queue_jobs set due_at = ? from c where ns = ? and id = c.job"
                                + " returning id, token"
                        : "update {p}queue_jobs set due_at = ? where ns = ? and id = ? and token = ? and state = 3"
                                + " returning id, token");
        held = tables.sql(
                "select j.id, j.token from {p}queue_jobs j join unnest(?::bytea[], ?::bigint[]) as a (job, claim)"
                        + " on j.id = a.job where j.ns = ? and j.token = a.claim and j.state = 3");
        free = tables.sql(
                postgres
                        ? "with c as materialized (select id as job" + SOME_FREED + SKIP + ") update {p}queue_jobs set "
                                + FREED + " from c where ns = ? and id = c.job returning priority, due_at, id"
                        : "update {p}queue_jobs set " + FREED + " where ns = ? and id in (select id" + SOME_FREED
                                + ") returning priority, due_at, id");
        spent = tables.sql("select " + QueueSql.COLUMNS + RAN_OUT
                + " and state = 3 and attempt >= attempts_max order by due_at, id limit ?" + (postgres ? SKIP : ""));
        nextDue = tables.sql("select min(due_at)" + TIMED);
        nextQueue = tables.sql("select min(queue) from {p}queue_jobs where ns = ? and queue > ? and state >= 2");
    }

    /** Claims jobs from the head of a queue; answers the rows as they were before, in any order. */
    List<JobRow> claim(Sql sql, int ns, String queue, int limit, long leaseUntil) {
        if (postgres) {
            return sql.list(claim, JobRow::read, ns, queue, ns, queue, limit, leaseUntil, ns);
        }
        List<JobRow> rows = sql.list(ready, JobRow::read, ns, queue, ns, queue, limit);
        if (!rows.isEmpty()) {
            sql.exec(claim, leaseUntil, ns, ns, queue, ns, queue, limit);
        }
        return rows;
    }

    /** PostgreSQL: the same of one priority, from a place in its order on. */
    List<JobRow> claimFrom(Sql sql, int ns, String queue, int priority, Place from, int limit, long leaseUntil) {
        return sql.list(
                claimFrom,
                JobRow::read,
                ns,
                queue,
                ns,
                queue,
                priority,
                from.dueAt(),
                from.id(),
                limit,
                leaseUntil,
                ns);
    }

    /** Removes those of the jobs whose claims are good. */
    List<Gone> ack(Sql sql, int ns, List<byte[]> ids, List<Long> tokens) {
        if (postgres) {
            return sql.list(ack, Gone::read, array(ids), tokens.toArray(Long[]::new), ns);
        }
        List<Gone> gone = new ArrayList<>(ids.size());
        for (int i = 0; i < ids.size(); i++) {
            sql.first(ack, Gone::read, ns, ids.get(i), tokens.get(i)).ifPresent(gone::add);
        }
        return gone;
    }

    /** Extends the leases of those of the jobs whose claims are good and that nobody is settling; answers which. */
    List<JobClaim> extend(Sql sql, int ns, List<byte[]> ids, List<Long> tokens, long leaseUntil) {
        if (postgres) {
            return sql.list(extend, QueueClaimSql::claim, array(ids), tokens.toArray(Long[]::new), ns, leaseUntil, ns);
        }
        List<JobClaim> extended = new ArrayList<>(ids.size());
        for (int i = 0; i < ids.size(); i++) {
            sql.first(extend, QueueClaimSql::claim, leaseUntil, ns, ids.get(i), tokens.get(i))
                    .ifPresent(extended::add);
        }
        return extended;
    }

    /** PostgreSQL: those of the jobs whose claims are good. */
    List<JobClaim> held(Sql sql, int ns, List<byte[]> ids, List<Long> tokens) {
        return sql.list(held, QueueClaimSql::claim, array(ids), tokens.toArray(Long[]::new), ns);
    }

    /** Makes some jobs ready whose time has come, or whose lease has run out and that have an attempt left. */
    List<Freed> free(Sql sql, int ns, String queue, long now, int limit) {
        return postgres
                ? sql.list(free, Freed::read, ns, queue, now, limit, now, ns)
                : sql.list(free, Freed::read, now, ns, ns, queue, now, limit);
    }

    /** Some jobs whose lease has run out and that have no attempt left; they are held. */
    List<JobRow> spent(Sql sql, int ns, String queue, long now, int limit) {
        return sql.list(spent, JobRow::read, ns, queue, now, limit);
    }

    /** When the next job of a queue falls due, or its lease runs out. */
    OptionalLong nextDue(Sql sql, int ns, String queue) {
        long next = sql.first(nextDue, row -> row.getLong(1), ns, queue).orElse(0L);
        return next == 0 ? OptionalLong.empty() : OptionalLong.of(next);
    }

    /** The queues in which something is due; a few steps in an index for each queue, whatever it holds. */
    List<String> queuesDue(Sql sql, int ns, long now) {
        List<String> due = new ArrayList<>();
        Optional<String> queue = nextQueue(sql, ns, "");
        while (queue.isPresent()) {
            String name = queue.get();
            OptionalLong next = nextDue(sql, ns, name);
            if (next.isPresent() && next.getAsLong() <= now) {
                due.add(name);
            }
            queue = nextQueue(sql, ns, name);
        }
        return due;
    }

    private Optional<String> nextQueue(Sql sql, int ns, String after) {
        // The lowest of none is null, which no row reader may return.
        return sql.first(nextQueue, row -> Optional.ofNullable(row.getString(1)), ns, after)
                .flatMap(found -> found);
    }

    boolean isPostgres() {
        return postgres;
    }

    private static JobClaim claim(ResultSet row) throws SQLException {
        return new JobClaim(JobIds.text(row.getBytes(1)), row.getLong(2));
    }

    private static byte[][] array(List<byte[]> ids) {
        return ids.toArray(byte[][]::new);
    }

    /** A place in the order of the ready jobs of one priority. */
    record Place(long dueAt, byte[] id) implements Comparable<Place> {
        static Place of(JobRow row) {
            return new Place(row.dueAt(), row.id());
        }

        @Override
        public int compareTo(Place other) {
            int byTime = Long.compare(dueAt, other.dueAt);
            return byTime != 0 ? byTime : Arrays.compareUnsigned(id, other.id);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Place that && compareTo(that) == 0;
        }

        @Override
        public int hashCode() {
            return 31 * Long.hashCode(dueAt) + Arrays.hashCode(id);
        }
    }

    /**
     * A job that was removed.
     *
     * @param bytes what it counted in a quota
     */
    record Gone(JobClaim claim, long bytes) {
        static Gone read(ResultSet row) throws SQLException {
            return new Gone(QueueClaimSql.claim(row), row.getLong(3));
        }
    }

    /** A job that was made ready. */
    record Freed(int priority, Place place) {
        static Freed read(ResultSet row) throws SQLException {
            return new Freed(row.getInt(1), new Place(row.getLong(2), row.getBytes(3)));
        }
    }
}
