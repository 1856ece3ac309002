package dev.holdfast.engine.postgres;

import dev.holdfast.engine.CommitTask;
import dev.holdfast.engine.JdbcSql;
import dev.holdfast.engine.RowReader;
import dev.holdfast.engine.Unit;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A unit outside a transaction: it runs one whole statement, which commits itself in one round trip. Whatever else it
 * is asked for it refuses before anything has happened, and the work begins again in a transaction.
 */
final class PostgresWhole implements Unit {
    private final JdbcSql sql;
    private boolean used;

    PostgresWhole(JdbcSql sql) {
        this.sql = sql;
    }

    @Override
    public <R> Optional<R> whole(String text, RowReader<R> reader, @Nullable Object... args) {
        if (used) {
            throw twice();
        }
        used = true;
        return sql.first(text, reader, args);
    }

    @Override
    public int exec(String text, @Nullable Object... args) {
        throw needsTransaction();
    }

    @Override
    public void execAll(String text, List<@Nullable Object[]> rows) {
        throw needsTransaction();
    }

    @Override
    public <R> Stream<R> iterate(String text, RowReader<R> reader, @Nullable Object... args) {
        throw needsTransaction();
    }

    @Override
    public Connection connection() {
        throw needsTransaction();
    }

    @Override
    public <T extends CommitTask> T atCommit(Class<T> type, Supplier<T> make) {
        throw needsTransaction();
    }

    @Override
    public <R> R nested(Supplier<R> step) {
        throw needsTransaction();
    }

    private RuntimeException needsTransaction() {
        return used ? twice() : new NeedsTransaction();
    }

    /** By now it is too late for a transaction. */
    private static IllegalStateException twice() {
        return new IllegalStateException("a unit whose statement was to be the whole of it does more");
    }

    /** The work does more than one whole statement. */
    static final class NeedsTransaction extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NeedsTransaction() {
            super("this unit needs a transaction", null, false, false);
        }
    }
}
