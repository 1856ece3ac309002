package dev.holdfast.engine;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The base of PostgreSQL's versionstamps, a row of {@code {p}state}: a versionstamp is base + transaction id.
 *
 * <p>Transaction ids rise for as long as the server and its timeline stay the same. After a restore into another
 * server, a point-in-time recovery or the promotion of a standby they may start lower. So the row names the server that
 * the base was made for, and the base is raised above the clock when the live one differs. It is made such that numbers
 * stay below the clock's milliseconds x 65536 as long as the server assigns fewer than 65 million ids a second: then
 * raising by the clock passes also what was handed out and is lost.
 *
 * <p>What cannot be noticed: a server that was set back without a new timeline, as by a snapshot of its disk. Whoever
 * does that calls {@link Database#renew}.
 */
final class VersionstampBase {
    private static final Logger LOG = LoggerFactory.getLogger(VersionstampBase.class);

    private static final String ASK = """
            select pg_is_in_recovery(), coalesce(
              has_function_privilege(to_regprocedure('pg_control_system()'), 'execute')
              and has_function_privilege(to_regprocedure('pg_current_wal_lsn()'), 'execute')
              and has_function_privilege(to_regprocedure('pg_walfile_name(pg_lsn)'), 'execute'), false)
            """;
    // The name of the current log file begins with the timeline in hexadecimal; the control file learns it only at the
    // next checkpoint.
    private static final String SERVER = """
            select system_identifier, ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::integer
            from pg_control_system()
            """;
    private static final String STATE = """
            select base + pg_snapshot_xmax(pg_current_snapshot())::text::bigint, system_identifier, timeline
            from {p}state where id = 1
            """;
    private static final String HIGHEST = """
            select coalesce(max(m.highest), 0) from {p}namespaces n cross join lateral (
              select max(c.versionstamp) as highest from {p}changes c where c.ns = n.ns) m
            """;
    private static final String LOCK = "lock table {p}state in access exclusive mode";
    // Minus the lowest transaction id that is still running, so that nobody gets a number below the new floor.
    private static final String RAISE = """
            update {p}state
            set base = greatest(?, base + pg_snapshot_xmax(pg_current_snapshot())::text::bigint) + 1
                - pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
              system_identifier = ?, timeline = ?
            where id = 1
            """;

    private final String state;
    private final String highest;
    private final String lock;
    private final String raise;
    private final AtomicBoolean compared = new AtomicBoolean();
    private final AtomicBoolean warned = new AtomicBoolean();

    private final Consumer<Sql> renewal;

    /**
     * The base of a database.
     *
     * @param renewal is called in the transaction in which it is found that the database may have lost what was there
     */
    VersionstampBase(Tables tables, Consumer<Sql> renewal) {
        this.renewal = renewal;
        state = tables.sql(STATE);
        highest = tables.sql(HIGHEST);
        lock = tables.sql(LOCK);
        raise = tables.sql(RAISE);
    }

    /** The lowest versionstamp that a transaction beginning now could get. */
    long floor(Sql sql) {
        return state(sql).next();
    }

    /**
     * Raises the base when the row was made for another server, and the first time also when the log holds a number
     * that is not below the next one. Two queries when all is well.
     *
     * @return whether it raised the base
     */
    boolean check(Sql sql, long nowMillis) {
        boolean[] answers = sql.first(ASK, row -> new boolean[] {row.getBoolean(1), row.getBoolean(2)})
                .orElseThrow();
        if (answers[0]) {
            return false; // a standby hands out no numbers
        }
        boolean first = compared.compareAndSet(false, true);
        if (fits(sql, answers[1], first)) {
            return false;
        }
        sql.exec(lock);
        if (fits(sql, answers[1], first)) {
            return false; // another process was faster
        }
        if (!state(sql).server().equals(Server.NONE)) {
            renewal.accept(sql);
        }
        raise(sql, 0, nowMillis);
        return true;
    }

    /**
     * Makes every later versionstamp greater than what is stored, what was handed out by the clock, and {@code above}.
     */
    long raise(Sql sql, long above, long nowMillis) {
        sql.exec(lock);
        boolean permitted = sql.first(ASK, row -> row.getBoolean(2)).orElseThrow();
        State was = state(sql);
        Server server = permitted ? server(sql) : was.server();
        long stored = sql.first(highest, row -> row.getLong(1)).orElseThrow();
        long target = Math.max(Math.max(stored, above), nowMillis << Versionstamps.SUBMILLISECOND_BITS);
        sql.exec(raise, target, server.systemIdentifier(), server.timeline());
        LOG.info("versionstamps continue above {} (server {} instead of {})", target, server, was.server());
        return target;
    }

    private boolean fits(Sql sql, boolean permitted, boolean first) {
        State now = state(sql);
        if (permitted && !now.server().equals(server(sql))) {
            return false;
        }
        if (!permitted && warned.compareAndSet(false, true)) {
            LOG.warn("this role may not ask the server who it is (pg_control_system, pg_current_wal_lsn, "
                    + "pg_walfile_name): after a"
                    + " restore or a failover versionstamps rise again only once renew was called");
        }
        return !first || now.next() > sql.first(highest, row -> row.getLong(1)).orElseThrow();
    }

    private State state(Sql sql) {
        return sql.first(state, row -> new State(row.getLong(1), new Server(row.getLong(2), row.getInt(3))))
                .orElseThrow();
    }

    private static Server server(Sql sql) {
        return sql.first(SERVER, row -> new Server(row.getLong(1), row.getInt(2)))
                .orElseThrow();
    }

    /** What tells servers apart; zeros for none. */
    private record Server(long systemIdentifier, int timeline) {
        static final Server NONE = new Server(0, 0);
    }

    /** The row, and the lowest number that a transaction beginning now could get. */
    private record State(long next, Server server) {}
}
