package dev.holdfast.engine;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The rows of one query, read as they are asked for. It closes itself at its end. */
final class JdbcCursor<R> extends Spliterators.AbstractSpliterator<R> implements AutoCloseable {
    private final JdbcSql sql;
    private final long number;
    private final StatementCache.Prepared statement;
    private final ResultSet rows;
    private final RowReader<R> reader;
    /** The last row was read: asked again it has no more, as any stream. */
    private boolean exhausted;

    private boolean closed;

    JdbcCursor(JdbcSql sql, long number, StatementCache.Prepared statement, ResultSet rows, RowReader<R> reader) {
        super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
        this.sql = sql;
        this.number = number;
        this.statement = statement;
        this.rows = rows;
        this.reader = reader;
    }

    /** Its place among all cursors of the connection. */
    long number() {
        return number;
    }

    Stream<R> stream() {
        return StreamSupport.stream(this, false).onClose(this::close);
    }

    @Override
    public boolean tryAdvance(Consumer<? super R> action) {
        if (exhausted) {
            return false;
        }
        R value;
        sql.enter();
        try {
            if (closed) {
                throw new ClosedException("engine.cursor_closed", "the rows belong to a transaction that has ended");
            }
            sql.running(statement.jdbc);
            if (!rows.next()) {
                exhausted = true;
                close();
                return false;
            }
            value = reader.read(rows);
        } catch (SQLException e) {
            statement.sound(false);
            throw sql.failed(e);
        } finally {
            sql.leave();
        }
        action.accept(value);
        return true;
    }

    /** Closes the rows and frees their statement; without effect when that was done. */
    @Override
    public void close() {
        sql.enterToClose();
        try {
            if (!closed) {
                closed = true;
                closeBoth();
            }
        } catch (SQLException e) {
            throw sql.failed(e);
        } finally {
            sql.leave();
        }
    }

    private void closeBoth() throws SQLException {
        try {
            rows.close();
        } finally {
            sql.finished(this, statement);
        }
    }
}
