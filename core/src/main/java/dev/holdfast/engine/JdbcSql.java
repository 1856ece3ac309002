package dev.holdfast.engine;

import dev.holdfast.engine.StatementCache.Prepared;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Statements over one JDBC connection. With {@code keep} they stay prepared for the life of the connection, which suits
 * a connection that an engine owns; without it the driver's own cache serves a connection that goes back to a pool.
 */
public final class JdbcSql implements Sql {
    private static final int FETCH_ROWS = 256;

    private final Connection connection;
    private final @Nullable UnitGuard guard;
    private BooleanSupplier refused = () -> false;
    private final StatementCache statements;
    /** The open ones, the oldest first. */
    private final Set<JdbcCursor<?>> cursors = new LinkedHashSet<>();

    private long cursorsMade;
    private long begun;

    /** Statements over a connection; see the class about {@code keep}. */
    public JdbcSql(Connection connection, boolean keep) {
        this(connection, keep, null);
    }

    private JdbcSql(Connection connection, boolean keep, @Nullable UnitGuard guard) {
        this.connection = connection;
        this.statements = new StatementCache(connection, keep);
        this.guard = guard;
    }

    /** The same connection behind a guard, for a unit with a time limit; the guard's end closes its cursors. */
    public JdbcSql guarded(UnitGuard unitGuard) {
        return new JdbcSql(connection, false, unitGuard);
    }

    /**
     * Refuses statements while the database has lost the transaction that they belong to: they would be committed one
     * by one. A guarded one asks its guard.
     */
    public void refuseWhen(BooleanSupplier lost) {
        this.refused = lost;
    }

    /** The connection underneath. */
    public Connection connection() {
        return connection;
    }

    @Override
    public int exec(String sql, @Nullable Object... args) {
        enter();
        try {
            Prepared statement = statements.acquire(sql);
            try {
                bind(statement.jdbc, args);
                running(statement.jdbc);
                int changed = statement.jdbc.executeUpdate();
                statement.sound(true);
                return changed;
            } finally {
                statements.release(statement);
            }
        } catch (SQLException e) {
            throw failed(e);
        } finally {
            leave();
        }
    }

    @Override
    public void execAll(String sql, List<@Nullable Object[]> rows) {
        enter();
        try {
            Prepared statement = statements.acquire(sql);
            try {
                for (@Nullable Object[] args : rows) {
                    bind(statement.jdbc, args);
                    statement.jdbc.addBatch();
                }
                running(statement.jdbc);
                statement.jdbc.executeBatch();
                statement.sound(true);
            } finally {
                statements.release(statement);
            }
        } catch (SQLException e) {
            throw failed(e);
        } finally {
            leave();
        }
    }

    @Override
    public <R> Optional<R> first(String sql, RowReader<R> reader, @Nullable Object... args) {
        enter();
        try {
            Prepared statement = statements.acquire(sql);
            try (ResultSet rows = query(statement.jdbc, 0, args)) {
                Optional<R> first = rows.next() ? Optional.of(reader.read(rows)) : Optional.empty();
                statement.sound(true);
                return first;
            } finally {
                statements.release(statement);
            }
        } catch (SQLException e) {
            throw failed(e);
        } finally {
            leave();
        }
    }

    @Override
    public <R> List<R> list(String sql, RowReader<R> reader, @Nullable Object... args) {
        enter();
        try {
            Prepared statement = statements.acquire(sql);
            try (ResultSet rows = query(statement.jdbc, 0, args)) {
                List<R> result = new ArrayList<>();
                while (rows.next()) {
                    result.add(reader.read(rows));
                }
                statement.sound(true);
                return result;
            } finally {
                statements.release(statement);
            }
        } catch (SQLException e) {
            throw failed(e);
        } finally {
            leave();
        }
    }

