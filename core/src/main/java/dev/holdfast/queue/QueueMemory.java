package dev.holdfast.queue;

import dev.holdfast.engine.TimeSource;
import java.util.ArrayDeque;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What this process remembers of a queue, to ask the database less: when the next job falls due or its lease runs out,
 * and up to where jobs were claimed. It is only about cost and about when to look; what is in the tables decides. What
 * other processes do is learned within a second.
 *
 * <p>Safe for use by many threads; nobody is called under the lock.
 */
final class QueueMemory {
    private static final long SURE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long NEVER = Long.MAX_VALUE;
    private static final int EXPECTED_MAX = 100;

    private final TimeSource time;
    private final QueueBounds bounds;
    private final CopyOnWriteArrayList<QueueBell> bells = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    /** Nothing falls due before, as far as is known. */
    private long dueAt = Long.MIN_VALUE;

    private long askedAt;
    /** There is a limit to what is given out, as far as is known. */
    private boolean limited;
    /** How often something was expected, so that what was read before it does not hide it. */
    private long expectations;
    /** The last of them. */
    private final ArrayDeque<Long> expected = new ArrayDeque<>();

    /** Of a queue of which nothing is known yet. */
    QueueMemory(TimeSource time) {
        this.time = time;
        this.bounds = new QueueBounds(time::nanos);
    }

    QueueBounds bounds() {
        return bounds;
    }

    /** Whether the database has to be asked what has fallen due. */
    boolean mustAsk(long now) {
        lock.lock();
        try {
            return dueAt <= now || time.nanos() - askedAt >= SURE_NANOS;
        } finally {
            lock.unlock();
        }
    }

    /** Something falls due then: its commit has happened. */
    void expect(long at) {
        boolean earlier;
        lock.lock();
        try {
            expectations++;
            expected.addFirst(at);
            if (expected.size() > EXPECTED_MAX) {
                expected.removeLast();
            }
            earlier = at < dueAt;
            dueAt = Math.min(dueAt, at);
        } finally {
            lock.unlock();
        }
        if (at <= time.millis()) {
            ring(); // It fell due on the way here.
        } else if (earlier) {
            bells.forEach(QueueBell::set);
        }
    }

    /** Whether there is a limit to what is given out of the queue, as far as is known. */
    boolean isLimited() {
        lock.lock();
        try {
            return limited;
        } finally {
            lock.unlock();
        }
    }

    /** Somebody of this process has said how much is given out: its commit has happened. */
    void limit(boolean value) {
        lock.lock();
        try {
            limited = value;
        } finally {
            lock.unlock();
        }
    }

    /** How much was expected so far; to be taken before the database is asked. */
    long expectations() {
        lock.lock();
        try {
            return expectations;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The database was asked.
     *
     * @param since what had been expected before
     * @param now the time at which it was asked
     * @param found what it answered
     */
    void know(long since, long now, QueueClaimSql.Next found) {
        OptionalLong next = found.at(now);
        boolean passed = next.isPresent() && next.getAsLong() > now && next.getAsLong() <= time.millis();
        lock.lock();
        try {
            long news = expectations - since;
            // When more was expected meanwhile than is remembered, the database is asked again.
            dueAt = news > expected.size()
                    ? Long.MIN_VALUE
                    : expected.stream().limit(news).reduce(next.orElse(NEVER), Math::min);
            askedAt = time.nanos();
            limited = found.limited();
        } finally {
            lock.unlock();
        }
        bells.forEach(passed ? QueueBell::ring : QueueBell::set);
    }

    /** How long from now on nothing falls due, as far as is known; 0 when something is due already. */
    long quietMillis() {
        lock.lock();
        try {
            long now = time.millis();
            return dueAt <= now ? 0 : dueAt - now;
        } finally {
            lock.unlock();
        }
    }

    void add(QueueBell bell) {
        bells.add(bell);
    }

    void remove(QueueBell bell) {
        bells.remove(bell);
    }

    /** Whether nobody follows the queue. */
    boolean isAlone() {
        return bells.isEmpty();
    }

    /** Rings all bells: there may be something to claim. */
    void ring() {
        bells.forEach(QueueBell::ring);
    }
}
