package dev.holdfast.queue;

import dev.holdfast.engine.Database;
import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.Sql;
import dev.holdfast.engine.Tables;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The statements about ordering keys. */
final class QueueOrderSql {
    private static final String OF_KEY = " from {p}queue_jobs o where o.ns = ? and o.queue = ? and o.ordering_key = ";
    private static final String BEHIND = " and o.state = -1";
    private static final String HEAD = " and o.state in (0, 2, 3)";
    private static final String FIRST = BEHIND + " order by o.id limit 1";
    // Nobody overtakes those that are behind when their head has just left.
    private static final String INSERT_HEAD = "insert into {p}queue_jobs (ns, " + QueueSql.COLUMNS
            + ") select ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? where (select o.id" + OF_KEY + "?" + FIRST
            + ") is null on conflict do nothing returning 1";
    private static final String INSERT_FIRST = QueueSql.INSERT + " on conflict (ns, queue, ordering_key)"
            + " where ordering_key is not null and state in (0, 2, 3) do nothing returning 1";
    private static final String LET = "set state = case when due_at > ? then 2 else 0 end";
    private static final String LET_SQLITE = "update {p}queue_jobs " + LET + " where ns = ? and id = (select o.id"
            + OF_KEY + "?" + FIRST + ") and not exists (select 1" + OF_KEY + "?" + HEAD
            + ") returning priority, due_at, id, state";
    // One step in an index for each key, whatever the planner believes of the table: counting the one head that there
    // may be, it does not hope to find it at the beginning of a long scan.
    private static final String LET_POSTGRES = "with c as materialized (select (select o.id" + OF_KEY + "k.key" + FIRST
            + ") as job from unnest(?::text[]) as k (key) where (select count(*)" + OF_KEY + "k.key"
            + HEAD + ") = 0) update {p}queue_jobs j " + LET
            + " from c where j.ns = ? and j.id = c.job and j.state = -1"
            + " returning j.priority, j.due_at, j.id, j.state";
    private static final String SOME_TURNS = " from {p}queue_turns where ns = ? and queue = ?";

    private final boolean postgres;
    private final String insertHead;
    private final String insertFirst;
    private final String let;
    private final String turn;
    private final String takeTurns;
    private final String heads;
    private final String lock;
    private final String lockable;
    private final String stuck;

    QueueOrderSql(Database database) {
        Tables tables = database.tables();
        postgres = database.dialect() == Dialect.POSTGRES;
        insertHead = tables.sql(INSERT_HEAD);
        insertFirst = tables.sql(INSERT_FIRST);
        let = tables.sql(postgres ? LET_POSTGRES : LET_SQLITE);
        turn = tables.sql("insert into {p}queue_turns (ns, queue, id, ordering_key) values (?, ?, ?, ?)");
        takeTurns = tables.sql("delete" + SOME_TURNS + " and id in (select id" + SOME_TURNS
                + " order by id limit ?) returning ordering_key");
        heads = tables.sql("select count(*) from (select distinct queue, ordering_key" + SOME_TURNS
                + ") t where exists (select 1" + OF_KEY + "t.ordering_key" + BEHIND + ") and not exists (select 1"
                + OF_KEY + "t.ordering_key" + HEAD + ")");
        lock = tables.sql("select paused from {p}queues where ns = ? and name = ? for update");
        lockable = tables.sql("insert into {p}queues (ns, name, paused) values (?, ?, 0) on conflict do nothing");
        stuck = tables.sql("select b.queue, b.ordering_key from {p}queue_jobs b where b.ns = ? and b.state = -1"
                + " and not exists (select 1 from {p}queue_jobs h where h.ns = b.ns and h.queue = b.queue"
                + " and h.ordering_key = b.ordering_key and h.state in (0, 2, 3))"
                + " and not exists (select 1 from {p}queue_turns t where t.ns = b.ns and t.queue = b.queue"
                + " and t.ordering_key = b.ordering_key) group by b.queue, b.ordering_key");
    }

    boolean isPostgres() {
        return postgres;
    }

    /** Inserts a job unless another one of its ordering key is there, or one has its unique key. */
    boolean insertHead(Sql sql, int ns, JobRow row) {
        @Nullable Object[] columns = row.args(ns);
        @Nullable Object[] args = Arrays.copyOf(columns, columns.length + 3);
        args[columns.length] = ns;
        args[columns.length + 1] = row.queue();
        args[columns.length + 2] = row.orderingKey();
        return sql.first(insertHead, done -> true, args).isPresent();
    }

    /** Inserts the head of an ordering key, before those that are behind, unless the key has another one. */
    boolean insertFirst(Sql sql, int ns, JobRow row) {
        return sql.first(insertFirst, done -> true, row.args(ns)).isPresent();
    }

    /** Lets the first job of each key that has no head become it. */
    List<Let> let(Sql sql, int ns, String queue, Collection<String> keys, long now) {
        if (postgres) {
            String[] all = keys.toArray(String[]::new);
            return sql.list(let, Let::read, ns, queue, all, ns, queue, now, ns);
        }
        List<Let> some = new ArrayList<>();
        for (String key : keys) {
            sql.first(let, Let::read, now, ns, ns, queue, key, ns, queue, key).ifPresent(some::add);
        }
        return some;
    }

    /** Notes that somebody has to look at keys. */
    void turn(Sql sql, int ns, String queue, Collection<String> keys, Supplier<byte[]> ids) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        keys.forEach(key -> rows.add(new Object[] {ns, queue, ids.get(), key}));
        sql.execAll(turn, rows);
    }

    /** Takes some of the keys that somebody has to look at; a key may be there several times. */
    List<String> takeTurns(Sql sql, int ns, String queue, int limit) {
        return sql.list(takeTurns, row -> row.getString(1), ns, queue, ns, queue, limit);
    }

    /** PostgreSQL: holds the row of a queue, so that nobody else looks at its keys before the transaction ends. */
    void lock(Sql sql, int ns, String queue) {
        if (sql.first(lock, row -> true, ns, queue).isEmpty()) {
            sql.exec(lockable, ns, queue);
            sql.list(lock, row -> true, ns, queue);
        }
    }

    /** How many keys have a job that becomes their head when somebody looks. */
    long heads(Sql sql, int ns, String queue) {
        return postgres
                ? sql.first(heads, row -> row.getLong(1), ns, queue, ns, queue, ns, queue)
                        .orElse(0L)
                : 0;
    }

    /** Keys whose jobs wait for nothing, as queue and key; there is none in a sound store. */
    List<List<String>> stuck(Sql sql, int ns) {
        return sql.list(stuck, row -> List.of(row.getString(1), row.getString(2)), ns);
    }

    /**
     * A job that became the head of its key.
     *
     * @param state ready or delayed
     */
    record Let(int priority, long dueAt, byte[] id, int state) {
        static Let read(ResultSet row) throws SQLException {
            return new Let(row.getInt(1), row.getLong(2), row.getBytes(3), row.getInt(4));
        }
    }
}
