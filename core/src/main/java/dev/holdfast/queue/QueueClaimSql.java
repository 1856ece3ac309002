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
import org.jspecify.annotations.Nullable;

/**
 * The statements that claim, settle and free many jobs. On PostgreSQL each locks its rows first and passes over those
 * that others have locked, so that no two of them wait for each other.
 */
final class QueueClaimSql {
    private static final String READY = " from {p}queue_jobs where ns = ? and queue = ? and state = 0"
            + " and not exists (select 1 from {p}queues where ns = ? and name = ? and (paused = 1 or limited > ?))";
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
              fallback, unique_key, encoding, value, created_at, error, ordering_key
            """;

    private static final String OF_QUEUE = " from {p}queue_jobs where ns = ? and queue = ?";
    private static final String DELAYED = OF_QUEUE + " and state = 2";
    private static final String LEASED = OF_QUEUE + " and state = 3";
    private static final String DUE = " and due_at <= ?";
    private static final String SOME = " order by due_at limit ?";

    private final boolean postgres;
    private final String ready;
    private final String anyReady;
    private final String claim;
    private final String claimFrom;
    private final String ack;
    private final String extend;
    private final String held;
    private final String freeDelayed;
    private final String freeLeased;
    private final String spent;
    private final String next;
    private final String nextQueue;

    QueueClaimSql(Database database) {
        Tables tables = database.tables();
        postgres = database.dialect() == Dialect.POSTGRES;
        ready = tables.sql("select " + QueueSql.COLUMNS + READY + ORDER);
        anyReady = tables.sql("select 1" + OF_QUEUE + " and state = 0 limit 1");
        claim = tables.sql(postgres ? CLAIM_POSTGRES.formatted(READY, ORDER) : CLAIM + READY + ORDER + ")");
        claimFrom = tables.sql(CLAIM_POSTGRES.formatted(READY, FROM));
        ack = tables.sql(
                postgres
                        ? "delete from {p}queue_jobs j using unnest(?::bytea[], ?::bigint[]) as a (job, claim)"
                                + " where j.ns = ? and j.id = a.job and j.token = a.claim and j.state = 3"
                                + " returning j.id, j.token, length(j.id) + length(j.value), j.queue, j.ordering_key"
                        : "delete from {p}queue_jobs where ns = ? and id = ? and token = ? and state = 3"
                                + " returning id, token, length(id) + length(value), queue, ordering_key");
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
        freeDelayed = tables.sql(free(DELAYED + DUE + SOME, "state = 0"));
        freeLeased = tables.sql(free(LEASED + DUE + " and attempt < attempts_max" + SOME, "state = 0, due_at = ?"));
        spent = tables.sql("select " + QueueSql.COLUMNS + LEASED + DUE
                + " and attempt >= attempts_max order by due_at, id limit ?" + (postgres ? SKIP : ""));
        next = tables.sql("select (select min(due_at)" + DELAYED + "), (select min(due_at)" + LEASED + "),"
                + " (select count(*) from (select 1 from {p}queue_turns where ns = ? and queue = ? limit 1) t),"
                + " (select limited from {p}queues where ns = ? and name = ?)");
        nextQueue = tables.sql("select min(queue) from ("
                + "select min(queue) as queue from {p}queue_jobs where ns = ? and queue > ? and state = 2 union all"
                + " select min(queue) from {p}queue_jobs where ns = ? and queue > ? and state = 3 union all"
                + " select min(queue) from {p}queue_turns where ns = ? and queue > ?) q");
    }

    /** What makes some jobs ready. */
    private String free(String some, String how) {
        return postgres
                ? "with c as materialized (select id as job" + some + SKIP + ") update {p}queue_jobs set " + how
                        + " from c where ns = ? and id = c.job returning priority, due_at, id"
                : "update {p}queue_jobs set " + how + " where ns = ? and id in (select id" + some
                        + ") returning priority, due_at, id";
    }

    /**
     * Claims jobs from the head of a queue; answers the rows as they were before, in any order.
     *
     * @param limited whether the caller has looked how much of a limited queue may be claimed; else it gives nothing
     */
    List<JobRow> claim(Sql sql, int ns, String queue, boolean limited, int limit, long leaseUntil) {
        int unless = limited ? 1 : 0;
        if (postgres) {
            return sql.list(claim, JobRow::read, ns, queue, ns, queue, unless, limit, leaseUntil, ns);
        }
        List<JobRow> rows = sql.list(ready, JobRow::read, ns, queue, ns, queue, unless, limit);
        if (!rows.isEmpty()) {
            sql.exec(claim, leaseUntil, ns, ns, queue, ns, queue, unless, limit);
        }
        return rows;
    }

    /** Whether a job is ready. */
    boolean isAnyReady(Sql sql, int ns, String queue) {
        return sql.first(anyReady, row -> true, ns, queue).isPresent();
    }

    /** PostgreSQL: the same of one priority, from a place in its order on. */
    List<JobRow> claimFrom(
            Sql sql, int ns, String queue, boolean limited, int priority, Place from, int limit, long leaseUntil) {
        return sql.list(
                claimFrom,
                JobRow::read,
                ns,
                queue,
                ns,
                queue,
                limited ? 1 : 0,
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

    /** Makes some jobs ready whose time has come. */
    List<Freed> freeDelayed(Sql sql, int ns, String queue, long now, int limit) {
        return postgres
                ? sql.list(freeDelayed, Freed::read, ns, queue, now, limit, ns)
                : sql.list(freeDelayed, Freed::read, ns, ns, queue, now, limit);
    }

    /** Makes some jobs ready whose lease has run out and that have an attempt left. */
    List<Freed> freeLeased(Sql sql, int ns, String queue, long now, int limit) {
        return postgres
                ? sql.list(freeLeased, Freed::read, ns, queue, now, limit, now, ns)
                : sql.list(freeLeased, Freed::read, now, ns, ns, queue, now, limit);
    }

    /** Some jobs whose lease has run out and that have no attempt left; they are held. */
    List<JobRow> spent(Sql sql, int ns, String queue, long now, int limit) {
        return sql.list(spent, JobRow::read, ns, queue, now, limit);
    }

    /** What a queue waits for. */
    Next next(Sql sql, int ns, String queue) {
        return sql.first(next, Next::read, ns, queue, ns, queue, ns, queue, ns, queue)
                .orElseThrow();
    }

    /** The queues in which something is due; a few steps in indexes for each queue, whatever it holds. */
    List<String> queuesDue(Sql sql, int ns, long now) {
        List<String> due = new ArrayList<>();
        Optional<String> queue = nextQueue(sql, ns, "");
        while (queue.isPresent()) {
            String name = queue.get();
            if (next(sql, ns, name).isDue(now)) {
                due.add(name);
            }
            queue = nextQueue(sql, ns, name);
        }
        return due;
    }

    private Optional<String> nextQueue(Sql sql, int ns, String after) {
        // The lowest of none is null, which no row reader may return.
        return sql.first(nextQueue, row -> Optional.ofNullable(row.getString(1)), ns, after, ns, after, ns, after)
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
    record Gone(
            JobClaim claim,
            long bytes,
            String queue,
            @Nullable String orderingKey) {
        static Gone read(ResultSet row) throws SQLException {
            return new Gone(QueueClaimSql.claim(row), row.getLong(3), row.getString(4), row.getString(5));
        }
    }

    /**
     * What a queue waits for.
     *
     * @param dueAt when the next job falls due, or its lease runs out; 0 when none does
     * @param turns whether ordering keys wait for somebody to look
     * @param limited whether there is a limit to what is given out of it
     */
    record Next(long dueAt, boolean turns, boolean limited) {
        static Next read(ResultSet row) throws SQLException {
            long delayed = row.getLong(1);
            long leased = row.getLong(2);
            long dueAt = delayed == 0 || leased == 0 ? delayed + leased : Math.min(delayed, leased);
            return new Next(dueAt, row.getLong(3) > 0, row.getInt(4) > 0);
        }

        /** Whether a job is due. */
        boolean isJobDue(long now) {
            return dueAt != 0 && dueAt <= now;
        }

        /** Whether there is something to do. */
        boolean isDue(long now) {
            return turns || isJobDue(now);
        }

        /** When there will be. */
        OptionalLong at(long now) {
            if (turns) {
                return OptionalLong.of(now);
            }
            return dueAt == 0 ? OptionalLong.empty() : OptionalLong.of(dueAt);
        }
    }

    /** A job that was made ready. */
    record Freed(int priority, Place place) {
        static Freed read(ResultSet row) throws SQLException {
            return new Freed(row.getInt(1), new Place(row.getLong(2), row.getBytes(3)));
        }
    }
}
