package dev.holdfast.kv;

import dev.holdfast.engine.Change;
import dev.holdfast.engine.ChangeBatch;
import dev.holdfast.engine.ChangeFeed;
import dev.holdfast.engine.ClosedException;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Signals;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyPrefix;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running watch.
 *
 * <p>The change log says which keys changed; what they are now is read when the listener is ready for it. So a slow
 * listener costs memory for the keys that wait, never for their states; beyond a bound it is told everything anew.
 * {@code lock} guards what waits; neither the store nor the listener is called under it.
 */
public final class KvWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KvWatch.class);
    private static final int WAITING_MAX = 100_000;
    private static final int BATCH = 100;
    private static final Duration RETRY = Duration.ofMillis(200);
    private static final int REMEMBER_MAX = 10_000;

    private final Session session;
    private final KvRoom room;
    private final KvWatchOptions options;
    private final Consumer<Event> listener;
    private final Signals.Registration following;
    private final Signals.Registration expiring;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wish = lock.newCondition();
    private final Map<Key, Change.Kind> waiting = new LinkedHashMap<>();
    /** What was told last of each key, so that nothing is told twice; the watching thread's own. */
    private final Map<Key, Optional<Versionstamp>> told = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Optional<Versionstamp>> eldest) {
            return size() > REMEMBER_MAX;
        }
    };

    private long position;
    private boolean reset;
    private boolean closed;

    KvWatch(Session session, KvRoom room, KvWatchOptions options, Consumer<Event> listener) {
        this.session = session;
        this.room = room;
        this.options = options;
        this.listener = listener;
        this.reset = options.after().isEmpty();
        long after = options.after().map(Versionstamp::value).orElse(ChangeFeed.NOW);
        this.following = session.database().feed().follow(session.namespace(), KvRoom.NAME, after, this::accept);
        this.expiring = room.sweeper().watched(session.namespace());
        Thread.ofVirtual().name("holdfast-watch").start(this::run);
    }

    /**
     * Ends the watch; the listener is not called again after a call that runs now. May be called again without effect.
     */
    @Override
    public void close() {
        following.close();
        expiring.close();
        lock.lock();
        try {
            closed = true;
            wish.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void accept(ChangeBatch batch) {
        lock.lock();
        try {
            position = Math.max(position, batch.position());
            reset |= batch.reset();
            for (Change change : batch.changes()) {
                Key key = Key.decode(change.id());
                if (options.covers(key)) {
                    waiting.put(key, change.kind());
                }
            }
            if (waiting.size() > WAITING_MAX) {
                waiting.clear();
                reset = true;
            }
            wish.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            boolean first = true;
            Turn turn = await();
            while (turn != null) {
                tell(turn, first);
                first = false;
                turn = await();
            }
        } catch (ClosedException e) {
            LOG.debug("the store was closed under a watch");
        }
    }

    /** Waits until there is something to tell; null when the watch was closed. */
    private @Nullable Turn await() {
        lock.lock();
        try {
            while (!closed && !reset && waiting.isEmpty()) {
                wish.awaitUninterruptibly();
            }
            if (closed) {
                return null;
            }
            boolean everything = reset;
            reset = false;
            Map<Key, Change.Kind> changed = new LinkedHashMap<>();
            var keys = waiting.entrySet().iterator();
            while (!everything && keys.hasNext() && changed.size() < BATCH) {
                var next = keys.next();
                changed.put(next.getKey(), next.getValue());
                keys.remove();
            }
            return new Turn(everything, changed, new Versionstamp(position));
        } finally {
            lock.unlock();
        }
    }

    private void tell(Turn turn, boolean first) {
        List<Update> updates = new ArrayList<>();
        try {
            if (!turn.everything) {
                updates.addAll(changed(turn.changed));
            } else if (options.initial() || !first) {
                updates.addAll(present());
            }
        } catch (ClosedException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.warn("reading for a watch failed, trying again: {}", e.getMessage());
            again(turn);
            return;
        }
        if (!updates.isEmpty()) {
            try {
                listener.accept(new Event(updates, turn.everything, turn.position));
            } catch (RuntimeException e) {
                LOG.error("the listener of a watch failed", e);
            }
        }
    }

    /** Puts back what could not be read; the pause is the time until the next hint, or the poll of the change log. */
    private void again(Turn turn) {
        KvPause.of(session.database().time(), RETRY);
        lock.lock();
        try {
            reset |= turn.everything;
            turn.changed.forEach(waiting::putIfAbsent);
        } finally {
            lock.unlock();
        }
    }

    /** The state of keys that changed, unless it was told already. */
    private List<Update> changed(Map<Key, Change.Kind> changes) {
        List<Key> keys = List.copyOf(changes.keySet());
        Map<Key, KvEntry> found = session.read(tx -> {
            Map<Key, KvEntry> read = new HashMap<>();
            room.sql().getMany(tx, tx.ns(), keys, tx.now(), entry -> read.put(entry.key(), entry));
            return read;
        });
        List<Update> updates = new ArrayList<>();
        for (Key key : keys) {
            Optional<KvEntry> entry = Optional.ofNullable(found.get(key));
            if (isNews(key, entry)) {
                Change.Kind kind = changes.get(key) == Change.Kind.EXPIRE ? Change.Kind.EXPIRE : Change.Kind.DELETE;
                updates.add(new Update(key, entry, entry.isPresent() ? Change.Kind.SET : kind));
            }
        }
        return updates;
    }

    /** The present state: of every key that is watched, and of the first entries of every prefix. */
    private List<Update> present() {
        told.clear();
        List<Update> updates = new ArrayList<>();
        session.scan(tx -> {
            updates.clear();
            for (Key key : options.keys()) {
                add(updates, key, room.sql().get(tx, tx.ns(), key, tx.now()));
            }
            for (KeyPrefix prefix : options.prefixes()) {
                try (Stream<KvEntry> entries =
                        room.sql().list(tx, tx.ns(), prefix.withSelf(), false, tx.now(), options.initialLimit())) {
                    entries.forEach(entry -> add(updates, entry.key(), Optional.of(entry)));
                }
            }
            return updates;
        });
        return updates;
    }

    private void add(List<Update> updates, Key key, Optional<KvEntry> entry) {
        isNews(key, entry);
        updates.add(new Update(key, entry, entry.isPresent() ? Change.Kind.SET : Change.Kind.DELETE));
    }

    /** Whether this state differs from what was told last; from now on it is what was told last. */
    private boolean isNews(Key key, Optional<KvEntry> entry) {
        entry.flatMap(KvEntry::expiresAt)
                .ifPresent(at -> room.sweeper().expect(session.namespace(), at.toEpochMilli()));
        Optional<Versionstamp> now = entry.map(KvEntry::versionstamp);
        return !now.equals(told.put(key, now));
    }

    /** What there is to tell: everything anew, or what changed. */
    private record Turn(boolean everything, Map<Key, Change.Kind> changed, Versionstamp position) {}

    /**
     * What a listener is told.
     *
     * @param updates each key once
     * @param everything whether these are the present entries, not changes: at the beginning, and when changes were
     *     lost to the pruning of the log
     * @param position goes on from here when given to {@link KvWatchOptions#after}; some of what was told may then be
     *     told again
     */
    public record Event(List<Update> updates, boolean everything, Versionstamp position) {
        /** Keeps its own copy. */
        public Event {
            updates = List.copyOf(updates);
        }
    }

    /**
     * The state of one key.
     *
     * @param key the key
     * @param entry its entry; none when it does not exist
     * @param kind {@link Change.Kind#SET}, or why it does not exist
     */
    public record Update(Key key, Optional<KvEntry> entry, Change.Kind kind) {}
}
