package dev.holdfast.stream;

import dev.holdfast.engine.Session;
import dev.holdfast.stream.StreamHub.LiveFollower;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A stream that somebody follows in this process: the last appends, and who is to be woken. Appends arrive in any
 * order, because those who committed them tell; a follower takes from here only what begins where it stands, and reads
 * everything else from the database.
 *
 * <p>{@code lock} guards everything; nobody is called and nothing is read under it.
 */
final class LiveStream {
    private static final long BYTES_MAX = 1 << 20;
    /** What all followed streams of a store keep together. */
    private static final long TOTAL_BYTES_MAX = 64 << 20;
    /** What an append takes in memory besides its content, about. */
    private static final long ENTRY_BYTES = 128;
    /** Appends in one chunk at most. */
    private static final int PARTS_MAX = 4_000;

    private final Session session;
    private final StreamHub.Place place;
    /** When the stream ends, unless its lifetime slides. */
    private final long endsAt;

    private final ReentrantLock lock = new ReentrantLock();
    private final List<LiveFollower> followers = new ArrayList<>();
    private final TreeMap<Long, StreamContent> recent = new TreeMap<>();
    /** What all followed streams keep. */
    private final AtomicLong total;

    private long bytes;
    private StreamInfo info;
    private boolean gone;
    private boolean over;
    private boolean looking;
    private boolean hinted;

    LiveStream(Session session, StreamHub.Place place, StreamRow row, AtomicLong total) {
        this.total = total;
        this.session = session;
        this.place = place;
        this.endsAt = row.expiresAt();
        this.info = row.info();
    }

    Session session() {
        return session;
    }

    StreamHub.Place place() {
        return place;
    }

    /** Whether a stream stands as it is known to stand here. */
    boolean isKnown(long tail, boolean closed) {
        lock.lock();
        try {
            return !gone && info.tail() >= tail && (info.closed() || !closed);
        } finally {
            lock.unlock();
        }
    }

    long tail() {
        lock.lock();
        try {
            return info.tail();
        } finally {
            lock.unlock();
        }
    }

    /** Adds a follower; false when the last one has left, and with it this object. */
    boolean add(LiveFollower follower) {
        lock.lock();
        try {
            return !over && followers.add(follower);
        } finally {
            lock.unlock();
        }
    }

    /** Removes a follower; true when it was the last one. */
    boolean remove(LiveFollower follower) {
        lock.lock();
        try {
            followers.remove(follower);
            over = followers.isEmpty();
            if (over) {
                keepFrom(Long.MAX_VALUE);
            }
            return over;
        } finally {
            lock.unlock();
        }
    }

    /** The lowest offset that a follower stands at. */
    long lowest() {
        lock.lock();
        try {
            return lowestOffset();
        } finally {
            lock.unlock();
        }
    }

    private long lowestOffset() {
        return followers.stream().mapToLong(LiveFollower::offset).min().orElse(Long.MAX_VALUE);
    }

    /** Forgets what every follower has passed. */
    void forgetPassed() {
        lock.lock();
        try {
            keepFrom(lowestOffset());
        } finally {
            lock.unlock();
        }
    }

    /** Something was appended here, or the stream was closed. */
    void appended(long start, StreamContent content, StreamRow after) {
        lock.lock();
        try {
            if (content.units() > 0) {
                keep(start, content);
            }
            take(after.info());
        } finally {
            lock.unlock();
        }
        wakeAll();
    }

    /** The stream was looked at because of a signal. */
    void found(StreamRow row, @Nullable StreamChunk chunk) {
        boolean news;
        lock.lock();
        try {
            news = isNews(row.info());
            if (chunk != null && !chunk.isEmpty() && chunk.start() == info.tail() && chunk.upToDate()) {
                // Joined into one piece, whose middle nobody can begin at from here.
                byte[] all = join(chunk, row.json());
                long units = StreamOffset.units(chunk.next()) - StreamOffset.units(chunk.start());
                keep(chunk.start(), new StreamContent((int) units, all, null, false, false));
            }
            take(row.info());
        } finally {
            lock.unlock();
        }
        if (news) {
            wakeAll();
        }
    }

