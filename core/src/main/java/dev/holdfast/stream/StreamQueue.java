package dev.holdfast.stream;

import dev.holdfast.engine.TimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The appends to one stream that wait for each other in this process, in the order in which they came. The first one
 * leads: its caller takes along those that wait when its turn has come, and hands the lead to the next one at the end.
 *
 * <p>{@code lock} guards everything but {@code callers}; nothing waits under it.
 */
final class StreamQueue {
    /** Appends of one transaction at most. */
    static final int CALLS_MAX = 256;
    /** Bytes of one transaction at most, unless a single append has more. */
    static final long BYTES_MAX = 4 << 20;

    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<AppendCall> waiting = new ArrayDeque<>();
    private boolean led;
    /** Callers who are in it, as its map counts them. */
    private int callers;

    /** The same queue with one more caller; called while nobody else changes its place in the map. */
    StreamQueue entered() {
        callers++;
        return this;
    }

    /** The same with one less, or null when it was the last one; called like {@link #entered}. */
    @Nullable
    StreamQueue left() {
        return --callers == 0 ? null : this;
    }

    /**
     * Waits until a call was done by another one's caller, or leads; then {@link #pass} must be called.
     *
     * @throws TimeoutException {@code engine.turn_timeout}, {@code engine.interrupted}: nobody has begun with it, and
     *     nobody will
     */
    void await(AppendCall call, Duration limit) {
        lock.lock();
        try {
            if (!led) {
                led = true;
                return;
            }
            waiting.addLast(call);
        } finally {
            lock.unlock();
        }
        try {
            if (call.told().tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
            int others = withdraw(call);
            if (others >= 0) {
                throw new TimeoutException(
                        "engine.turn_timeout",
                        "others kept a stream busy (turnLimit=" + limit + ", waiting=" + others + ")");
            }
            call.told().acquireUninterruptibly();
        } catch (InterruptedException e) {
            if (withdraw(call) < 0) {
                call.told().acquireUninterruptibly();
                Thread.currentThread().interrupt();
                return;
            }
            Thread.currentThread().interrupt();
            throw new TimeoutException(
                    "engine.interrupted", "the thread was interrupted while it waited for its turn", e);
        }
    }

    /** Takes a call back; answers how many others wait, or -1 when somebody has begun with it. */
    private int withdraw(AppendCall call) {
        lock.lock();
        try {
            return waiting.remove(call) ? waiting.size() : -1;
        } finally {
            lock.unlock();
        }
    }

    /** The call that leads and those that go with it now. */
    List<AppendCall> take(AppendCall leader) {
        List<AppendCall> taken = new ArrayList<>();
        taken.add(leader);
        long bytes = leader.append.content().length;
        lock.lock();
        try {
            while (!leader.alone && !waiting.isEmpty() && taken.size() < CALLS_MAX) {
                bytes += waiting.getFirst().append.content().length;
                if (bytes > BYTES_MAX) {
                    break;
                }
                taken.add(waiting.removeFirst());
            }
        } finally {
            lock.unlock();
        }
        return taken;
    }

    /** Lets the calls that were taken wait again, where they were, for turns in which each runs by itself. */
    void giveBack(List<AppendCall> calls) {
        lock.lock();
        try {
            for (AppendCall call : calls.reversed()) {
                call.alone = true;
                waiting.addFirst(call);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Hands the lead to the next one. */
    void pass() {
        lock.lock();
        try {
            AppendCall next = waiting.pollFirst();
            led = next != null;
            if (next != null) {
                next.tell();
            }
        } finally {
            lock.unlock();
        }
    }
}