    @Override
    public <R> Stream<R> iterate(String sql, RowReader<R> reader, @Nullable Object... args) {
        enter();
        try {
            Prepared statement = statements.acquire(sql);
            try {
                ResultSet rows = query(statement.jdbc, FETCH_ROWS, args);
                JdbcCursor<R> cursor = new JdbcCursor<>(this, ++cursorsMade, statement, rows, reader);
                statement.sound(true);
                cursors.add(cursor);
                if (guard != null) {
                    guard.opened(cursor);
                }
                return cursor.stream();
            } catch (SQLException | RuntimeException e) {
                statements.release(statement);
                throw e;
            }
        } catch (SQLException e) {
            throw failed(e);
        } finally {
            leave();
        }
    }

    /** Closes the cursors that were left open, as a unit must before it is released. */
    public void closeCursors() {
        closeCursors(0);
    }

    /** How many statements were begun so far. */
    public long statements() {
        return begun;
    }

    /** How many cursors were opened so far. */
    long cursorsMade() {
        return cursorsMade;
    }

    /** Closes the cursors that were left open, but not the first {@code since} ever opened. */
    void closeCursors(long since) {
        if (!cursors.isEmpty()) {
            for (JdbcCursor<?> cursor : List.copyOf(cursors)) {
                if (cursor.number() > since) {
                    cursor.close();
                }
            }
        }
    }

    /**
     * Asks the database to stop the statement of a guarded unit that runs now, from any thread; without effect when
     * none does.
     */
    public void cancel() {
        if (guard != null) {
            guard.cancel();
        }
    }

    /**
     * Refuses to commit what the database would silently roll back: on PostgreSQL a statement that failed leaves a
     * transaction in which nothing works any more, and its driver does not say that the commit became a rollback. Costs
     * a query when a guarded statement has failed, the caller's own included; else nothing.
     */
    public void requireCommittable() {
        SQLException first = guard == null ? null : guard.failure();
        if (first == null) {
            return;
        }
        try {
            first("select 1", row -> row.getInt(1));
        } catch (RuntimeException aborted) {
            HoldfastException cause = SqlErrors.of(first);
            cause.addSuppressed(aborted);
            throw cause;
        }
    }

    private ResultSet query(PreparedStatement statement, int fetchRows, @Nullable Object... args) throws SQLException {
        bind(statement, args);
        statement.setFetchSize(fetchRows);
        running(statement);
        return statement.executeQuery();
    }

    void finished(JdbcCursor<?> cursor, Prepared statement) throws SQLException {
        cursors.remove(cursor);
        if (guard != null) {
            guard.closed(cursor);
        }
        statements.release(statement);
    }

    /** The exception for a failure of the driver, which the guard remembers. */
    HoldfastException failed(SQLException e) {
        if (guard != null) {
            guard.failed(e);
        }
        return SqlErrors.of(e);
    }

    void enter() {
        if (guard != null) {
            guard.enter();
        } else if (refused.getAsBoolean()) {
            throw UnitGuard.lost();
        }
    }

    void enterToClose() {
        if (guard != null) {
            guard.enterToClose();
        }
    }

    /** Names the statement that is about to run; {@link #leave} forgets it. */
    void running(PreparedStatement statement) {
        begun++;
        if (guard != null) {
            guard.running(statement);
        }
    }

    void leave() {
        if (guard != null) {
            guard.leave();
        }
    }

    private static void bind(PreparedStatement statement, @Nullable Object... args) throws SQLException {
        for (int i = 0; i < args.length; i++) {
            int at = i + 1;
            switch (args[i]) {
                case null -> statement.setNull(at, Types.NULL);
                case Long value -> statement.setLong(at, value);
                case Integer value -> statement.setInt(at, value);
                case byte[] value -> statement.setBytes(at, value);
                case String value -> statement.setString(at, value);
                case Boolean value -> statement.setBoolean(at, value);
                case Double value -> statement.setDouble(at, value);
                case String[] value ->
                    statement.setArray(at, statement.getConnection().createArrayOf("text", value));
                case byte[][] value ->
                    statement.setArray(at, statement.getConnection().createArrayOf("bytea", value));
                case Long[] value ->
                    statement.setArray(at, statement.getConnection().createArrayOf("bigint", value));
                case Object value -> statement.setObject(at, value);
            }
        }
    }
}
