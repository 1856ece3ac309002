package dev.holdfast.kv;

import dev.holdfast.engine.Change;
import dev.holdfast.engine.ChangeBatch;
import dev.holdfast.engine.ChangeFeed;
import dev.holdfast.engine.ClosedException;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Signals;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.key.KeyRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running watch. It ends when it is closed, or when the store is; {@link #onClose} tells.
 *
 * <p>The change log says which keys changed; what they are now is read when the listener is ready for it. So a slow
 * listener costs memory for the keys that wait, never for their states; beyond a bound it is told everything anew.
 * {@code lock} guards what waits; neither the store nor the listener is called under it.
 */
public final class KvWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KvWatch.class);
    private static final int WAITING_MAX = 100_000;
    private static final int BATCH = 100;
    private static final long RETRY_MILLIS = 200;
    private static final int REMEMBER_MAX = 10_000;

    private final Session session;
    private final KvRoom room;
    private final KvWatchOptions options;
    private final Predicate<Key> covered;
    private final Consumer<Event> listener;
    private final Signals.Registration following;
    private final Signals.Registration expiring;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wish = lock.newCondition();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
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
    /** The present entries are to be looked at: the watch begins. */
    private boolean beginning;
    /** The present entries are to be told: changes were lost. */
    private boolean lost;

    private boolean paused;
    private boolean closed;
    /** Everything up to here was told; the watching thread's own. */
    private long toldTo;

    KvWatch(Session session, KvRoom room, KvWatchOptions options, Consumer<Event> listener) {
        this.session = session;
        this.room = room;
        this.options = options;
        this.covered = options.covers();
        this.listener = listener;
        this.beginning = options.after().isEmpty();
        ChangeFeed feed = session.database().feed();
        this.toldTo = options.after().map(Versionstamp::value).orElseGet(feed::position);
        long after = beginning ? ChangeFeed.NOW : toldTo;
        this.following = feed.follow(session.namespace(), KvRoom.NAME, after, this::accept, this::stop);
        try {
            this.expiring = room.sweeper().watched(session.namespace());
        } catch (RuntimeException | Error e) {
            following.close();
            throw e;
        }
        Thread.ofVirtual().name("holdfast-watch").start(this::run);
    }

    /**
     * Ends the watch; the listener is not called again after a call that runs now. May be called again without effect.
     */
    @Override
    public void close() {
        following.close();
        expiring.close();
        stop();
    }

    /**
     * Runs an action when the watch has ended, whether it was closed or the store was; at once when it has ended
     * already. The action runs on the thread of the watch, after the listener's last call, or on the caller's; it must
     * not wait for long. What it throws is lost.
     */
    public void onClose(Runnable action) {
        var unused = end.thenRun(action);
    }

    private void stop() {
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
            lost |= batch.reset();
            for (Change change : batch.changes()) {
                Key key = Key.decode(change.id());
                if (covered.test(key)) {
                    waiting.put(key, change.kind());
                }
            }
            if (waiting.size() > WAITING_MAX) {
                waiting.clear();
                lost = true;
            }
            wish.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            Turn turn = await();
            while (turn != null) {
                tell(turn);
                turn = await();
            }
        } catch (ClosedException e) {
            LOG.debug("the store was closed under a watch");
        } finally {
            close();
            end.complete(null);
        }
    }

    /** Waits until there is something to tell; null when the watch was closed. */
    private @Nullable Turn await() {
        lock.lock();
        try {
            while (!closed && (paused || (!beginning && !lost && waiting.isEmpty()))) {
                wish.awaitUninterruptibly();
            }
            return closed ? null : take();
        } finally {
            lock.unlock();
        }
    }

    /** Takes what there is to tell, as far as it is told at once; called under the lock. */
    private Turn take() {
        boolean atFirst = beginning;
        boolean anew = lost;
        beginning = false;
        lost = false;
        Map<Key, Change.Kind> changed = new LinkedHashMap<>();
        var keys = waiting.entrySet().iterator();
        while (!atFirst && !anew && keys.hasNext() && changed.size() < BATCH) {
            var next = keys.next();
            changed.put(next.getKey(), next.getValue());
            keys.remove();
        }
        // While others wait, going on from here later has to begin before them.
        return new Turn(atFirst, anew, changed, waiting.isEmpty() ? position : 0);
    }

    private void tell(Turn turn) {
        List<Update> updates = new ArrayList<>();
        try {
            if (!turn.everything()) {
                updates.addAll(changed(turn.changed));
            } else if (options.initial() || turn.lost) {
                updates.addAll(present());
            }
        } catch (ClosedException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            LOG.warn("reading for a watch failed, trying again", e);
            again(turn);
            return;
        }
        boolean more = turn.lost && lookAgain(updates);
        toldTo = Math.max(toldTo, more ? 0 : turn.position);
        if (turn.lost || !updates.isEmpty()) {
            try {
                listener.accept(new Event(updates, turn.everything(), new Versionstamp(toldTo)));
            } catch (RuntimeException | Error e) {
                LOG.error("the listener of a watch failed", e);
            }
        }
    }

    /** Puts back what could not be read, to be taken up again after a pause. */
    private void again(Turn turn) {
        lock.lock();
        try {
            beginning |= turn.beginning;
            lost |= turn.lost;
            turn.changed.forEach(waiting::putIfAbsent);
            paused = true;
        } finally {
            lock.unlock();
        }
        session.database().time().after(RETRY_MILLIS, () -> {
            lock.lock();
            try {
                paused = false;
                wish.signal();
            } finally {
                lock.unlock();
            }
        });
    }

    /** What the listener knows and is not told now may be gone, or have changed, without a trace in the log. */
    private boolean lookAgain(List<Update> present) {
        Set<Key> keys = new LinkedHashSet<>(told.keySet());
        present.forEach(update -> keys.remove(update.key()));
        lock.lock();
        try {
            keys.forEach(key -> waiting.putIfAbsent(key, Change.Kind.DELETE));
        } finally {
            lock.unlock();
        }
        return !keys.isEmpty();
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
        List<Update> updates = new ArrayList<>();
        session.scan(tx -> {
            updates.clear();
            for (Key key : options.keys()) {
                add(updates, key, room.sql().get(tx, tx.ns(), key, tx.now()));
            }
            for (KeyPrefix prefix : options.prefixes()) {
                first(tx, prefix).forEach(entry -> add(updates, entry.key(), Optional.of(entry)));
            }
            return updates;
        });
        return updates;
    }

    /** The first entries below a prefix, as many as are told; a statement reads no more than some bytes of values. */
    private List<KvEntry> first(Tx tx, KeyPrefix prefix) {
        List<KvEntry> found = new ArrayList<>();
        KeyRange rest = prefix.withSelf();
        boolean more = true;
        while (more) {
            int wanted = options.initialLimit() - found.size();
            List<KvEntry> some = room.sql().some(tx, tx.ns(), rest, false, tx.now(), KvRoom.NO_CONDITION, wanted);
            found.addAll(some);
            more = some.size() < wanted && KvSql.isCut(some);
            rest = more ? rest.after(found.getLast().key()) : rest;
        }
        return found;
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

    /** What there is to tell: everything, at the beginning or because changes were lost, or what changed. */
    private record Turn(boolean beginning, boolean lost, Map<Key, Change.Kind> changed, long position) {
        boolean everything() {
            return beginning || lost;
        }
    }

    /**
     * What a listener is told.
     *
     * @param updates each key once
     * @param everything whether these are the present entries, not changes, of each prefix as many as the initial limit
     *     says: at the beginning, and when changes were lost to the pruning of the log. Then it comes even if there are
     *     none, and events after it tell what became of other keys that this watch has told, of the latest 10,000
     * @param position goes on from here when given to {@link KvWatchOptions#after}: everything that was not told is
     *     told then; some of what was told may be told again
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
