package dev.holdfast.stream;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Where a {@link SubscriptionRunner} has to look, as signals tell it. What is noted is bounded: of a namespace in which
 * too much has changed all is looked at.
 *
 * <p>{@code lock} guards everything; nothing is read or called under it.
 */
final class SubscriptionMarks {
    private static final int MARKS_MAX = 1_000;

    private final ReentrantLock lock = new ReentrantLock();
    private Map<Integer, Marks> places = new HashMap<>();
    private boolean everywhere = true;
    private boolean anything;

    /** Look everywhere. */
    void everywhere() {
        lock.lock();
        try {
            everywhere = true;
            places.clear();
        } finally {
            lock.unlock();
        }
    }

    /** Something has changed, and nobody knows where: look everywhere before long. */
    void anything() {
        lock.lock();
        try {
            anything = true;
        } finally {
            lock.unlock();
        }
    }

    /** A stream has changed. */
    void stream(int ns, long stream) {
        lock.lock();
        try {
            if (!everywhere) {
                place(ns).add(place(ns).streams, stream);
            }
        } finally {
            lock.unlock();
        }
    }

    /** A subscription has changed. */
    void subscription(int ns, long number) {
        lock.lock();
        try {
            if (!everywhere) {
                place(ns).add(place(ns).subscriptions, number);
            }
        } finally {
            lock.unlock();
        }
    }

    private Marks place(int ns) {
        return places.computeIfAbsent(ns, key -> new Marks());
    }

    /** What was noted since the last time. */
    Taken take() {
        lock.lock();
        try {
            Taken taken = new Taken(everywhere, anything, places);
            everywhere = false;
            anything = false;
            places = new HashMap<>();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** What was noted. */
    record Taken(boolean everywhere, boolean anything, Map<Integer, Marks> places) {}

    /** What was noted of a namespace. */
    static final class Marks {
        final Set<Long> streams = new HashSet<>();
        final Set<Long> subscriptions = new HashSet<>();
        private boolean all;

        /** The whole namespace. */
        static Marks whole() {
            Marks marks = new Marks();
            marks.all = true;
            return marks;
        }

        boolean all() {
            return all;
        }

        private void add(Set<Long> set, long number) {
            all = all || set.size() >= MARKS_MAX;
            if (all) {
                streams.clear();
                subscriptions.clear();
            } else {
                set.add(number);
            }
        }
    }
}
