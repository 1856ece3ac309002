package dev.holdfast.testkit;

import dev.holdfast.engine.RowReader;
import dev.holdfast.engine.Sql;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Statements with something around each of them. */
class ForwardingSql implements Sql {
    private static final Object[] NONE = {};

    final AroundUnit around;
    private final Sql sql;

    ForwardingSql(Sql sql, AroundUnit around) {
        this.sql = sql;
        this.around = around;
    }

    @Override
    public int exec(String text, @Nullable Object... args) {
        return around.statement(text, args, () -> sql.exec(text, args));
    }

    @Override
    public void execAll(String text, List<@Nullable Object[]> rows) {
        around.statement(text, rows.isEmpty() ? NONE : rows.getFirst(), () -> {
            sql.execAll(text, rows);
            return rows;
        });
    }

    @Override
    public <R> Stream<R> iterate(String text, RowReader<R> reader, @Nullable Object... args) {
        return around.statement(text, args, () -> sql.iterate(text, reader, args));
    }

    @Override
    public <R> Optional<R> first(String text, RowReader<R> reader, @Nullable Object... args) {
        return around.statement(text, args, () -> sql.first(text, reader, args));
    }

    @Override
    public <R> List<R> list(String text, RowReader<R> reader, @Nullable Object... args) {
        return around.statement(text, args, () -> sql.list(text, reader, args));
    }
}
