package dev.holdfast.engine;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs SQL statements of one dialect, with {@code ?} for arguments.
 *
 * <p>Arguments are {@code String}, {@code Long}, {@code Integer}, {@code Double}, {@code Boolean}, {@code byte[]},
 * {@code String[]}, {@code Long[]}, {@code byte[][]} (PostgreSQL arrays), or null for SQL NULL. A failing statement is
 * an {@link EngineException} with the SQLSTATE or SQLite result code in its message; the caller lets it pass, and the
 * transaction around it rolls back. One thread at a time.
 */
public interface Sql {
    /** Runs a statement that returns no rows and says how many rows it changed. */
    int exec(String sql, @Nullable Object... args);

    /**
     * Runs a query and reads its rows as they are asked for; the rows in memory stay bounded.
     *
     * @return the rows in the query's order; close it unless it was read to its end. The end of the transaction closes
     *     it too
     */
    <R> Stream<R> iterate(String sql, RowReader<R> reader, @Nullable Object... args);

    /** The first row of a query, if there is one. */
    default <R> Optional<R> first(String sql, RowReader<R> reader, @Nullable Object... args) {
        try (Stream<R> rows = iterate(sql, reader, args)) {
            return rows.findFirst();
        }
    }

    /** All rows of a query that is known to return few. */
    default <R> List<R> list(String sql, RowReader<R> reader, @Nullable Object... args) {
        try (Stream<R> rows = iterate(sql, reader, args)) {
            return rows.toList();
        }
    }

    /** Runs one statement for each list of arguments, in order, in as few round trips as the driver can. */
    default void execAll(String sql, List<@Nullable Object[]> rows) {
        for (@Nullable Object[] args : rows) {
            exec(sql, args);
        }
    }
}
