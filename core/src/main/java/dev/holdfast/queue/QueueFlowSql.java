package dev.holdfast.queue;

import dev.holdfast.engine.Database;
import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.Sql;
import dev.holdfast.engine.Tables;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The statements about what was said of a queue: whether it is paused, and how much of it is given out. */
final class QueueFlowSql {
    private static final String COLUMNS =
            "name, paused, concurrency_max, rate_max, rate_millis, window_at, window_jobs," + " dead_letters";

    /** That anything is said of a queue. */
    static final String SAID = "(paused = 1 or limited = 1 or dead_letters is not null)";

    private final String of;
    private final String hold;
    private final String said;
    private final String set;
    private final String setPaused;
    private final String setDeadLetters;
    private final String leased;
    private final String count;

    QueueFlowSql(Database database) {
        Tables tables = database.tables();
        of = tables.sql("select " + COLUMNS + " from {p}queues where ns = ? and name = ?");
        hold = of + (database.dialect() == Dialect.POSTGRES ? " for update" : "");
        said = tables.sql("select " + COLUMNS + " from {p}queues where ns = ? and " + SAID + " order by name");
        set = tables.sql("insert into {p}queues (ns, name, paused, limited, concurrency_max, rate_max, rate_millis)"
                + " values (?, ?, 0, ?, ?, ?, ?) on conflict (ns, name) do update set limited = excluded.limited,"
                + " concurrency_max = excluded.concurrency_max, rate_max = excluded.rate_max,"
                + " rate_millis = excluded.rate_millis, window_at = 0, window_jobs = 0");
        setPaused = tables.sql("insert into {p}queues (ns, name, paused) values (?, ?, ?)"
                + " on conflict (ns, name) do update set paused = excluded.paused");
        setDeadLetters = tables.sql("insert into {p}queues (ns, name, paused, dead_letters) values (?, ?, 0, ?)"
                + " on conflict (ns, name) do update set dead_letters = excluded.dead_letters");
        leased = tables.sql("select count(*) from (select 1 from {p}queue_jobs where ns = ? and queue = ?"
                + " and state = 3 and due_at > ? limit ?) t");
        count = tables.sql("update {p}queues set window_at = ?, window_jobs = ? where ns = ? and name = ?");
    }

    /** What was said of a queue. */
    Optional<Said> of(Sql sql, int ns, String queue) {
        return sql.first(of, Said::read, ns, queue);
    }

    /** The same; nobody else claims from the queue as long as it is limited, before the transaction ends. */
    Optional<Said> hold(Sql sql, int ns, String queue) {
        return sql.first(hold, Said::read, ns, queue);
    }

    /** All queues of which something was said, by name. */
    List<Said> said(Sql sql, int ns) {
        return sql.list(said, Said::read, ns);
    }

    void set(Sql sql, int ns, String queue, QueueFlow flow) {
        sql.exec(
                set,
                ns,
                queue,
                flow.isLimited() ? 1 : 0,
                flow.concurrency().orElse(null),
                flow.rate().map(QueueRate::jobs).orElse(null),
                flow.rate().map(rate -> rate.window().toMillis()).orElse(null));
    }

    void setPaused(Sql sql, int ns, String queue, boolean value) {
        sql.exec(setPaused, ns, queue, value ? 1 : 0);
    }

    /** Sets the queue that takes the jobs which are exhausted; null: they are kept as dead ones. */
    void setDeadLetters(Sql sql, int ns, String queue, @Nullable String target) {
        sql.exec(setDeadLetters, ns, queue, target);
    }

    /** How many jobs are under a lease that lasts; counts up to a limit. */
    int leased(Sql sql, int ns, String queue, long now, int limit) {
        return sql.first(leased, row -> row.getInt(1), ns, queue, now, limit).orElse(0);
    }

    /** Jobs were claimed in a window. */
    void count(Sql sql, int ns, String queue, long windowAt, int windowJobs) {
        sql.exec(count, windowAt, windowJobs, ns, queue);
    }

    /**
     * What was said of a queue.
     *
     * @param windowAt since when jobs are counted
     * @param windowJobs how many were claimed since
     * @param deadLetters the queue that takes the jobs which are exhausted
     */
    record Said(
            String queue, boolean paused, QueueFlow flow, long windowAt, int windowJobs, Optional<String> deadLetters) {
        /** Of a queue of which nothing was said. */
        static Said nothing(String queue) {
            return new Said(queue, false, QueueFlow.unlimited(), 0, 0, Optional.empty());
        }

        static Said read(ResultSet row) throws SQLException {
            int concurrency = row.getInt(3);
            int jobs = row.getInt(4);
            Optional<QueueRate> rate =
                    jobs == 0 ? Optional.empty() : Optional.of(new QueueRate(jobs, Duration.ofMillis(row.getLong(5))));
            return new Said(
                    row.getString(1),
                    row.getInt(2) != 0,
                    new QueueFlow(concurrency == 0 ? Optional.empty() : Optional.of(concurrency), rate),
                    row.getLong(6),
                    row.getInt(7),
                    Optional.ofNullable(row.getString(8)));
        }
    }
}
