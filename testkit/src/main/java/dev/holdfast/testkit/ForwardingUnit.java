package dev.holdfast.testkit;

import dev.holdfast.engine.CommitTask;
import dev.holdfast.engine.CommitTasks;
import dev.holdfast.engine.RowReader;
import dev.holdfast.engine.Sql;
import dev.holdfast.engine.Unit;
import java.sql.Connection;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A unit with something around each of its statements, those of its commit's tasks included. */
final class ForwardingUnit extends ForwardingSql implements Unit {
    private final Unit unit;

    ForwardingUnit(Unit unit, AroundUnit around) {
        super(unit, around);
        this.unit = unit;
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
    public <R> Optional<R> whole(String text, RowReader<R> reader, @Nullable Object... args) {
        return around.statement(text, args, () -> unit.whole(text, reader, args));
    }

    @Override
    public <T extends CommitTask> T atCommit(Class<T> type, Supplier<T> make) {
        return tasks().tasks.task(type, make);
    }

    @Override
    public <R> R nested(Supplier<R> step) {
        return around.nested(() -> unit.nested(step));
    }

    /** The commit comes next, with tasks or without. */
    void awaitCommit() {
        tasks();
    }

    private Tasks tasks() {
        return unit.atCommit(Tasks.class, () -> new Tasks(around));
    }

    /** The tasks of one commit. */
    private static final class Tasks implements CommitTask {
        private final CommitTasks tasks = new CommitTasks();
        private final AroundUnit around;

        Tasks(AroundUnit around) {
            this.around = around;
        }

        @Override
        public void beforeCommit(Sql sql) {
            tasks.run(new ForwardingSql(sql, around));
            around.committing();
        }

        @Override
        public void ended(boolean committed) {
            tasks.ended(committed);
        }
    }
}
