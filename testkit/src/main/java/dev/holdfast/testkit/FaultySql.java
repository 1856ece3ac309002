package dev.holdfast.testkit;

import dev.holdfast.engine.RowReader;
import dev.holdfast.engine.Sql;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Statements behind the faults. */
class FaultySql implements Sql {
    private final Sql sql;
    private final Faults faults;

    FaultySql(Sql sql, Faults faults) {
        this.sql = sql;
        this.faults = faults;
    }

    @Override
    public int exec(String text, @Nullable Object... args) {
        return faults.statement(() -> sql.exec(text, args));
    }

    @Override
    public void execAll(String text, List<@Nullable Object[]> rows) {
        faults.statement(() -> {
            sql.execAll(text, rows);
            return rows;
        });
    }

    @Override
    public <R> Stream<R> iterate(String text, RowReader<R> reader, @Nullable Object... args) {
        return faults.statement(() -> sql.iterate(text, reader, args));
    }

    @Override
    public <R> Optional<R> first(String text, RowReader<R> reader, @Nullable Object... args) {
        return faults.statement(() -> sql.first(text, reader, args));
    }

    @Override
    public <R> List<R> list(String text, RowReader<R> reader, @Nullable Object... args) {
        return faults.statement(() -> sql.list(text, reader, args));
    }
}
