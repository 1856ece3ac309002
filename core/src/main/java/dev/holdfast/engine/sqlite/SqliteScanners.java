package dev.holdfast.engine.sqlite;

import dev.holdfast.engine.ClosedException;
import dev.holdfast.engine.TimeoutException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Threads of the platform for what virtual threads read in bulk. SQLite computes inside a native call, during which a
 * virtual thread keeps its carrier: as many scans as there are processors would keep every other virtual thread
 * waiting. A point read is not worth the way here and back.
 */
final class SqliteScanners {
    private static final long IDLE_SECONDS = 10;

    private final int count;
    private final Duration limit;
    private final Semaphore turns;
    private final ThreadPoolExecutor threads;

    /** Starts no thread yet; there will be {@code count} at most, each waited for up to a limit. */
    SqliteScanners(int count, Duration limit) {
        this.count = count;
        this.limit = limit;
        this.turns = new Semaphore(count, true);
        threads = new ThreadPoolExecutor(
                count,
                count,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("holdfast-scan-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Runs a scan: here when this is a thread of the platform, else on one of those.
     *
     * @throws TimeoutException {@code engine.scan_timeout}: none of them became free in time
     */
    <R> R run(Supplier<R> scan) {
        if (!Thread.currentThread().isVirtual()) {
            return scan.get();
        }
        if (!turns.tryAcquire()) {
            awaitTurn();
        }
        try {
            FutureTask<R> task = new FutureTask<>(scan::get);
            threads.execute(task);
            return await(task);
        } catch (RejectedExecutionException e) {
            throw new ClosedException("engine.closed", "the store is closed");
        } finally {
            turns.release();
        }
    }

    private void awaitTurn() {
        try {
            if (!turns.tryAcquire(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new TimeoutException(
                        "engine.scan_timeout",
                        "all threads for large reads stayed in use (threads=" + count + ", turnLimit=" + limit + ")");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TimeoutException("engine.interrupted", "the thread was interrupted while it waited to read", e);
        }
    }

    /** Refuses new scans and lets those that were taken end. */
    void close() {
        threads.shutdown();
    }

    private static <R> R await(FutureTask<R> task) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw PendingUnit.<RuntimeException>asItIs(Objects.requireNonNullElse(e.getCause(), e));
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
