package dev.holdfast.collection;

import dev.holdfast.engine.Change;
import dev.holdfast.engine.ChangeBatch;
import dev.holdfast.engine.ChangeFeed;
import dev.holdfast.engine.ClosedException;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Signals;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.Versionstamp;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running watch of a collection. It ends when it is closed, or when the store is; {@link #onClose} tells.
 *
 * <p>The change log says which documents changed; what they are now is read when the listener is ready for it. So a
 * slow listener costs memory for the ids that wait, never for documents; beyond a bound it is told everything anew.
 * {@code lock} guards what waits; neither the store nor the listener is called under it.
 */
public final class CollectionWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CollectionWatch.class);
    private static final int WAITING_MAX = 100_000;
    private static final int BATCH = 100;
    private static final long RETRY_MILLIS = 200;

    private final Session session;
    private final String collection;
    private final CollectionRoom room;
    private final WatchReader reader;
    private final Consumer<Event> listener;
    private final Signals.Registration following;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wish = lock.newCondition();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final Set<Changed> waiting = new LinkedHashSet<>();
    /** The watching thread's own. */
    private final WatchView view;
    /** The present documents that are still to be told for the first time; the watching thread's own. */
    private final Set<String> untold = new HashSet<>();

    /** The scope of the collection's changes; null while it is not known, or there is no such collection. */
    private @Nullable String scope;

    /** The scopes that were dropped since the collection was last looked up. */
    private final Set<String> dropped = new HashSet<>();

    private long position;
    private boolean reset;
    private boolean paused;
    private boolean closed;
    /** Everything up to here was told, but what is still untold; the watching thread's own. */
    private long toldTo;
    /** Where to go on from, to be told what was not; the watching thread's own. */
    private long goOnFrom;

    CollectionWatch(
            Session session,
            String collection,
            CollectionRoom room,
            CollectionWatchOptions options,
            Consumer<Event> listener) {
        this.session = session;
        this.collection = collection;
        this.room = room;
        this.reader = new WatchReader(room, collection, options);
        this.listener = listener;
        this.view = new WatchView(options.where());
        this.reset = options.after().isEmpty();
        long after = options.after().map(Versionstamp::value).orElse(ChangeFeed.NOW);
        this.toldTo = Math.max(0, after);
        this.goOnFrom = toldTo;
        this.view.reached(toldTo);
        this.following = session.database()
                .feed()
                .follow(session.namespace(), CollectionRoom.NAME, after, this::accept, this::stop);
        if (reset && !options.initial()) {
            learn();
        }
        Thread.ofVirtual().name("holdfast-watch").start(this::run);
    }

    /**
     * Reads what is there without telling it. It is done before the caller can write anything more: read later, what
     * was written meanwhile would count as told.
     */
    private void learn() {
        lock.lock();
        try {
            take();
        } finally {
            lock.unlock();
        }
        try {
            know(session.scan(tx -> reader.present(tx, settle(tx).isPresent(), view)));
            goOnFrom = toldTo;
        } catch (RuntimeException | Error e) {
            following.close();
            throw e;
        }
    }

    /**
     * Ends the watch; the listener is not called again after a call that runs now. May be called again without effect.
     */
    @Override
    public void close() {
        following.close();
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
            reset |= batch.reset();
            for (Change change : batch.changes()) {
                boolean mine = scope == null || scope.equals(change.scope());
                if (mine && change.id().length == 0) {
                    // The next collection of this name has another scope.
                    dropped.add(change.scope());
                    reset |= scope != null;
                    scope = null;
                } else if (mine) {
                    waiting.add(new Changed(change.scope(), DocumentId.of(change.id())));
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
            while (!closed && (paused || (!reset && waiting.isEmpty()))) {
                wish.awaitUninterruptibly();
            }
            if (closed) {
                return null;
            }
            return take();
        } finally {
            lock.unlock();
        }
    }

    /** Takes what there is to tell, as far as it is told at once; called under the lock. */
    private Turn take() {
        boolean everything = reset;
        reset = false;
        if (everything) {
            waiting.clear();
            scope = null;
        }
        List<Changed> changed = new ArrayList<>();
        Iterator<Changed> next = waiting.iterator();
        while (next.hasNext() && changed.size() < BATCH) {
            changed.add(next.next());
            next.remove();
        }
        // While others wait, going on from here later has to begin before them.
        return new Turn(everything, changed, waiting.isEmpty() ? position : 0);
    }

    /** Tells the listener what there is to tell. */
    private void tell(Turn turn) {
        WatchReader.Found found;
        try {
            found = session.scan(
                    tx -> turn.everything ? reader.present(tx, settle(tx).isPresent(), view) : changed(tx, turn));
        } catch (ClosedException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            LOG.warn("reading for a watch failed, trying again", e);
            again(turn);
            return;
        }
        if (turn.everything) {
            know(found);
            untold.clear();
            untold.addAll(found.rest);
        }
        lookLater(found.rest);
        List<Update> updates = new ArrayList<>();
        for (String id : found.ids) {
            Optional<Document> document = Optional.ofNullable(found.documents.get(id));
            if (turn.everything) {
                updates.add(new Update(id, Kind.ADDED, document));
            } else if (untold.remove(id)) {
                view.first(id, document).ifPresent(updates::add);
            } else {
                view.update(id, document).ifPresent(updates::add);
            }
        }
        if (found.rest.isEmpty()) {
            reached(turn.position);
        }
        goOnFrom = untold.isEmpty() ? toldTo : goOnFrom;
        if (turn.everything || !updates.isEmpty()) {
            try {
                listener.accept(new Event(updates, turn.everything, new Versionstamp(goOnFrom)));
            } catch (RuntimeException | Error e) {
                LOG.error("the listener of a watch failed", e);
            }
        }
    }

    /** Lets documents of the collection that was just read wait. */
    private void lookLater(List<String> ids) {
        lock.lock();
        try {
            @Nullable String now = scope;
            if (now != null) {
                ids.forEach(id -> waiting.add(new Changed(now, id)));
            }
        } finally {
            lock.unlock();
        }
    }

    /** From here on the listener knows all that was found. */
    private void know(WatchReader.Found present) {
        view.restart(present.versions);
        reached(present.position);
    }

    private void reached(long now) {
        toldTo = Math.max(toldTo, now);
        view.reached(toldTo);
    }

    /** Puts back what could not be read, to be taken up again after a pause. */
    private void again(Turn turn) {
        lock.lock();
        try {
            reset |= turn.everything;
            waiting.addAll(turn.changed);
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

    private WatchReader.Found changed(Tx tx, Turn turn) {
        Optional<CollectionState> state = settle(tx);
        List<String> ids = state.stream()
                .flatMap(now -> turn.changed.stream().filter(one -> one.scope.equals(now.scope())))
                .map(Changed::id)
                .toList();
        return reader.changed(tx, state.orElse(null), ids);
    }

    /**
     * The collection as it is read; its scope is known from now on. The log and what is read may each be ahead of the
     * other: when either says that a collection was dropped which the listener knows of, everything is told anew.
     */
    private Optional<CollectionState> settle(Tx tx) {
        Optional<CollectionState> state = room.catalog().find(tx, collection);
        lock.lock();
        try {
            @Nullable String now = state.map(CollectionState::scope).orElse(null);
            boolean gone = now != null && dropped.contains(now);
            boolean another = scope != null && !scope.equals(now);
            reset |= gone || another;
            scope = gone ? null : now;
            dropped.clear();
        } finally {
            lock.unlock();
        }
        return state;
    }

    /** A document that may have changed. */
    private record Changed(String scope, String id) {}

    /** What there is to tell: everything anew, or what changed. */
    private record Turn(boolean everything, List<Changed> changed, long position) {}

    /** What happened to a document, as the listener sees it. */
    public enum Kind {
        /** It is there, or matches, for the first time. */
        ADDED,
        /** It has another state. */
        CHANGED,
        /** It is gone, or matches no more. */
        REMOVED
    }

    /**
     * What a listener is told.
     *
     * @param updates each document once
     * @param everything whether these are the present documents, as many as the initial limit says: at the beginning,
     *     when the collection was dropped, and when changes were lost to the pruning of the log. Others that were told
     *     before are gone, or stand beyond the limit. Present documents beyond 8 MiB are told as added by the events
     *     after it
     * @param position goes on from here when given to {@link CollectionWatchOptions#after}; some of what was told may
     *     then be told again
     */
    public record Event(List<Update> updates, boolean everything, Versionstamp position) {
        /** Keeps its own copy. */
        public Event {
            updates = List.copyOf(updates);
        }
    }

    /**
     * The state of one document.
     *
     * @param id its id
     * @param kind what happened to it
     * @param document its present state; none when it was removed
     */
    public record Update(String id, Kind kind, Optional<Document> document) {}
}