    /**
     * Somebody has read this of the database. What is new in it is told to everybody: the look that a signal causes
     * finds it known then, and would tell nobody.
     */
    void seen(StreamInfo read) {
        boolean news;
        lock.lock();
        try {
            news = isNews(read);
            take(read);
        } finally {
            lock.unlock();
        }
        if (news) {
            wakeAll();
        }
    }

    private boolean isNews(StreamInfo read) {
        return read.tail() > info.tail() || (read.closed() && !info.closed());
    }

    /** The stream is no more. */
    void removed() {
        lock.lock();
        try {
            gone = true;
            keepFrom(Long.MAX_VALUE);
        } finally {
            lock.unlock();
        }
        wakeAll();
    }

    /** What follows an offset, if it is here or there is nothing; null: the database must be asked. */
    @Nullable
    StreamChunk from(long offset, int bytesMax) {
        lock.lock();
        try {
            // A lifetime that slides is written down, and one that is over noticed, by a read of the database.
            if (gone
                    || offset < info.first()
                    || info.ttlSeconds().isPresent()
                    || endsAt <= session.database().time().millis()) {
                return null;
            }
            List<byte[]> parts = new ArrayList<>();
            long at = offset;
            long left = bytesMax;
            for (Map.Entry<Long, StreamContent> next = recent.ceilingEntry(offset);
                    next != null && next.getKey() == at && left > 0 && parts.size() < PARTS_MAX;
                    next = recent.higherEntry(next.getKey())) {
                parts.add(next.getValue().data());
                left -= next.getValue().data().length;
                at += next.getValue().units();
            }
            if (parts.isEmpty() && offset < info.tail()) {
                return null;
            }
            return new StreamChunk(info, offset, at, parts);
        } finally {
            lock.unlock();
        }
    }

    /** A hint came; true when the caller shall look, false when somebody is at it and will look once more. */
    boolean wantLook() {
        lock.lock();
        try {
            hinted = true;
            if (looking) {
                return false;
            }
            looking = true;
            hinted = false;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The look is over; true when another hint came meanwhile. */
    boolean lookedAt() {
        lock.lock();
        try {
            looking = hinted;
            hinted = false;
            return looking;
        } finally {
            lock.unlock();
        }
    }

    /** Wakes everybody. */
    void wakeAll() {
        List<LiveFollower> woken;
        lock.lock();
        try {
            woken = List.copyOf(followers);
        } finally {
            lock.unlock();
        }
        StreamHub.wake(woken);
    }

    private void take(StreamInfo newer) {
        long first = Math.max(newer.first(), info.first());
        if (newer.tail() > info.tail() || (newer.tail() == info.tail() && newer.closed())) {
            if (StreamOffset.generation(newer.tail()) > StreamOffset.generation(info.tail())) {
                // What was kept of earlier generations may be lost.
                keepFrom(StreamOffset.generation(newer.tail()) << StreamOffset.UNITS_BITS);
            }
            info = newer;
        }
        info = info.from(first);
    }

    private void keep(long start, StreamContent content) {
        // A look may have found several appends at once, of which each is told too.
        Map.Entry<Long, StreamContent> before = recent.floorEntry(start);
        boolean known =
                before != null && start < before.getKey() + before.getValue().units();
        if (!over && !known) {
            recent.put(start, content);
            count(content, 1);
        }
        while ((bytes > BYTES_MAX || total.get() > TOTAL_BYTES_MAX) && !recent.isEmpty()) {
            count(recent.pollFirstEntry().getValue(), -1);
        }
    }

    /** Forgets what begins before an offset. */
    private void keepFrom(long offset) {
        Map<Long, StreamContent> passed = recent.headMap(offset);
        passed.values().forEach(content -> count(content, -1));
        passed.clear();
    }

    private void count(StreamContent content, int sign) {
        long size = sign * (content.data().length + ENTRY_BYTES);
        bytes += size;
        total.addAndGet(size);
    }

    private static byte[] join(StreamChunk chunk, boolean json) {
        byte[] all = chunk.toBytes();
        return json ? java.util.Arrays.copyOfRange(all, 1, all.length - 1) : all;
    }
}
