package dev.holdfast.testkit;

import dev.holdfast.engine.RowReader;
import dev.holdfast.engine.Sql;
import dev.holdfast.engine.SqlAdapter;
import dev.holdfast.testkit.FaultyEngine.Moment;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The four methods over another adapter, of which one statement or commit fails, as with {@link FaultyEngine}. Closing
 * it closes the adapter below. One thread at a time.
 */
public final class FaultyAdapter implements SqlAdapter, FaultControl {
    private final SqlAdapter adapter;
    private final Faults faults = new Faults();
    private int depth;

    /** An adapter that works until it is told to fail. */
    public FaultyAdapter(SqlAdapter adapter) {
        this.adapter = Objects.requireNonNull(adapter, "adapter");
    }

    @Override
    public void failStatement(int number, Moment moment) {
        faults.arm(number, moment, false);
    }

    @Override
    public void failCommit(int number, Moment moment) {
        faults.arm(number, moment, true);
    }

    @Override
    public boolean failed() {
        return faults.fired();
    }

    @Override
    public boolean failedAfterCommit() {
        return faults.afterCommit();
    }

    @Override
    public <R> R transaction(Function<Sql, R> work) {
        boolean outermost = depth == 0;
        depth++;
        try {
            R result = adapter.transaction(sql -> {
                R value = work.apply(new ForwardingSql(sql, faults));
                if (outermost) {
                    faults.committing();
                }
                return value;
            });
            if (outermost) {
                faults.committed();
            }
            return result;
        } finally {
            depth--;
        }
    }

    @Override
    public int exec(String sql, @Nullable Object... args) {
        return faults.statement(sql, args, () -> adapter.exec(sql, args));
    }

    @Override
    public <R> Stream<R> iterate(String sql, RowReader<R> reader, @Nullable Object... args) {
        return faults.statement(sql, args, () -> adapter.iterate(sql, reader, args));
    }

    @Override
    public void close() {
        adapter.close();
    }
}
