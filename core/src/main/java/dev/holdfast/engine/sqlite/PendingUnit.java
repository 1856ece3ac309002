package dev.holdfast.engine.sqlite;

import dev.holdfast.engine.Unit;
import dev.holdfast.engine.Work;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A work that waits for its commit, and the thread that waits for it. */
final class PendingUnit<R> {
    private final Work<R> work;
    private final Thread waiter = Thread.currentThread();
    private @Nullable R result;
    private @Nullable Throwable failure;
    private volatile boolean settled;

    PendingUnit(Work<R> work) {
        this.work = work;
    }

    /** Runs the work and keeps its result, which counts only once {@link #settle} was called. */
    void run(Unit unit) {
        failure = null;
        result = work.run(unit);
    }

    /** Notes that the work failed on its own account. */
    void fail(Throwable cause) {
        failure = cause;
    }

    /** Publishes what happened and wakes the waiter; the commit is on disk, or there is none. */
    void settle() {
        settled = true;
        LockSupport.unpark(waiter);
    }

    /** Waits without end: the writer settles every unit that it was given, also when the engine closes. */
    @SuppressWarnings("NullAway") // a settled unit without failure has the result of its work, null included
    R await() {
        boolean interrupted = false;
        while (!settled) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure != null) {
            throw PendingUnit.<RuntimeException>asItIs(failure);
        }
        return result;
    }

    /**
     * The failure as the work threw it: code in other languages, or compiled by tricks, throws checked exceptions too.
     */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    static <E extends Throwable> E asItIs(Throwable failure) throws E {
        throw (E) failure;
    }
}
