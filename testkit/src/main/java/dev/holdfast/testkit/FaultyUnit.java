package dev.holdfast.testkit;

import dev.holdfast.engine.CommitTask;
import dev.holdfast.engine.Unit;
import dev.holdfast.testkit.FaultyEngine.FaultyTasks;
import java.sql.Connection;
import java.util.function.Supplier;

/** A unit behind the faults; its commit tasks too. */
final class FaultyUnit extends FaultySql implements Unit {
    private final Unit unit;
    private final Faults faults;

    FaultyUnit(Unit unit, Faults faults) {
        super(unit, faults);
        this.unit = unit;
        this.faults = faults;
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
        return unit.atCommit(FaultyTasks.class, () -> new FaultyTasks(faults))
                .tasks
                .task(type, make);
    }

    @Override
    public <R> R nested(Supplier<R> step) {
        return unit.nested(step);
    }
}
