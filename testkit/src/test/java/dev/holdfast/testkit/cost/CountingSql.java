package dev.holdfast.testkit.cost;

import dev.holdfast.engine.RowReader;
import dev.holdfast.engine.Sql;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Counts statements. One that is run for many rows at once counts once. */
class CountingSql implements Sql {
    private final Sql sql;
    final Counts counts;

    CountingSql(Sql sql, Counts counts) {
        this.sql = sql;
        this.counts = counts;
    }

    @Override
    public int exec(String text, @Nullable Object... args) {
        return counts.statement(() -> sql.exec(text, args));
    }

    @Override
    public void execAll(String text, List<@Nullable Object[]> rows) {
        counts.statement(() -> {
            sql.execAll(text, rows);
            return rows;
        });
    }

    @Override
    public <R> Stream<R> iterate(String text, RowReader<R> reader, @Nullable Object... args) {
        return counts.statement(() -> sql.iterate(text, reader, args));
    }

    @Override
    public <R> Optional<R> first(String text, RowReader<R> reader, @Nullable Object... args) {
        return counts.statement(() -> sql.first(text, reader, args));
    }

    @Override
    public <R> List<R> list(String text, RowReader<R> reader, @Nullable Object... args) {
        return counts.statement(() -> sql.list(text, reader, args));
    }
}
