package dev.holdfast.kv;

import dev.holdfast.engine.Change;
import dev.holdfast.engine.ChangeBatch;
import dev.holdfast.engine.ChangeFeed;
import dev.holdfast.engine.ClosedException;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Signals;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.key.Key;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    private final Session session;
    private final KvRoom room;
    private final KvWatchOptions options;
    private final KvPresent present;
    private final Predicate<Key> covered;
    private final Consumer<Event> listener;
    private final Signals.Registration following;
    private final Signals.Registration expiring;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wish = lock.newCondition();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final Map<Key, Change.Kind> waiting = new LinkedHashMap<>();
    /** The watching thread's own. */
    private final KvTold told = new KvTold();

    private long position;
    /** The present entries are to be looked at: the watch begins. */
    private boolean beginning;
    /** Where the present entries that are still to be told begin. */
    private KvPresent.@Nullable Place untold;
    /** The present entries are to be told: changes were lost. */
    private boolean lost;

    private boolean paused;
    private boolean closed;
    /** What was committed when the watch began. */
    private final long begunAt;
    /** Everything up to here was told; the watching thread's own. */
    private long toldTo;

    KvWatch(Session session, KvRoom room, KvWatchOptions options, Consumer<Event> listener) {
        this.session = session;
        this.room = room;
        this.options = options;
        this.present = new KvPresent(session, room.sql(), options);
        this.covered = options.covers();
        this.listener = listener;
        this.beginning = options.after().isEmpty();
        ChangeFeed feed = session.database().feed();
        this.begunAt = options.after().map(Versionstamp::value).orElseGet(feed::position);
        // Until the last of the present entries is told, going on from here means to be told them all again.
        this.toldTo = beginning && options.initial() ? 0 : begunAt;
        long after = beginning ? ChangeFeed.NOW : begunAt;
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
            while (!closed && (paused || (!beginning && !lost && untold == null && waiting.isEmpty()))) {
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
        boolean present = anew || (atFirst && options.initial());
        KvPresent.@Nullable Place from = present ? KvPresent.Place.start(anew) : untold;
        beginning = false;
        lost = false;
        untold = null;
        Map<Key, Change.Kind> changed = new LinkedHashMap<>();
        var keys = waiting.entrySet().iterator();
        while (!atFirst && from == null && keys.hasNext() && changed.size() < BATCH) {
            var next = keys.next();
            changed.put(next.getKey(), next.getValue());
            keys.remove();
        }
        // While others wait, going on from here later has to begin before them.
        return new Turn(atFirst, anew, from, changed, waiting.isEmpty() ? position : 0);
    }

    private void tell(Turn turn) {
        List<Update> updates;
        boolean more;
        try {
            if (turn.from == null) {
                Changed changed = changed(turn.changed);
                updates = changed.updates;
                more = putBack(changed.rest);
            } else {
                KvPresent.Part part = present.read(turn.from);
                updates = part.updates();
                more = toldPart(turn.lost, part);
            }
        } catch (ClosedException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            LOG.warn("reading for a watch failed, trying again", e);
            again(turn);
            return;
        }
        if (!more) {
            toldTo = Math.max(toldTo, Math.max(begunAt, turn.position));
        }
        if (turn.lost || !updates.isEmpty()) {
            try {
                listener.accept(new Event(updates, turn.everything(), new Versionstamp(toldTo)));
            } catch (RuntimeException | Error e) {
                LOG.error("the listener of a watch failed", e);
            }
        }
    }

    /** Notes what the listener is told of the present entries; answers whether it has to be told more. */
    private boolean toldPart(boolean anew, KvPresent.Part part) {
        if (anew) {
            told.restart();
        }
        part.updates().forEach(update -> isNews(update.key(), update.entry()));
        if (part.next() != null) {
            lock.lock();
            try {
                untold = part.next();
            } finally {
                lock.unlock();
            }
            return true;
        }
        // What the listener knows and was not told now may be gone, or have changed, without a trace in the log.
        Map<Key, Change.Kind> rest = new LinkedHashMap<>();
        told.takeUnseen().forEach(key -> rest.put(key, Change.Kind.DELETE));
        return putBack(rest);
    }

    /** Lets keys wait, unless they do; answers whether there are any. */
    private boolean putBack(Map<Key, Change.Kind> keys) {
        lock.lock();
        try {
            keys.forEach(waiting::putIfAbsent);
        } finally {
            lock.unlock();
        }
        return !keys.isEmpty();
    }

    /** Puts back what could not be read, to be taken up again after a pause. */
    private void again(Turn turn) {
        lock.lock();
        try {
            beginning |= turn.beginning;
            lost |= turn.lost;
            untold = turn.from;
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

    /** The state of keys that changed, unless it was told already; of the first ones, when there are many bytes. */
    private Changed changed(Map<Key, Change.Kind> changes) {
        List<Key> keys = List.copyOf(changes.keySet());
        if (keys.isEmpty()) {
            return new Changed(List.of(), Map.of());
        }
        KvSql.Some some = session.read(tx -> room.sql().getSome(tx, tx.ns(), keys, tx.now()));
        Map<Key, KvEntry> found = new HashMap<>();
        some.entries().forEach(entry -> found.put(entry.key(), entry));
        List<Update> updates = new ArrayList<>();
        for (Key key : keys.subList(0, some.keys())) {
            Optional<KvEntry> entry = Optional.ofNullable(found.get(key));
            if (isNews(key, entry)) {
                Change.Kind kind = changes.get(key) == Change.Kind.EXPIRE ? Change.Kind.EXPIRE : Change.Kind.DELETE;
                updates.add(new Update(key, entry, entry.isPresent() ? Change.Kind.SET : kind));
            }
        }
        Map<Key, Change.Kind> rest = new LinkedHashMap<>(changes);
        rest.keySet().removeAll(keys.subList(0, some.keys()));
        return new Changed(updates, rest);
    }

    /** Whether this state differs from what was told last; from now on it is what was told last. */
    private boolean isNews(Key key, Optional<KvEntry> entry) {
        entry.flatMap(KvEntry::expiresAt)
                .ifPresent(at -> room.sweeper().expect(session.namespace(), at.toEpochMilli()));
        return told.isNews(key, entry.map(KvEntry::versionstamp));
    }

    /**
     * What there is to tell.
     *
     * @param beginning the watch begins
     * @param lost changes were lost
     * @param from where the present entries begin that are told; null when it is what changed
     */
    private record Turn(
            boolean beginning,
            boolean lost,
            KvPresent.@Nullable Place from,
            Map<Key, Change.Kind> changed,
            long position) {
        boolean everything() {
            return beginning || lost;
        }
    }

    /** What became of keys that changed, and those that were not looked at yet. */
    private record Changed(List<Update> updates, Map<Key, Change.Kind> rest) {}

    /**
     * What a listener is told.
     *
     * @param updates each key once
     * @param everything whether these are the present entries, not changes: at the beginning, of each prefix as many as
     *     the initial limit says, and all of them when changes were lost to the pruning of the log. Then it comes even
     *     if there are none, and events after it tell the present entries beyond 8 MiB of values, and what became of
     *     other keys that this watch has told, of the latest 10,000
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
