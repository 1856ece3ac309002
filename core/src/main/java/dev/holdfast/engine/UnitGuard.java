package dev.holdfast.engine;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a time limit end a transaction that runs on another thread. Every statement of a guarded unit runs inside
 * {@link #enter} and {@link #leave}; after {@link #end} none gets in.
 *
 * <p>Two locks. {@code connectionLock} guards the connection against use by the unit's thread and the watchdog at once;
 * under it runs one statement or one row, never user code. {@code statementLock} guards the name of the statement that
 * runs, so that a cancellation meets that statement or none; under it nothing waits but the cancellation itself. It is
 * taken last.
 */
public final class UnitGuard {
    private static final Logger LOG = LoggerFactory.getLogger(UnitGuard.class);

    private final ReentrantLock connectionLock = new ReentrantLock();
    private final ReentrantLock statementLock = new ReentrantLock();
    private final BooleanSupplier lost;
    /** What the user opened and has not closed. */
    private final Set<AutoCloseable> open = Collections.newSetFromMap(new IdentityHashMap<>());

    private volatile boolean expired;
    private boolean ended;
    private @Nullable Statement running;
    private volatile @Nullable SQLException failure;

    /** A guard that lets everything in. */
    public UnitGuard() {
        this(() -> false);
    }

    /**
     * A guard of a transaction that the database may roll back by itself.
     *
     * @param lost whether it has; then nothing gets in, since it would be committed on its own
     */
    public UnitGuard(BooleanSupplier lost) {
        this.lost = lost;
    }

    /** Waits for the connection and keeps it until {@link #leave}. */
    void enter() {
        connectionLock.lock();
        RuntimeException refusal = refusal();
        if (refusal != null) {
            connectionLock.unlock();
            throw refusal;
        }
    }

    /** Waits for the connection, whatever has happened, to close something. */
    void enterToClose() {
        connectionLock.lock();
    }

    /** Names what is about to run inside {@link #enter}, so that the limit can cancel it. */
    void running(Statement statement) {
        statementLock.lock();
        try {
            running = statement;
        } finally {
            statementLock.unlock();
        }
    }

    /** Notes that a statement of the unit failed. */
    void failed(SQLException e) {
        if (failure == null) {
            failure = e;
        }
    }

    /** The failure of the first statement that failed, or null. */
    @Nullable
    SQLException failure() {
        return failure;
    }

    /** Gives the connection back. */
    void leave() {
        statementLock.lock();
        try {
            running = null;
        } finally {
            statementLock.unlock();
        }
        connectionLock.unlock();
    }

    /** Notes something that must be closed before the transaction ends. Called inside {@link #enter}. */
    void opened(AutoCloseable handle) {
        open.add(handle);
    }

    /** Forgets something that was closed. Called inside {@link #enter}. */
    void closed(AutoCloseable handle) {
        open.remove(handle);
    }

    /** Asks the database to stop the statement that runs now, from any thread; without effect when none does. */
    public void cancel() {
        statementLock.lock();
        try {
            if (running != null) {
                running.cancel();
            }
        } catch (SQLException e) {
            LOG.warn("cancelling a statement failed, so its transaction waits for it: {}", e.getMessage());
        } finally {
            statementLock.unlock();
        }
    }

    /**
     * Ends the unit once: later statements are refused, and what the user left open is closed.
     *
     * @param atLimit whether its time limit ends it: then the statement that runs is cancelled, and from now on only
     *     the limit can end it
     * @param last what is done with the connection as the last act, under the lock
     * @return whether this call was the one that ended it
     */
    public boolean end(boolean atLimit, Runnable last) {
        if (atLimit) {
            // First the flag, so that the unit cannot slip another statement in.
            expired = true;
            cancel();
        }
        connectionLock.lock();
        try {
            if (ended || (expired && !atLimit)) {
                return false;
            }
            ended = true;
            closeAll();
            last.run();
            return true;
        } finally {
            connectionLock.unlock();
        }
    }

    /** Whether the time limit has passed. */
    public boolean expired() {
        return expired;
    }

    private @Nullable RuntimeException refusal() {
        if (expired) {
            return new TimeoutException(
                    "engine.transaction_timeout", "the transaction passed its time limit and was rolled back");
        }
        if (ended) {
            return new ClosedException("engine.transaction_over", "the transaction has ended");
        }
        return lost.getAsBoolean() ? lost() : null;
    }

    /** What a unit is told whose transaction is gone. */
    static EngineException lost() {
        return new EngineException(
                "engine.transaction_lost",
                "the database has rolled the transaction back by itself, as it does when the disk is full or a"
                        + " statement is cancelled; nothing of it remains");
    }

    private void closeAll() {
        for (AutoCloseable handle : List.copyOf(open)) {
            try {
                handle.close();
            } catch (Exception e) {
                LOG.warn("closing what a transaction left open failed: {}", e.getMessage());
            }
        }
        open.clear();
    }
}
