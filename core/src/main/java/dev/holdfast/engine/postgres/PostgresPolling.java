package dev.holdfast.engine.postgres;

import dev.holdfast.engine.TimeSource;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes listeners look by themselves while nobody can wake them: after 50 ms, then twice as long each time up to a
 * second, and from the beginning when this process has written something.
 *
 * <p>{@code lock} guards the state; nobody is called under it.
 */
final class PostgresPolling {
    private static final long PAUSE_MILLIS_MIN = 50;
    private static final long PAUSE_MILLIS_MAX = 1_000;

    private final TimeSource time;
    private final BooleanSupplier look;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean active;
    private long pause = PAUSE_MILLIS_MIN;
    /** Tells the latest round from one that was taken back while it began. */
    private long rounds;

    private TimeSource.@Nullable Timer timer;

    /**
     * Not started yet.
     *
     * @param look makes the listeners look; answers whether there are any
     */
    PostgresPolling(TimeSource time, BooleanSupplier look) {
        this.time = time;
        this.look = look;
    }

    void start() {
        lock.lock();
        try {
            active = true;
            schedule();
        } finally {
            lock.unlock();
        }
    }

    void stop() {
        lock.lock();
        try {
            active = false;
            cancel();
        } finally {
            lock.unlock();
        }
    }

    /** Begins with short pauses again, since something has happened or somebody has come. */
    void hurry() {
        if (!active) {
            return;
        }
        lock.lock();
        try {
            if (!active || (timer != null && pause <= PAUSE_MILLIS_MIN * 2)) {
                return;
            }
            pause = PAUSE_MILLIS_MIN;
            cancel();
            schedule();
        } finally {
            lock.unlock();
        }
    }

    private void cancel() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private void schedule() {
        if (timer == null) {
            long mine = ++rounds;
            timer = time.after(
                    pause, () -> Thread.ofVirtual().name("holdfast-poll").start(() -> poll(mine)));
            pause = Math.min(pause * 2, PAUSE_MILLIS_MAX);
        }
    }

    private void poll(long round) {
        // Whoever failed to look may be listening all the same.
        boolean anybody = true;
        try {
            anybody = look.getAsBoolean();
        } finally {
            lock.lock();
            try {
                if (round == rounds) {
                    timer = null;
                    if (active && anybody) {
                        schedule();
                    }
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
