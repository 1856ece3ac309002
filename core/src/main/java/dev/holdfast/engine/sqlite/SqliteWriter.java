package dev.holdfast.engine.sqlite;

import dev.holdfast.engine.ClosedException;
import dev.holdfast.engine.CommitTasks;
import dev.holdfast.engine.GuardedJdbc;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.JdbcSql;
import dev.holdfast.engine.JdbcUnit;
import dev.holdfast.engine.TimeSource;
import dev.holdfast.engine.TimeoutException;
import dev.holdfast.engine.UnitGuard;
import dev.holdfast.engine.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place that writes to a SQLite store.
 *
 * <p>{@code turn} is the right to use the write connection. A caller who finds nobody writing or waiting takes it and
 * commits on their own thread. Everybody else queues, and the writer thread commits whatever has gathered since it last
 * looked: the previous commit's wait for the disk is the window in which a group forms. A user's transaction takes a
 * turn of its own. The turn is a semaphore, not a lock, because the watchdog of a transaction that passed its limit
 * gives it back from another thread.
 */
final class SqliteWriter {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteWriter.class);

    private final JdbcSql sql;
    private final SqliteTransaction transaction;
    private final SqliteGroup groups;
    private final SqliteOptions options;
    private final TimeSource time;
    private final Semaphore turn = new Semaphore(1, true);
    private final ConcurrentLinkedQueue<PendingUnit<?>> queue = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    /** Who runs a unit now: it must not wait for another one. */
    private final AtomicReference<@Nullable Thread> owner = new AtomicReference<>();

    private volatile boolean closing;
    private volatile boolean parked;

    SqliteWriter(JdbcSql sql, boolean shared, SqliteOptions options, TimeSource time) {
        this.sql = sql;
        this.transaction = SqliteTransaction.writing(sql, shared);
        this.groups = new SqliteGroup(transaction, sql);
        this.options = options;
        this.time = time;
        this.thread = Thread.ofPlatform().daemon().name("holdfast-writer").start(this::drain);
    }

    /** Runs an operation of the library, sharing its commit with others that are waiting. */
    <R> R operation(Work<R> work) {
        refuseWhenClosed();
        refuseWithin();
        PendingUnit<R> unit = new PendingUnit<>(work);
        if (queue.isEmpty() && !turn.hasQueuedThreads() && turn.tryAcquire()) {
            try {
                refuseWhenClosed();
                owner.set(Thread.currentThread());
                groups.run(List.of(unit));
            } finally {
                releaseTurn();
            }
            unit.settle();
        } else {
            queue.add(unit);
            wakeThread();
            // The writer thread may have looked for the last time; what it took before, it commits.
            if (closing && queue.remove(unit)) {
                refuse(unit);
            }
        }
        return unit.await();
    }

    /** Runs a user's function in a transaction of its own, on the caller's thread, with a time limit. */
    <R> R transaction(Work<R> work) {
        return transaction(work, true);
    }

    /** Runs a large operation of the library in a transaction of its own, on the caller's thread, however long. */
    <R> R alone(Work<R> work) {
        return transaction(work, false);
    }

    private <R> R transaction(Work<R> work, boolean limited) {
        takeTurn();
        UnitGuard guard = new UnitGuard(transaction::lost);
        CommitTasks tasks = new CommitTasks();
        Ending<R> ending = new Ending<>(tasks);
        TimeSource.@Nullable Timer watchdog = null;
        try {
            long epoch = transaction.begin();
            // Not before: while another process kept its lock, this transaction took no time of its own.
            watchdog =
                    limited ? time.after(options.transactionLimit().toMillis(), () -> endAtLimit(guard, tasks)) : null;
            JdbcSql guarded = sql.guarded(guard);
            ending.result = work.run(
                    new JdbcUnit(guarded, tasks, epoch, () -> GuardedJdbc.connection(sql.connection(), guard)));
            tasks.run(guarded);
        } catch (Throwable e) {
            ending.failure = e;
        }
        if (watchdog != null) {
            watchdog.cancel();
        }
        if (endedHere(false, guard, ending)) {
            return ending.outcome();
        }
        // The watchdog has rolled back, or is about to, and gives the turn back; this thread is out of its unit.
        owner.compareAndSet(Thread.currentThread(), null);
        throw ending.atLimit(options.transactionLimit());
    }

    /** Runs something on the write connection outside any transaction, such as a checkpoint or a backup. */
    <R> R maintenance(Function<JdbcSql, R> work) {
        takeTurn();
        try {
            return work.apply(sql);
        } finally {
            releaseTurn();
        }
    }

    /** Finishes what runs and what is queued, then refuses. */
    void close() {
        closing = true;
        wakeThread();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        turn.acquireUninterruptibly();
        settleLeftovers();
    }

    private void drain() {
        List<PendingUnit<?>> group = new ArrayList<>();
        while (true) {
            if (queue.isEmpty()) {
                if (closing) {
                    return;
                }
                parked = true;
                if (queue.isEmpty() && !closing) {
                    LockSupport.park(this);
                }
                parked = false;
                continue;
            }
            turn.acquireUninterruptibly();
            owner.set(thread);
            try {
                for (PendingUnit<?> unit = queue.poll(); unit != null; unit = next(group)) {
                    group.add(unit);
                }
                if (!group.isEmpty()) {
                    groups.run(group);
                }
            } catch (Throwable e) {
                LOG.error("a group failed outside its units", e);
                group.forEach(unit -> unit.fail(e));
            } finally {
                owner.set(null);
                turn.release();
            }
            group.forEach(PendingUnit::settle);
            group.clear();
        }
    }

    private @Nullable PendingUnit<?> next(List<PendingUnit<?>> group) {
        return group.size() < options.groupMax() ? queue.poll() : null;
    }

    private void endAtLimit(UnitGuard guard, CommitTasks tasks) {
        // On a thread of its own, as it may have to wait for a statement to notice that it was cancelled.
        Thread.ofVirtual()
                .name("holdfast-watchdog")
                .start(() -> endedHere(true, guard, () -> {
                    transaction.rollback();
                    tasks.ended(false);
                }));
    }

    /** Ends a user's transaction unless somebody else has; whoever ends it gives the turn back, whatever happens. */
    private boolean endedHere(boolean atLimit, UnitGuard guard, Runnable last) {
        boolean here = true;
        try {
            here = guard.end(atLimit, last);
        } finally {
            if (here) {
                releaseTurn();
            }
        }
        return here;
    }

    private void takeTurn() {
        refuseWhenClosed();
        refuseWithin();
        boolean mine;
        try {
            mine = turn.tryAcquire(options.turnLimit().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TimeoutException(
                    "engine.interrupted", "the thread was interrupted while it waited for its turn", e);
        }
        if (!mine) {
            throw new TimeoutException(
                    "engine.turn_timeout",
                    "other writers kept the store busy (turnLimit=" + options.turnLimit() + ", waiting="
                            + turn.getQueueLength() + ")");
        }
        if (closing) {
            turn.release();
            refuseWhenClosed();
        }
        owner.set(Thread.currentThread());
    }

    private void releaseTurn() {
        owner.set(null);
        turn.release();
        if (!queue.isEmpty()) {
            wakeThread();
        }
    }

    private void wakeThread() {
        if (parked) {
            LockSupport.unpark(thread);
        }
    }

    private void settleLeftovers() {
        for (PendingUnit<?> unit = queue.poll(); unit != null; unit = queue.poll()) {
            refuse(unit);
        }
    }

    private static void refuse(PendingUnit<?> unit) {
        unit.fail(closed());
        unit.settle();
    }

    @SuppressWarnings("ReferenceEquality") // a thread is itself
    private void refuseWithin() {
        if (owner.get() == Thread.currentThread()) {
            throw new InvalidInputException(
                    "engine.nested_unit",
                    "a unit cannot wait for another unit of the same store, which waits for it; use the"
                            + " transaction that is open, or a nested step of it");
        }
    }

    private void refuseWhenClosed() {
        if (closing) {
            throw closed();
        }
    }

    private static ClosedException closed() {
        return new ClosedException("engine.closed", "the store is closed");
    }

    /** Commits a user's transaction or rolls it back, under its guard, and keeps what came of it. */
    private final class Ending<R> implements Runnable {
        private final CommitTasks tasks;
        private @Nullable R result;
        private @Nullable Throwable failure;

        Ending(CommitTasks tasks) {
            this.tasks = tasks;
        }

        @Override
        public void run() {
            if (failure == null) {
                try {
                    transaction.commit();
                } catch (Throwable e) {
                    failure = e;
                }
            }
            if (failure != null) {
                transaction.rollback();
            }
            tasks.ended(failure == null);
        }

        @SuppressWarnings("NullAway") // without a failure there is the result of the work, null included
        R outcome() {
            if (failure != null) {
                throw PendingUnit.<RuntimeException>asItIs(failure);
            }
            return result;
        }

        TimeoutException atLimit(Duration limit) {
            TimeoutException timeout = new TimeoutException(
                    "engine.transaction_timeout",
                    "the transaction passed its time limit and was rolled back (transactionLimit=" + limit + ")");
            if (failure != null) {
                timeout.addSuppressed(failure);
            }
            return timeout;
        }
    }
}
