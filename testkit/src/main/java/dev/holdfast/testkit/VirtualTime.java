package dev.holdfast.testkit;

import dev.holdfast.engine.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A clock that stands still until a test turns it.
 *
 * <p>Safe for use by many threads. Turning it runs the timers that fall due, in the order of their times and, at the
 * same time, in the order in which they were set, on the thread that turns. While a timer runs the clock shows the time
 * it was due. Two threads that turn take turns.
 */
public final class VirtualTime implements TimeSource {
    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");
    private static final Comparator<Entry> ORDER =
            Comparator.comparingLong((Entry entry) -> entry.due).thenComparingLong(entry -> entry.number);

    /** Held while the clock turns, around the timers' tasks; taken before {@code lock}. */
    private final ReentrantLock turning = new ReentrantLock();
    /** Guards the queue and the count; nothing runs under it. */
    private final ReentrantLock lock = new ReentrantLock();

    private final PriorityQueue<Entry> timers = new PriorityQueue<>(ORDER);
    private long count;
    private volatile long now;

    /** A clock that shows the first moment of 2030, UTC. */
    public VirtualTime() {
        this(START);
    }

    /** A clock that shows a moment, cut to milliseconds. */
    public VirtualTime(Instant start) {
        now = Objects.requireNonNull(start, "start").toEpochMilli();
    }

    @Override
    public long millis() {
        return now;
    }

    @Override
    public long nanos() {
        return TimeUnit.MILLISECONDS.toNanos(now);
    }

    /** Turns the clock forward, as {@link #advance} does. */
    @Override
    public void pause(long millis) {
        advance(Duration.ofMillis(millis));
    }

    /** The same as {@link #millis()}. */
    public Instant instant() {
        return Instant.ofEpochMilli(now);
    }

    /** Sets a timer; one with a delay of 0 waits for the next turn too. */
    @Override
    public Timer after(long delayMillis, Runnable task) {
        Objects.requireNonNull(task, "task");
        if (delayMillis < 0) {
            throw new IllegalArgumentException("a delay is 0 or more (delayMillis=" + delayMillis + ")");
        }
        lock.lock();
        try {
            Entry entry = new Entry(now + delayMillis, count++, task);
            timers.add(entry);
            return () -> cancel(entry);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Turns the clock forward and runs every timer that falls due on the way, those that other timers set included.
     * When this returns the clock shows the time at its start plus {@code by}, unless a task threw: then its exception
     * passes on and the clock stays at that timer.
     *
     * @param by 0 or more, cut to milliseconds
     */
    public void advance(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("the clock turns forward only (by=" + by + ")");
        }
        turning.lock();
        try {
            long target = now + by.toMillis();
            for (Entry entry = nextDue(target); entry != null; entry = nextDue(target)) {
                entry.task.run();
            }
            now = Math.max(now, target);
        } finally {
            turning.unlock();
        }
    }

    /** How many timers are set and have neither run nor been cancelled. */
    public int timers() {
        lock.lock();
        try {
            return timers.size();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Entry nextDue(long target) {
        lock.lock();
        try {
            Entry entry = timers.peek();
            if (entry == null || entry.due > target) {
                return null;
            }
            now = Math.max(now, entry.due);
            return timers.poll();
        } finally {
            lock.unlock();
        }
    }

    private void cancel(Entry entry) {
        lock.lock();
        try {
            timers.remove(entry);
        } finally {
            lock.unlock();
        }
    }

    /** A timer; two with the same content are two. */
    private static final class Entry {
        private final long due;
        private final long number;
        private final Runnable task;

        Entry(long due, long number, Runnable task) {
            this.due = due;
            this.number = number;
            this.task = task;
        }
    }
}
