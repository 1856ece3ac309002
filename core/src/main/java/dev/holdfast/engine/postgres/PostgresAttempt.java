package dev.holdfast.engine.postgres;

import dev.holdfast.engine.CommitTasks;
import dev.holdfast.engine.GuardedJdbc;
import dev.holdfast.engine.JdbcSql;
import dev.holdfast.engine.JdbcUnit;
import dev.holdfast.engine.SqlErrors;
import dev.holdfast.engine.TimeSource;
import dev.holdfast.engine.TimeoutException;
import dev.holdfast.engine.Unit;
import dev.holdfast.engine.UnitGuard;
import dev.holdfast.engine.Work;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One transaction on one loan.
 *
 * <p>Whoever ends the guard gives the loan back: the thread of the unit when it is done, or the watchdog when the time
 * limit has passed. The watchdog cancels the statement that runs; when it does not end within a grace time, the network
 * may be gone, and the connection is cut off.
 */
final class PostgresAttempt<R> {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresAttempt.class);
    private static final long CANCEL_GRACE_MILLIS = 5_000;

    private final PostgresLoan loan;
    private final PostgresLevel level;
    private final Connection connection;
    private final UnitGuard guard = new UnitGuard();
    /** Whether the loan was given back, or cut off instead. */
    private final AtomicBoolean returned = new AtomicBoolean();

    private @Nullable R result;
    private @Nullable Throwable failure;
    /** The session may still be in a transaction; set and read by whoever ends the guard. */
    private boolean broken;

    /** An attempt on a loan, which it gives back. */
    PostgresAttempt(PostgresLoan loan, PostgresLevel level) {
        this.loan = loan;
        this.level = level;
        this.connection = loan.connection();
    }

    /**
     * Runs a work and commits it.
     *
     * @param says whether the transaction must say its level
     */
    R run(boolean says, Work<R> work) {
        attempt(says, work);
        guard.end(false, this::finish);
        giveBack();
        return outcome();
    }

    /** The same within a time limit. */
    R run(boolean says, Work<R> work, TimeSource time, Duration limit) {
        TimeSource.Timer watchdog = time.after(limit.toMillis(), this::endAtLimit);
        attempt(says, work);
        boolean mine = guard.end(false, this::finish);
        watchdog.cancel();
        if (mine) {
            giveBack();
            return outcome();
        }
        TimeoutException passed = new TimeoutException(
                "engine.transaction_timeout",
                "the transaction passed its time limit and was rolled back (transactionLimit=" + limit + ")");
        if (failure != null) {
            passed.addSuppressed(failure);
        }
        throw passed;
    }

    private void attempt(boolean says, Work<R> work) {
        JdbcSql sql = new JdbcSql(connection, false).guarded(guard);
        boolean begun = false;
        try {
            connection.setAutoCommit(false);
            if (says) {
                sql.exec(level.statement());
                begun = true;
            }
            CommitTasks tasks = new CommitTasks();
            result = work.run(
                    new JdbcUnit(sql, tasks, Unit.EPOCH_UNKNOWN, () -> GuardedJdbc.connection(connection, guard)));
            sql.requireCommittable();
            tasks.run(sql);
        } catch (SQLException e) {
            failure = SqlErrors.of(e);
        } catch (RuntimeException e) {
            // BEGIN travels with the first statement, so where that one found no session nothing was done.
            failure = !begun && sql.statements() <= 1 && PostgresErrors.isGone(e) ? new PostgresStale(e) : e;
        } catch (Throwable e) {
            failure = e;
        }
    }

    /** The last act of the unit, under its guard. */
    private void finish() {
        if (failure == null) {
            try {
                connection.commit();
                return;
            } catch (SQLException e) {
                failure = level == PostgresLevel.SNAPSHOT ? SqlErrors.of(e) : PostgresErrors.commit(e);
            }
        }
        rollback();
    }

    private void rollback() {
        try {
            connection.rollback();
        } catch (SQLException e) {
            broken = true;
            LOG.debug("a transaction could not be rolled back, its connection is discarded: {}", e.getMessage());
        }
    }

    private void giveBack() {
        if (!returned.compareAndSet(false, true) || broken) {
            loan.discard();
        } else {
            loan.giveBack();
        }
    }

    @SuppressWarnings("NullAway") // without a failure there is the result of the work, null included
    private R outcome() {
        if (failure != null) {
            throw PostgresAttempt.<RuntimeException>asItIs(failure);
        }
        return result;
    }

    /** On the clock's thread, which must not wait. */
    private void endAtLimit() {
        Thread.ofVirtual().name("holdfast-watchdog").start(() -> {
            TimeSource.Timer patience = TimeSource.system().after(CANCEL_GRACE_MILLIS, this::cutOff);
            if (guard.end(true, this::rollback)) {
                giveBack();
            }
            patience.cancel();
        });
    }

    /** Ends a statement that does not end; whoever waits for it finds the connection broken. */
    private void cutOff() {
        if (returned.compareAndSet(false, true)) {
            LOG.warn("a statement did not end when it was cancelled, so its connection is cut off");
            Thread.ofVirtual().name("holdfast-cut-off").start(loan::cutOff);
        }
    }

    // What the work threw passes through unchanged, checked or not.
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> T asItIs(Throwable failure) throws T {
        throw (T) failure;
    }
}
