package dev.holdfast.stream;

import dev.holdfast.engine.ClosedException;
import dev.holdfast.engine.Database;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Signals;
import dev.holdfast.engine.Tx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Those who follow streams in this process. What is appended here reaches them from memory, after the commit; what
 * others append is read from the database once for all followers of a stream, when a signal comes.
 *
 * <p>{@code starting} guards the registration for signals.
 */
final class StreamHub {
    private static final Logger LOG = LoggerFactory.getLogger(StreamHub.class);
    private static final String SEPARATOR = "/" + StreamRoom.NAME + "/";
    /** What is read at once of what others have appended. */
    private static final int REFRESH_BYTES = 256 << 10;

    private static final long COMPARE_MILLIS = 500;
    /** Streams whose tails are asked for at once. */
    private static final int COMPARED_MAX = 500;

    private final Database database;
    private final StreamSql sql;
    private final StreamReader reader;
    private final ConcurrentHashMap<Place, LiveStream> live = new ConcurrentHashMap<>();
    /** Bytes that all followed streams keep. */
    private final AtomicLong held = new AtomicLong();

    private final ReentrantLock starting = new ReentrantLock();
    private final AtomicBoolean watching = new AtomicBoolean();
    /** How often a comparison was asked for since the one that runs has begun. */
    private final AtomicInteger comparisons = new AtomicInteger();

    private Signals.@Nullable Registration signals;

    StreamHub(Database database, StreamSql sql, StreamReader reader) {
        this.database = database;
        this.sql = sql;
        this.reader = reader;
    }

    /** Tells followers after the commit of a transaction what it appended, or that it closed the stream. */
    void changedBy(Tx tx, long start, StreamContent content, StreamRow after) {
        int ns = tx.ns();
        tx.touched(StreamRoom.NAME + "/" + after.id());
        tx.afterCommit(() -> {
            LiveStream followed = live.get(new Place(ns, after.id()));
            if (followed != null) {
                followed.appended(start, content, after);
            }
        });
    }

    /** Tells followers after the commit of a transaction what of a stream is left. */
    void trimmedBy(Tx tx, StreamRow after) {
        int ns = tx.ns();
        tx.afterCommit(() -> {
            LiveStream followed = live.get(new Place(ns, after.id()));
            if (followed != null) {
                followed.seen(after.info());
            }
        });
    }

    /** Tells followers after the commit of a transaction that the stream is no more. */
    void removedBy(Tx tx, long id) {
        int ns = tx.ns();
        tx.touched(StreamRoom.NAME + "/" + id);
        tx.afterCommit(() -> {
            LiveStream followed = live.get(new Place(ns, id));
            if (followed != null) {
                followed.removed();
            }
        });
    }

    /** Follows a stream from an offset on. */
    StreamFollower follow(StoredStream stream, Session session, StreamRow row, long offset, Runnable wake) {
        listen();
        Session own = database.session(session.namespace());
        Place place = new Place(own.readOne(Tx::ns), row.id());
        while (true) {
            LiveStream followed = live.computeIfAbsent(place, key -> new LiveStream(own, place, row, held));
            var follower = new LiveFollower(stream, followed, wake);
            if (followed.add(follower)) {
                follower.onClose(() -> leave(place, followed, follower));
                watchTails();
                try {
                    // Read after the registration: what is appended from now on is told, what was before is seen here.
                    StreamInfo now = stream.read(DurableStream.NOW, 1, place).info();
                    followed.seen(now);
                    follower.begin(now, offset);
                    return follower;
                } catch (RuntimeException | Error e) {
                    follower.close();
                    throw e;
                }
            }
            live.remove(place, followed);
        }
    }

    /** Bytes that are kept of all streams that are followed here. */
    long held() {
        return held.get();
    }

    /** The lowest offset that somebody who follows a stream here stands at. */
    long lowest(int ns, long id) {
        LiveStream followed = live.get(new Place(ns, id));
        return followed == null ? Long.MAX_VALUE : followed.lowest();
    }

    private void leave(Place place, LiveStream followed, LiveFollower follower) {
        if (followed.remove(follower)) {
            live.remove(place, followed);
        }
    }

    private void listen() {
        starting.lock();
        try {
            if (signals == null) {
                signals = database.engine().signals().listen(this::hint);
            }
        } finally {
            starting.unlock();
        }
    }

    private void hint(String topic) {
        if (topic.equals(Signals.ANYTHING)) {
            compareTails();
            return;
        }
        int at = topic.indexOf(SEPARATOR);
        if (at > 0) {
            LiveStream followed = live.get(new Place(
                    Integer.parseInt(topic, 0, at, 10),
                    Long.parseLong(topic, at + SEPARATOR.length(), topic.length(), 10)));
            if (followed != null) {
                refresh(followed);
            }
        }
    }

    /** Looks soon what others have done to a stream; one look at a time, and one more if a hint came meanwhile. */
    private void refresh(LiveStream followed) {
        if (followed.wantLook()) {
            Thread.ofVirtual().name("holdfast-stream").start(() -> look(followed));
        }
    }

