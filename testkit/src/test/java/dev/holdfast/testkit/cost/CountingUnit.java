package dev.holdfast.testkit.cost;

import dev.holdfast.engine.CommitTask;
import dev.holdfast.engine.CommitTasks;
import dev.holdfast.engine.RowReader;
import dev.holdfast.engine.Sql;
import dev.holdfast.engine.Unit;
import java.sql.Connection;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A unit whose statements are counted, those of its commit tasks too. */
final class CountingUnit extends CountingSql implements Unit {
    private final Unit unit;

    CountingUnit(Unit unit, Counts counts) {
        super(unit, counts);
        this.unit = unit;
    }

    @Override
    public <R> Optional<R> whole(String text, RowReader<R> reader, @Nullable Object... args) {
        return counts.statement(() -> unit.whole(text, reader, args));
    }

    @Override
    public Connection connection() {
        return unit.connection();
    }

    @Override
    public long epoch() {
        return unit.epoch();
    }

    @Override
    public <T extends CommitTask> T atCommit(Class<T> type, Supplier<T> make) {
        return unit.atCommit(CountedTasks.class, () -> new CountedTasks(counts))
                .tasks
                .task(type, make);
    }

    @Override
    public <R> R nested(Supplier<R> step) {
        counts.savepoint();
        return unit.nested(step);
    }

    /** The tasks of one commit. */
    static final class CountedTasks implements CommitTask {
        final CommitTasks tasks = new CommitTasks();
        private final Counts counts;

        CountedTasks(Counts counts) {
            this.counts = counts;
        }

        @Override
        public void beforeCommit(Sql sql) {
            tasks.run(new CountingSql(sql, counts));
        }
    }
}
