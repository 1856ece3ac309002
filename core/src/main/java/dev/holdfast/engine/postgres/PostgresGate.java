package dev.holdfast.engine.postgres;

import dev.holdfast.engine.ClosedException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Lets units in until it is closed; closing waits for those inside. */
final class PostgresGate {
    private final Semaphore inside = new Semaphore(Integer.MAX_VALUE);
    private volatile boolean closed;

    /** Runs a unit, or refuses it. */
    <R> R pass(Supplier<R> unit) {
        if (closed || !inside.tryAcquire()) {
            throw new ClosedException("engine.closed", "the store is closed");
        }
        try {
            return unit.get();
        } finally {
            inside.release();
        }
    }

    /**
     * Lets nobody in any more and waits for those inside, up to a time.
     *
     * @return whether this call was the one that closed it
     */
    boolean close(Duration wait) {
        if (closed) {
            return false;
        }
        closed = true;
        try {
            return inside.tryAcquire(Integer.MAX_VALUE, wait.toMillis(), TimeUnit.MILLISECONDS) || closed;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
