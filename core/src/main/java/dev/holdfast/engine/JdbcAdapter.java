package dev.holdfast.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The four methods over one JDBC connection of any database.
 *
 * <p>A statement outside {@link #transaction} commits itself. Rows are read as they are asked for inside a transaction;
 * outside one PostgreSQL's driver reads the whole result first. Nothing is run again after a conflict: the exception
 * passes on and the caller repeats the transaction. One thread at a time.
 */
public final class JdbcAdapter implements SqlAdapter {
    private final Connection connection;
    private final boolean owned;
    private final JdbcSql plain;
    /** The transaction that is open, if one is. */
    private @Nullable Unit open;

    private boolean closed;

    private JdbcAdapter(Connection connection, boolean owned) {
        this.connection = connection;
        this.owned = owned;
        this.plain = new JdbcSql(connection, false);
    }

    /**
     * Takes a connection, which belongs to the adapter from now on and is closed with it.
     *
     * @param connection with auto-commit on
     * @throws InvalidInputException {@code engine.adapter_transaction}: it is in a transaction of somebody else
     * @throws EngineException the connection does not answer
     */
    public static JdbcAdapter over(Connection connection) {
        Objects.requireNonNull(connection, "connection");
        try {
            if (!connection.getAutoCommit()) {
                throw new InvalidInputException(
                        "engine.adapter_transaction",
                        "an adapter begins and ends its transactions itself (autoCommit=false)");
            }
        } catch (SQLException e) {
            throw SqlErrors.of(e);
        }
        return new JdbcAdapter(connection, true);
    }

    /**
     * Uses a connection that stays the caller's, who closes it and whose settings it keeps.
     *
     * <p>With auto-commit off a transaction is a savepoint in the one that the caller has open: what it wrote is
     * committed with that one, and a function that throws leaves that one as it was before.
     */
    public static JdbcAdapter borrow(Connection connection) {
        return new JdbcAdapter(Objects.requireNonNull(connection, "connection"), false);
    }

    /** Whether what is run now becomes part of a transaction of the caller's, who has auto-commit off. */
    public boolean joins() {
        try {
            return !owned && open == null && !connection.getAutoCommit();
        } catch (SQLException e) {
            throw SqlErrors.of(e);
        }
    }

    /** What the database speaks; see {@link Dialect#of}. */
    public Dialect dialect() {
        return Dialect.of(connection);
    }

    /**
     * {@inheritDoc}
     *
     * @throws InvalidInputException {@code engine.transaction_control}: a statement of the function would begin or end
     *     a transaction
     */
    @Override
    public <R> R transaction(Function<Sql, R> work) {
        requireOpen();
        Unit around = open;
        if (around != null) {
            return around.nested(() -> work.apply(around));
        }
        return joins() ? join(work) : JdbcUnit.run(connection, unit -> inside(unit, work));
    }

    private <R> R join(Function<Sql, R> work) {
        JdbcSql sql = new JdbcSql(connection, false);
        JdbcUnit unit = new JdbcUnit(sql, new CommitTasks(), Unit.EPOCH_UNKNOWN, () -> connection);
        try {
            return unit.nested(() -> {
                R result = inside(unit, work);
                sql.closeCursors();
                return result;
            });
        } finally {
            sql.closeCursors();
        }
    }

    private <R> R inside(Unit unit, Function<Sql, R> work) {
        open = unit;
        try {
            return work.apply(unit);
        } finally {
            open = null;
        }
    }

    @Override
    public int exec(String sql, @Nullable Object... args) {
        return now().exec(sql, args);
    }

    @Override
    public void execAll(String sql, List<@Nullable Object[]> rows) {
        if (open == null) {
            transaction(tx -> {
                tx.execAll(sql, rows);
                return rows;
            });
        } else {
            now().execAll(sql, rows);
        }
    }

    @Override
    public <R> Stream<R> iterate(String sql, RowReader<R> reader, @Nullable Object... args) {
        return now().iterate(sql, reader, args);
    }

    @Override
    public <R> Optional<R> first(String sql, RowReader<R> reader, @Nullable Object... args) {
        return now().first(sql, reader, args);
    }

    @Override
    public <R> List<R> list(String sql, RowReader<R> reader, @Nullable Object... args) {
        return now().list(sql, reader, args);
    }

    /** Closes rows that were left open, and a connection of its own; may be called again without effect. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (!owned) {
            plain.closeCursors();
            return;
        }
        try (connection) {
            plain.closeCursors();
        } catch (SQLException e) {
            throw SqlErrors.of(e);
        }
    }

    private Sql now() {
        requireOpen();
        return open == null ? plain : open;
    }

    private void requireOpen() {
        if (closed) {
            throw new ClosedException("engine.closed", "the adapter is closed");
        }
    }
}
