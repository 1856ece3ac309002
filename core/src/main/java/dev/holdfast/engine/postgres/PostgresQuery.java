package dev.holdfast.engine.postgres;

import dev.holdfast.engine.CommitTask;
import dev.holdfast.engine.EngineException;
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
 * A unit outside a transaction that runs one short query in one round trip. The session could write, so everything that
 * is no query is refused here.
 */
final class PostgresQuery implements Unit {
    private static final List<String> QUERIES = List.of("select", "with", "values", "show");

    private final JdbcSql sql;

    PostgresQuery(JdbcSql sql) {
        this.sql = sql;
    }

    @Override
    public <R> Stream<R> iterate(String text, RowReader<R> reader, @Nullable Object... args) {
        requireQuery(text);
        return sql.iterate(text, reader, args);
    }

    @Override
    public <R> Optional<R> first(String text, RowReader<R> reader, @Nullable Object... args) {
        requireQuery(text);
        return sql.first(text, reader, args);
    }

    @Override
    public <R> List<R> list(String text, RowReader<R> reader, @Nullable Object... args) {
        requireQuery(text);
        return sql.list(text, reader, args);
    }

    @Override
    public int exec(String text, @Nullable Object... args) {
        throw refused();
    }

    @Override
    public void execAll(String text, List<@Nullable Object[]> rows) {
        throw refused();
    }

    @Override
    public Connection connection() {
        throw refused();
    }

    @Override
    public <T extends CommitTask> T atCommit(Class<T> type, Supplier<T> make) {
        throw refused();
    }

    @Override
    public <R> R nested(Supplier<R> step) {
        throw refused();
    }

    private static void requireQuery(String text) {
        int start = 0;
        while (start < text.length() && Character.isWhitespace(text.charAt(start))) {
            start++;
        }
        for (String word : QUERIES) {
            if (text.regionMatches(true, start, word, 0, word.length())) {
                return;
            }
        }
        throw refused();
    }

    private static EngineException refused() {
        return new EngineException("engine.read_only", "a read of one query can do nothing but query");
    }
}
