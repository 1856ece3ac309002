package dev.holdfast.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The four methods over connections that a {@code DataSource} lends: one for each call and each transaction, given back
 * with auto-commit as it came.
 *
 * <p>A statement outside {@link #transaction} commits itself. Rows that are iterated outside one hold a connection
 * until they are read to their end or closed. Nothing is run again after a conflict. Safe for use by many threads.
 */
public final class DataSourceAdapter implements SqlAdapter {
    private final DataSource source;
    private final AtomicBoolean closed = new AtomicBoolean();

    @SuppressWarnings("ThreadLocalUsage") // one per adapter: a thread may be inside transactions of two at once
    private final ThreadLocal<@Nullable Unit> open = new ThreadLocal<>();

    private DataSourceAdapter(DataSource source) {
        this.source = source;
    }

    /** Takes connections of a source, which stays the caller's. */
    public static DataSourceAdapter over(DataSource source) {
        return new DataSourceAdapter(Objects.requireNonNull(source, "source"));
    }

    /** What the database speaks; see {@link Dialect#of}. */
    public Dialect dialect() {
        return lend(Dialect::of);
    }

    @Override
    public <R> R transaction(Function<Sql, R> work) {
        Unit around = open.get();
        return around == null
                ? lend(connection -> JdbcUnit.run(connection, unit -> inside(unit, work)))
                : around.nested(() -> work.apply(around));
    }

    private <R> R inside(Unit unit, Function<Sql, R> work) {
        open.set(unit);
        try {
            return work.apply(unit);
        } finally {
            open.remove();
        }
    }

    @Override
    public int exec(String sql, @Nullable Object... args) {
        Unit around = open.get();
        return around == null
                ? lend(connection -> new JdbcSql(connection, false).exec(sql, args))
                : around.exec(sql, args);
    }

    @Override
    public void execAll(String sql, List<@Nullable Object[]> rows) {
        transaction(tx -> {
            tx.execAll(sql, rows);
            return rows;
        });
    }

    @Override
    public <R> Stream<R> iterate(String sql, RowReader<R> reader, @Nullable Object... args) {
        Unit around = open.get();
        if (around != null) {
            return around.iterate(sql, reader, args);
        }
        Loan loan = new Loan(borrow());
        try {
            return new LentRows<>(new JdbcSql(loan.connection, false).iterate(sql, reader, args), loan).stream();
        } catch (RuntimeException | Error e) {
            loan.close();
            throw e;
        }
    }

    /** Refuses further calls; the source stays open. */
    @Override
    public void close() {
        closed.set(true);
    }

    private <R> R lend(Function<Connection, R> use) {
        try (Loan loan = new Loan(borrow())) {
            return use.apply(loan.connection);
        }
    }

    private Connection borrow() {
        if (closed.get()) {
            throw new ClosedException("engine.closed", "the adapter is closed");
        }
        try {
            return source.getConnection();
        } catch (SQLException e) {
            throw new EngineException(
                    "engine.unavailable",
                    "no connection can be had: " + SqlErrors.of(e).detail(),
                    e);
        }
    }

    /** A connection on loan, with auto-commit on; given back as it came. */
    private static final class Loan implements AutoCloseable {
        private final Connection connection;
        private final boolean autoCommit;
        private final AtomicBoolean over = new AtomicBoolean();

        Loan(Connection connection) {
            this.connection = connection;
            try {
                this.autoCommit = connection.getAutoCommit();
                if (!autoCommit) {
                    connection.setAutoCommit(true);
                }
            } catch (SQLException e) {
                throw failed(connection, e);
            }
        }

        private static HoldfastException failed(Connection connection, SQLException e) {
            HoldfastException failure = SqlErrors.of(e);
            try {
                connection.close();
            } catch (SQLException close) {
                failure.addSuppressed(close);
            }
            return failure;
        }

        @Override
        public void close() {
            if (!over.compareAndSet(false, true)) {
                return;
            }
            try (connection) {
                if (!autoCommit) {
                    connection.setAutoCommit(false);
                }
            } catch (SQLException e) {
                throw SqlErrors.of(e);
            }
        }
    }

    /** Rows that give a connection back at their end. */
    private static final class LentRows<R> extends Spliterators.AbstractSpliterator<R> {
        private final Stream<R> rows;
        private final Spliterator<R> each;
        private final Loan loan;

        LentRows(Stream<R> rows, Loan loan) {
            super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
            this.rows = rows;
            this.each = rows.spliterator();
            this.loan = loan;
        }

        Stream<R> stream() {
            return StreamSupport.stream(this, false).onClose(this::end);
        }

        @Override
        public boolean tryAdvance(Consumer<? super R> action) {
            if (each.tryAdvance(action)) {
                return true;
            }
            end();
            return false;
        }

        private void end() {
            try (loan) {
                rows.close();
            }
        }
    }
}
