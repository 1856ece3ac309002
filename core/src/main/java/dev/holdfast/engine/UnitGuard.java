package dev.holdfast.engine;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets a time limit end a transaction that runs on another thread. Every statement of a guarded unit runs inside
 * {@link #enter} and {@link #leave}; after {@link #end} none gets in.
 *
 * <p>The lock guards the connection against use by the unit's thread and the watchdog at once. Under it: one statement
 * or one row, never user code.
 */
public final class UnitGuard {
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean expired;
    private boolean ended;

    /** A guard that lets everything in. */
    public UnitGuard() {}

    /** Waits for the connection and keeps it until {@link #leave}. */
    void enter() {
        lock.lock();
        if (ended) {
            lock.unlock();
            throw expired
                    ? new TimeoutException(
                            "engine.transaction_timeout", "the transaction passed its time limit and was rolled back")
                    : new ClosedException("engine.transaction_over", "the transaction has ended");
        }
    }

    /** Gives the connection back. */
    void leave() {
        lock.unlock();
    }

    /**
     * Ends the unit once: later statements are refused.
     *
     * @param atLimit whether its time limit ended it
     * @param last what is done with the connection as the last act, under the lock
     * @return whether this call was the one that ended it
     */
    public boolean end(boolean atLimit, Runnable last) {
        lock.lock();
        try {
            if (ended) {
                return false;
            }
            expired = atLimit;
            ended = true;
            last.run();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Whether a time limit ended the unit. */
    public boolean expired() {
        return expired;
    }
}
