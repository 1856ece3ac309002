package dev.holdfast.testkit;

import dev.holdfast.engine.Engine;
import dev.holdfast.engine.Unit;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.engine.Work;

/**
 * An engine over another that makes one statement or commit fail, as a database does when its disk or its connection
 * breaks.
 *
 * <p>Every statement of a unit counts, those that run right before a commit included; what a user does through the JDBC
 * connection does not. Closing it closes the engine below. Safe for use by many threads, which then share one count.
 */
public final class FaultyEngine extends ForwardingEngine implements FaultControl {
    /** On which side of its effect something fails. */
    public enum Moment {
        /** It fails and has no effect. */
        BEFORE,
        /** It takes effect, then fails: the answer was lost. */
        AFTER
    }

    private final Faults faults = new Faults();

    /** An engine that works until it is told to fail. */
    public FaultyEngine(Engine engine) {
        super(engine);
    }

    @Override
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
    protected AroundUnit around(Unit unit) {
        return faults;
    }

    @Override
    protected void committed() {
        faults.committed();
    }

    @Override
    public <R> R writeOne(Work<R> work) {
        // With a transaction around it, so that a fault after its statement is still a fault before its commit.
        return write(UnitKind.OPERATION, work);
    }
}
