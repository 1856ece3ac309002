package dev.holdfast.engine.postgres;

import dev.holdfast.engine.ConflictException;
import dev.holdfast.engine.TimeSource;
import dev.holdfast.engine.TimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/**
 * Runs attempts until one does not lose against others, or a deadline passes.
 *
 * <p>Between two attempts it waits for a random time, of which only the bound grows: losers that wait for equal times
 * meet again.
 */
final class PostgresRetry {
    private static final long PAUSE_MILLIS_FIRST = 4;
    private static final long PAUSE_MILLIS_MAX = 250;
    private static final int DOUBLINGS_MAX = 10;
    /** Earlier failures that an exception carries at most: a hot row may cause thousands. */
    private static final int SUPPRESSED_MAX = 16;
    /** Connections that are found gone at most before the failure is told; a pool has about as many at most. */
    private static final int STALE_MAX = 100;

    private final TimeSource time;
    private final TimeSource pauses;
    private final Duration limit;

    /**
     * Attempts for up to a limit.
     *
     * @param time what the limit is measured by: the store's clock
     * @param pauses what waits between attempts, which goes on when a test has stopped the store's clock
     */
    PostgresRetry(TimeSource time, TimeSource pauses, Duration limit) {
        this.time = time;
        this.pauses = pauses;
        this.limit = limit;
    }

    /**
     * The result of the first attempt that is not in conflict and has a connection; other failures pass through at
     * once.
     */
    <R> R run(Supplier<R> attempt) {
        long deadline = time.millis() + limit.toMillis();
        List<Throwable> earlier = new ArrayList<>(0);
        int stale = 0;
        for (int attempts = 1; ; attempts++) {
            try {
                return attempt.get();
            } catch (PostgresStale e) {
                if (++stale == STALE_MAX) {
                    throw e.failure();
                }
            } catch (RuntimeException e) {
                Optional<ConflictException> conflict = PostgresErrors.conflict(e);
                if (conflict.isEmpty()) {
                    throw e;
                }
                long pause = pauseMillis(attempts);
                if (time.millis() + pause >= deadline) {
                    throw gaveUp(conflict.get(), earlier, attempts);
                }
                if (earlier.size() < SUPPRESSED_MAX) {
                    earlier.add(e);
                }
                await(pause);
            }
        }
    }

    private ConflictException gaveUp(ConflictException last, List<Throwable> earlier, int attempts) {
        ConflictException gaveUp = new ConflictException(
                last.code(),
                last.detail() + "; others kept coming first (attempts=" + attempts + ", retryLimit=" + limit + ")",
                last);
        earlier.forEach(gaveUp::addSuppressed);
        return gaveUp;
    }

    /** From 0 to a bound that doubles with each attempt. */
    private static long pauseMillis(int attempts) {
        long bound = Math.min(PAUSE_MILLIS_MAX, PAUSE_MILLIS_FIRST << Math.min(attempts - 1, DOUBLINGS_MAX));
        return ThreadLocalRandom.current().nextLong(bound + 1);
    }

    private void await(long millis) {
        if (millis == 0) {
            return;
        }
        CountDownLatch over = new CountDownLatch(1);
        TimeSource.Timer timer = pauses.after(millis, over::countDown);
        try {
            over.await();
        } catch (InterruptedException e) {
            timer.cancel();
            Thread.currentThread().interrupt();
            throw new TimeoutException(
                    "engine.interrupted", "the thread was interrupted between two attempts at a transaction", e);
        }
    }
}
