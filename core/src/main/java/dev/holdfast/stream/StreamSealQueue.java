package dev.holdfast.stream;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Which streams of each namespace are due for sealing, the longest waiting first, and how far the look at all of them
 * has come. {@code lock} guards all of it.
 */
final class StreamSealQueue {
    /** Streams of one namespace that are remembered as due; others are found by the next look at all. */
    private static final int DUE_MAX = 10_000;

    private static final long LOOK_MILLIS = Duration.ofHours(1).toMillis();

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Integer, Namespace> namespaces = new HashMap<>();

    void add(int ns, long stream) {
        lock.lock();
        try {
            Namespace in = in(ns);
            if (in.due.size() < DUE_MAX) {
                in.due.add(stream);
            } else {
                in.missed = true;
            }
        } finally {
            lock.unlock();
        }
    }

    /** A stream could not be sealed, and is due in the next round. */
    void again(int ns, long stream) {
        lock.lock();
        try {
            in(ns).failed.add(stream);
        } finally {
            lock.unlock();
        }
    }

    /** A round begins: what failed in the last one is due. */
    void begin(int ns) {
        lock.lock();
        try {
            Namespace in = in(ns);
            in.due.addAll(in.failed);
            in.failed.clear();
        } finally {
            lock.unlock();
        }
    }

    /** Takes the stream that waits for longest. */
    OptionalLong take(int ns) {
        lock.lock();
        try {
            Set<Long> due = in(ns).due;
            return due.isEmpty() ? OptionalLong.empty() : OptionalLong.of(removeFirst(due));
        } finally {
            lock.unlock();
        }
    }

    /** Whether a look at all streams is under way, or to be begun. */
    boolean looks(int ns, long now) {
        lock.lock();
        try {
            return in(ns).nextLook <= now;
        } finally {
            lock.unlock();
        }
    }

    /** The number of the last stream that was looked at. */
    long lookedUpTo(int ns) {
        lock.lock();
        try {
            return in(ns).lookedUpTo;
        } finally {
            lock.unlock();
        }
    }

    /** The look has come to the stream of a number. */
    void looked(int ns, long stream) {
        lock.lock();
        try {
            in(ns).lookedUpTo = stream;
        } finally {
            lock.unlock();
        }
    }

    /** The look is over. */
    void lookedAtAll(int ns, long now) {
        lock.lock();
        try {
            Namespace in = in(ns);
            in.lookedUpTo = 0;
            in.nextLook = in.missed ? now + 1 : now + LOOK_MILLIS;
            in.missed = false;
        } finally {
            lock.unlock();
        }
    }

    /** Forgets a namespace. */
    void remove(int ns) {
        lock.lock();
        try {
            namespaces.remove(ns);
        } finally {
            lock.unlock();
        }
    }

    private Namespace in(int ns) {
        return namespaces.computeIfAbsent(ns, number -> new Namespace());
    }

    private static long removeFirst(Set<Long> due) {
        long first = due.iterator().next();
        due.remove(first);
        return first;
    }

    /** What is known of one namespace. */
    private static final class Namespace {
        private final Set<Long> due = new LinkedHashSet<>();
        /** What the present round has failed to seal: no more than it has steps. */
        private final Set<Long> failed = new LinkedHashSet<>();
        /** Whether a stream was due for which there was no room. */
        private boolean missed;

        private long lookedUpTo;
        private long nextLook = Long.MIN_VALUE;
    }
}
