package dev.holdfast.engine.postgres;

import dev.holdfast.engine.TimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Queues for those who meet in one row, so that they wait here instead of holding connections in the queue of its lock.
 *
 * <p>Each lock orders the callers of the keys that hash to it. It is held over a whole unit with its repetitions; a
 * thread holds one at most, because a write inside a transaction joins it and does not queue.
 */
final class PostgresTurns {
    private static final int STRIPES = 256;
    /** The golden ratio of 2^64: spreads keys that differ in few bits. */
    private static final long SPREAD = 0x9e3779b97f4a7c15L;

    private static final int INDEX_SHIFT = Long.SIZE - 8;

    private final ReentrantLock[] stripes = new ReentrantLock[STRIPES];
    private final Duration limit;

    PostgresTurns(Duration limit) {
        this.limit = limit;
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new ReentrantLock(true);
        }
    }

    /** Runs a unit when those before it with the same key are done. */
    <R> R run(long hot, Supplier<R> unit) {
        ReentrantLock stripe = stripe(hot);
        take(stripe);
        try {
            return unit.get();
        } finally {
            stripe.unlock();
        }
    }

    /** How long this thread may have to wait for a turn; empty when it has it already. */
    Optional<Duration> limit(long hot) {
        return stripe(hot).isHeldByCurrentThread() ? Optional.empty() : Optional.of(limit);
    }

    private ReentrantLock stripe(long hot) {
        return stripes[(int) ((hot * SPREAD) >>> INDEX_SHIFT)];
    }

    private void take(ReentrantLock stripe) {
        try {
            if (stripe.tryLock(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TimeoutException(
                    "engine.interrupted", "the thread was interrupted while it waited for its turn", e);
        }
        throw new TimeoutException(
                "engine.turn_timeout",
                "others kept a row busy (turnLimit=" + limit + ", waiting=" + stripe.getQueueLength() + ")");
    }
}