    private void look(LiveStream followed) {
        do {
            try {
                Look seen = followed.session().read(tx -> {
                    StreamRow row = tx.ns() != followed.place().ns
                            ? null
                            : sql.byId(tx, tx.ns(), followed.place().id)
                                    .filter(found -> !found.deleted())
                                    .orElse(null);
                    // Asked once: it moves on while this goes on. What was trimmed away cannot be read.
                    long from = followed.tail();
                    return row == null || row.tail() <= from || row.first() > from
                            ? new Look(row, null)
                            : new Look(row, reader.read(tx, row, from, REFRESH_BYTES));
                });
                if (seen.row == null) {
                    followed.removed();
                } else {
                    followed.found(seen.row, seen.chunk);
                }
            } catch (ClosedException e) {
                LOG.debug("the store was closed before a stream was looked at");
            } catch (RuntimeException | Error e) {
                LOG.warn("looking at a stream failed; its followers look themselves", e);
                followed.wakeAll();
            }
        } while (followed.lookedAt());
    }

    /** Tells everybody who follows a stream of a namespace that it is no more. */
    void removed(int ns) {
        live.forEach((place, followed) -> {
            if (place.ns == ns) {
                followed.removed();
            }
        });
    }

    /** Compares the tails now and then as long as somebody follows: a signal may be lost, and some are never sent. */
    private void watchTails() {
        if (watching.compareAndSet(false, true)) {
            database.time().after(COMPARE_MILLIS, () -> {
                watching.set(false);
                if (!live.isEmpty()) {
                    watchTails();
                    live.values().forEach(LiveStream::forgetPassed);
                    compareTails();
                }
            });
        }
    }

    /** Compares soon what is known of all followed streams with the tables; one comparison at a time. */
    private void compareTails() {
        if (comparisons.getAndIncrement() == 0) {
            Thread.ofVirtual().name("holdfast-streams").start(() -> {
                int asked;
                do {
                    asked = comparisons.get();
                    try {
                        compareAll();
                    } catch (ClosedException e) {
                        LOG.debug("the store was closed; nobody follows any more");
                        endAll();
                    } catch (RuntimeException | Error e) {
                        LOG.warn("comparing the tails of streams failed, trying again soon", e);
                    }
                } while (!comparisons.compareAndSet(asked, 0));
            });
        }
    }

    /** Wakes everybody for the last time: their next read says that the store is closed. */
    private void endAll() {
        List<LiveStream> all = List.copyOf(live.values());
        live.clear();
        all.forEach(LiveStream::removed);
    }

    private void compareAll() {
        Map<Integer, List<LiveStream>> byNamespace = new HashMap<>();
        live.forEach((place, followed) ->
                byNamespace.computeIfAbsent(place.ns, ns -> new ArrayList<>()).add(followed));
        for (List<LiveStream> all : byNamespace.values()) {
            for (int from = 0; from < all.size(); from += COMPARED_MAX) {
                compare(all.subList(from, Math.min(all.size(), from + COMPARED_MAX)));
            }
        }
    }

    /** Compares streams of one namespace. */
    private void compare(List<LiveStream> some) {
        int ns = some.getFirst().place().ns;
        Long[] ids = some.stream().map(followed -> followed.place().id).toArray(Long[]::new);
        Map<Long, StreamSql.Tail> tails = some.getFirst()
                .session()
                .readOne(tx -> tx.ns() == ns ? sql.tails(tx, ns, ids) : Map.<Long, StreamSql.Tail>of());
        for (LiveStream followed : some) {
            StreamSql.Tail tail = tails.get(followed.place().id);
            if (tail == null || !followed.isKnown(tail.tail(), tail.closed())) {
                refresh(followed);
            }
        }
    }

    /** Which stream: the number of its namespace, and its own. */
    record Place(int ns, long id) {}

    /** What a look at a stream found; no row: it is no more. */
    private record Look(@Nullable StreamRow row, @Nullable StreamChunk chunk) {}

    /** One who follows; a thread at a time polls. */
    static final class LiveFollower implements StreamFollower {
        private final StoredStream stream;
        private final LiveStream followed;
        private final Runnable wake;
        private final AtomicBoolean closed = new AtomicBoolean();
        private volatile Runnable leave = () -> {};
        private volatile long offset;

        LiveFollower(StoredStream stream, LiveStream followed, Runnable wake) {
            this.stream = stream;
            this.followed = followed;
            this.wake = wake;
        }

        void onClose(Runnable action) {
            leave = action;
        }

        void begin(StreamInfo now, long from) {
            offset = from == DurableStream.NOW || from > now.tail()
                    ? now.tail()
                    : from == DurableStream.BEGINNING ? now.first() : from;
        }

        void wake() {
            try {
                wake.run();
            } catch (RuntimeException e) {
                LOG.error("a follower of a stream failed to be woken", e);
            }
        }

        @Override
        public long offset() {
            return offset;
        }

        @Override
        public StreamChunk poll(int bytesMax) {
            StreamChunk chunk = followed.from(offset, bytesMax);
            if (chunk == null) {
                chunk = stream.read(offset, bytesMax, followed.place());
                followed.seen(chunk.info());
            }
            offset = chunk.next();
            return chunk;
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                leave.run();
            }
        }
    }

    /** The followers of a stream, for those who shall know. */
    static void wake(List<LiveFollower> followers) {
        followers.forEach(LiveFollower::wake);
    }
}
