package dev.holdfast.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An engine inside one transaction that the caller has open: what is written here commits or rolls back with the
 * caller's own statements.
 *
 * <p>Each write is a savepoint: one that throws is undone, and the caller's transaction goes on if the exception is
 * caught. What is lost against an engine of one's own:
 *
 * <ul>
 *   <li>Nothing is run again: a {@link ConflictException} ends the caller's transaction, and the caller repeats it.
 *   <li>The isolation is the caller's. Below SERIALIZABLE two transactions that each read what the other writes may
 *       both commit; at REPEATABLE READ and above the versionstamp may turn out lower than one that it overwrites,
 *       which is a conflict.
 *   <li>The time limit is the caller's, and so are the locks held until the caller commits.
 *   <li>After-commit hooks never run, and nobody is woken: watchers in any process see the change when they look next,
 *       within a second.
 *   <li>On PostgreSQL the server behind the connection is not compared with the one that versionstamps were made for.
 * </ul>
 *
 * <p>A savepoint is two statements, so on PostgreSQL each write costs two round trips more than in a transaction of a
 * store. For one thread at a time, like the connection.
 */
public final class JoinedEngine implements Engine {
    private final Connection connection;
    private final Dialect dialect;
    private final Signals signals = new Silence();
    private final AtomicBoolean closed = new AtomicBoolean();

    private JoinedEngine(Connection connection, Dialect dialect) {
        this.connection = connection;
        this.dialect = dialect;
    }

    /**
     * Joins the transaction of a connection to SQLite or PostgreSQL, which stays the caller's to commit, roll back and
     * close.
     *
     * @param connection with auto-commit off; not one that belongs to an open transaction of a store, which
     *     {@link Database#joined} takes
     */
    public static JoinedEngine over(Connection connection) {
        Objects.requireNonNull(connection, "connection");
        if (GuardedJdbc.isGuarded(connection)) {
            throw new InvalidInputException(
                    "engine.joined_own",
                    "the connection belongs to a transaction of a store; use that transaction, on its own thread");
        }
        try {
            if (connection.getAutoCommit()) {
                throw new InvalidInputException(
                        "engine.joined_auto_commit",
                        "the connection is in no transaction that could be joined (autoCommit=true)");
            }
            return new JoinedEngine(
                    connection, dialectOf(connection.getMetaData().getDatabaseProductName()));
        } catch (SQLException e) {
            throw SqlErrors.of(e);
        }
    }

    private static Dialect dialectOf(String product) {
        return Dialect.ofProduct(product)
                .orElseThrow(() -> new InvalidInputException(
                        "engine.joined_product",
                        "only connections to SQLite and PostgreSQL can be joined (product=" + product + ")"));
    }

    /**
     * Runs a work in the caller's transaction. A statement that fails leaves that transaction as the database leaves
     * it.
     */
    @Override
    public <R> R read(Work<R> work) {
        return run(work, false);
    }

    /** Runs a work in the caller's transaction behind a savepoint; nothing is durable before the caller commits. */
    @Override
    public <R> R write(Work<R> work) {
        return run(work, true);
    }

    private <R> R run(Work<R> work, boolean savepoint) {
        if (closed.get()) {
            throw new ClosedException("engine.closed", "the store is closed");
        }
        JdbcSql sql = new JdbcSql(connection, false);
        CommitTasks tasks = new CommitTasks();
        UnitGuard guard = new UnitGuard();
        JdbcUnit unit = new JdbcUnit(sql, tasks, Unit.EPOCH_UNKNOWN, () -> GuardedJdbc.connection(connection, guard));
        try {
            return savepoint ? unit.nested(() -> finish(unit, sql, tasks, work)) : work.run(unit);
        } finally {
            sql.closeCursors();
            guard.end(false, () -> {});
        }
    }

    private static <R> R finish(JdbcUnit unit, JdbcSql sql, CommitTasks tasks, Work<R> work) {
        R result = work.run(unit);
        sql.closeCursors();
        tasks.run(sql);
        return result;
    }

    @Override
    public boolean joined() {
        return true;
    }

    @Override
    public Dialect dialect() {
        return dialect;
    }

    @Override
    public Signals signals() {
        return signals;
    }

    /** Refuses further units; the connection and its transaction stay as they are. */
    @Override
    public void close() {
        closed.set(true);
    }

    /** Nobody can be told of a commit that somebody else makes. */
    private static final class Silence extends LocalSignals {
        @Override
        public void publish(String topic) {
            // The commit is still to come, if it comes.
        }
    }
}
