package dev.holdfast.queue;

import dev.holdfast.queue.QueueClaimSql.Place;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * PostgreSQL: up to where this process has claimed the jobs of a queue, by priority. A claim looks from there on, so
 * that it does not walk over the dead versions of jobs that are gone, which stay for as long as somebody holds a
 * snapshot.
 *
 * <p>Something may stand below a bound. What this process makes ready is told after its commit ({@link #ready}): it
 * lowers the bound, also for claims that are under way, which would raise it past what they cannot see. What other
 * processes make ready, and what a claim that failed had locked, is found by a look from the head, which is wanted
 * after a second, and when a claim comes out short; looks take a twentieth of the time at most. Safe for use by many
 * threads; nothing is called under the lock but the clock.
 */
final class QueueBounds {
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int LOOK_SHARE = 20;

    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final TreeMap<Integer, Place> bounds = new TreeMap<>();
    private final Set<Claiming> underWay = new HashSet<>();
    private boolean looked;
    private long lookedAt;
    private long lookCost;

    /** Bounds of a queue of which nothing is known: the first claim looks from the head. */
    QueueBounds(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Begins a claim; it is to be ended, whatever becomes of it. */
    Claiming begin() {
        lock.lock();
        try {
            long since = nanos.getAsLong() - lookedAt;
            boolean head = !looked || since >= Math.max(LOOK_NANOS, LOOK_SHARE * lookCost);
            Claiming claiming = new Claiming(head, new TreeMap<>(bounds), nanos.getAsLong());
            underWay.add(claiming);
            return claiming;
        } finally {
            lock.unlock();
        }
    }

    /** A job of this process became ready: its commit has happened. */
    void ready(int priority, Place place) {
        lock.lock();
        try {
            if (looked) {
                bounds.merge(priority, place, QueueBounds::lower);
            }
            underWay.forEach(claiming -> claiming.told.merge(priority, place, QueueBounds::lower));
        } finally {
            lock.unlock();
        }
    }

    private static Place lower(Place a, Place b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    /** One claim. For one thread, what is told to it aside. */
    final class Claiming implements AutoCloseable {
        private final boolean head;
        private final SortedMap<Integer, Place> from;
        private final long begunAt;
        /** The lowest places that became ready since it began, by priority; guarded by the lock. */
        private final Map<Integer, Place> told = new HashMap<>();

        private boolean committed;

        private Claiming(boolean head, SortedMap<Integer, Place> from, long begunAt) {
            this.head = head;
            this.from = from;
            this.begunAt = begunAt;
        }

        /** Whether it is to look from the head. */
        boolean head() {
            return head;
        }

        /** Where it is to look in each priority that is known, the first priority first. */
        SortedMap<Integer, Place> from() {
            return from;
        }

        /** Whether a look from the head is to follow, since it came out short. */
        boolean mayLook() {
            lock.lock();
            try {
                return nanos.getAsLong() - lookedAt >= LOOK_SHARE * lookCost;
            } finally {
                lock.unlock();
            }
        }

        /**
         * The claim was committed.
         *
         * @param jobs what it claimed, in the order of the queue
         * @param fromHead whether it looked from the head
         */
        void committed(List<JobRow> jobs, boolean fromHead) {
            lock.lock();
            try {
                committed = true;
                if (fromHead) {
                    looked = true;
                    lookedAt = nanos.getAsLong();
                    lookCost = lookedAt - begunAt;
                }
                if (looked) {
                    for (JobRow job : jobs) {
                        raise(job.priority(), Place.of(job));
                    }
                }
            } finally {
                lock.unlock();
            }
        }

        /** Raises a bound, but not above what became ready meanwhile. */
        private void raise(int priority, Place place) {
            Place limit = told.get(priority);
            Place to = limit == null ? place : lower(limit, place);
            bounds.merge(priority, to, (now, then) -> now.compareTo(then) <= 0 ? then : now);
        }

        /** Ends it; when it was not committed, what it had locked is ready below the bounds of others. */
        @Override
        public void close() {
            lock.lock();
            try {
                underWay.remove(this);
                looked &= committed;
            } finally {
                lock.unlock();
            }
        }
    }
}
