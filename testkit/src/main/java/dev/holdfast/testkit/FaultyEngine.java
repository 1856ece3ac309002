package dev.holdfast.testkit;

import dev.holdfast.engine.CommitTask;
import dev.holdfast.engine.CommitTasks;
import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.Signals;
import dev.holdfast.engine.Sql;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.engine.Work;
import java.util.Objects;

/**
 * An engine over another that makes one statement or commit fail, as a database does when its disk or its connection
 * breaks.
 *
 * <p>Every statement of a unit counts, those that run right before a commit included; what a user does through the JDBC
 * connection does not. Closing it closes the engine below. Safe for use by many threads, which then share one count.
 */
public final class FaultyEngine implements Engine {
    /** On which side of its effect something fails. */
    public enum Moment {
        /** It fails and has no effect. */
        BEFORE,
        /** It takes effect, then fails: the answer was lost. */
        AFTER
    }

    private final Engine engine;
    private final Faults faults = new Faults();

    /** An engine that works until it is told to fail. */
    public FaultyEngine(Engine engine) {
        this.engine = Objects.requireNonNull(engine, "engine");
    }

    /** Makes a statement fail, once, counted from now on; forgets any fault asked for before. */
    public void failStatement(int number, Moment moment) {
        faults.arm(number, moment, false);
    }

    /**
     * Makes a statement throw an {@link Error} instead of having its effect, once, counted from now on; forgets any
     * fault asked for before.
     */
    public void breakStatement(int number) {
        faults.armError(number);
    }

    /** Makes a commit fail, once, counted from now on; forgets any fault asked for before. */
    public void failCommit(int number, Moment moment) {
        faults.arm(number, moment, true);
    }

    /** Whether the fault has happened. */
    public boolean failed() {
        return faults.fired();
    }

    /** Whether the fault has happened after a commit, which stands. */
    public boolean failedAfterCommit() {
        return faults.afterCommit();
    }

    @Override
    public <R> R read(Work<R> work) {
        return engine.read(unit -> work.run(new FaultyUnit(unit, faults)));
    }

    @Override
    public <R> R readOne(Work<R> work) {
        return engine.readOne(unit -> work.run(new FaultyUnit(unit, faults)));
    }

    @Override
    public <R> R write(Work<R> work) {
        return write(UnitKind.USER, work);
    }

    @Override
    public <R> R write(UnitKind kind, Work<R> work) {
        R result = engine.write(kind, unit -> {
            R value = work.run(new FaultyUnit(unit, faults));
            // Asked for last, so that it is there even when the work has no tasks of its own.
            unit.atCommit(FaultyTasks.class, () -> new FaultyTasks(faults));
            return value;
        });
        faults.committed();
        return result;
    }

    @Override
    public <R> R writeOne(Work<R> work) {
        // With a transaction around it, so that a fault after its statement is still a fault before its commit.
        return write(UnitKind.OPERATION, work);
    }

    @Override
    public Dialect dialect() {
        return engine.dialect();
    }

    @Override
    public Signals signals() {
        return engine.signals();
    }

    @Override
    public void close() {
        engine.close();
    }

    /** The tasks of one commit behind the faults. */
    static final class FaultyTasks implements CommitTask {
        final CommitTasks tasks = new CommitTasks();
        private final Faults faults;

        FaultyTasks(Faults faults) {
            this.faults = faults;
        }

        @Override
        public void beforeCommit(Sql sql) {
            tasks.run(new FaultySql(sql, faults));
            faults.committing();
        }

        @Override
        public void ended(boolean committed) {
            tasks.ended(committed);
        }
    }
}
