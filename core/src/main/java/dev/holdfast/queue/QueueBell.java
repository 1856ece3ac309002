package dev.holdfast.queue;

import dev.holdfast.engine.TimeSource;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wakes one who follows a queue: when it is told to, when the next job falls due as far as this process knows, and
 * every second, for what no signal tells.
 *
 * <p>{@code lock} guards the timer; nobody is called under it.
 */
final class QueueBell implements QueueFollower {
    private static final Logger LOG = LoggerFactory.getLogger(QueueBell.class);
    private static final long LOOK_MILLIS = 1_000;
    /** How soon it rings again when something is due that nobody took; twice as long each time. */
    private static final long DUE_MILLIS = 20;

    private static final int DOUBLINGS_MAX = 6;

    private final QueueMemory memory;
    private final TimeSource time;
    private final Runnable wake;
    private final ReentrantLock lock = new ReentrantLock();
    private TimeSource.@Nullable Timer timer;
    private int rungInVain;
    private boolean closed;

    /** A bell that is silent until it is added to the memory and set. */
    QueueBell(QueueMemory memory, TimeSource time, Runnable wake) {
        this.memory = memory;
        this.time = time;
        this.wake = wake;
    }

    /** Wakes now. */
    void ring() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
        } finally {
            lock.unlock();
        }
        try {
            wake.run();
        } catch (RuntimeException e) {
            LOG.error("a follower of a queue failed to be woken", e);
        }
    }

    /** Sets the timer anew, for what is known now. */
    void set() {
        long quiet = memory.quietMillis();
        lock.lock();
        try {
            rungInVain = quiet == 0 ? Math.min(rungInVain + 1, DOUBLINGS_MAX) : 0;
            long delay = Math.min(quiet == 0 ? DUE_MILLIS << (rungInVain - 1) : quiet, LOOK_MILLIS);
            if (!closed) {
                if (timer != null) {
                    timer.cancel();
                }
                timer = time.after(delay, this::due);
            }
        } finally {
            lock.unlock();
        }
    }

    private void due() {
        ring();
        set();
    }

    @Override
    public void close() {
        memory.remove(this);
        lock.lock();
        try {
            closed = true;
            if (timer != null) {
                timer.cancel();
                timer = null;
            }
        } finally {
            lock.unlock();
        }
    }
}
