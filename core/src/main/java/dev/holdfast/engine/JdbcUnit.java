package dev.holdfast.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A unit over JDBC statements: what engines hand to {@link Work}. */
public final class JdbcUnit implements Unit {
    private final JdbcSql sql;
    private final CommitTasks tasks;
    private final long epoch;
    private final Supplier<Connection> connection;
    private int depth;

    /**
     * A unit of an open transaction.
     *
     * @param tasks the tasks of the commit that this unit belongs to
     * @param epoch see {@link Unit#epoch()}
     * @param connection what {@link Unit#connection()} answers
     */
    public JdbcUnit(JdbcSql sql, CommitTasks tasks, long epoch, Supplier<Connection> connection) {
        this.sql = sql;
        this.tasks = tasks;
        this.epoch = epoch;
        this.connection = connection;
    }

    /**
     * Runs a work as one transaction on a connection and commits it: all that a simple engine's {@code write} has to
     * do.
     *
     * @param connection with auto-commit on; it comes back so
     */
    public static <R> R run(Connection connection, Work<R> work) {
        UnitGuard guard = new UnitGuard();
        JdbcSql sql = new JdbcSql(connection, false);
        JdbcSql guarded = sql.guarded(guard);
        CommitTasks tasks = new CommitTasks();
        try {
            connection.setAutoCommit(false);
            try {
                R result = work.run(
                        new JdbcUnit(guarded, tasks, EPOCH_UNKNOWN, () -> GuardedJdbc.connection(connection, guard)));
                guarded.requireCommittable();
                guard.end(false, () -> {});
                tasks.run(sql);
                connection.commit();
                return result;
            } catch (Throwable e) {
                guard.end(false, () -> {});
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw SqlErrors.of(e);
        }
    }

    @Override
    public Connection connection() {
        return connection.get();
    }

    @Override
    public long epoch() {
        return epoch;
    }

    @Override
    public <T extends CommitTask> T atCommit(Class<T> type, Supplier<T> make) {
        return tasks.task(type, make);
    }

    @Override
    public <R> R nested(Supplier<R> step) {
        String name = "holdfast_" + ++depth;
        long cursors = sql.cursorsMade();
        sql.exec("savepoint " + name);
        try {
            R result = step.get();
            sql.exec("release savepoint " + name);
            return result;
        } catch (Throwable e) {
            try {
                // Those of the step; what the unit around it is reading stays open.
                sql.closeCursors(cursors);
                sql.exec("rollback to savepoint " + name);
                sql.exec("release savepoint " + name);
            } catch (RuntimeException lost) {
                e.addSuppressed(lost);
            }
            throw e;
        } finally {
            depth--;
        }
    }

    @Override
    public int exec(String text, @Nullable Object... args) {
        TransactionControl.refuse("exec", text);
        return sql.exec(text, args);
    }

    @Override
    public void execAll(String text, List<@Nullable Object[]> rows) {
        TransactionControl.refuse("execAll", text);
        sql.execAll(text, rows);
    }

    @Override
    public <R> Stream<R> iterate(String text, RowReader<R> reader, @Nullable Object... args) {
        TransactionControl.refuse("iterate", text);
        return sql.iterate(text, reader, args);
    }

    @Override
    public <R> Optional<R> first(String text, RowReader<R> reader, @Nullable Object... args) {
        TransactionControl.refuse("first", text);
        return sql.first(text, reader, args);
    }

    @Override
    public <R> List<R> list(String text, RowReader<R> reader, @Nullable Object... args) {
        TransactionControl.refuse("list", text);
        return sql.list(text, reader, args);
    }
}
