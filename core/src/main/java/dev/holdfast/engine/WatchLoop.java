package dev.holdfast.engine;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread of a watch, whatever the room: follows the change log, notes what may have changed, and has the watch read
 * and tell it when its listener is ready. A slow listener costs memory for the keys that wait, never for their states.
 *
 * <p>At the beginning, if that is wanted, the present state is told, part by part; what changes meanwhile waits. So it
 * is again, and then all of the present state, when changes were lost to the pruning of the log or too many keys wait.
 *
 * <p>{@code lock} guards what waits; neither the store nor the listener is called under it.
 *
 * @param <K> names what may change
 * @param <P> a place in the present state, at which a part begins
 */
public final class WatchLoop<K, P> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WatchLoop.class);
    private static final int WAITING_MAX = 100_000;
    private static final int BATCH = 100;
    private static final long RETRY_MILLIS = 200;

    private final Session session;
    private final Watched<K, P> watched;
    private final Signals.Registration following;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wish = lock.newCondition();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final Map<K, Change.Kind> waiting = new LinkedHashMap<>();
    private long position;
    /** The present state is to be told from its start. */
    private boolean beginning;
    /** All of it, as changes were lost. */
    private boolean lost;
    /** Where the part of it begins that is told next. */
    private @Nullable P untold;

    private boolean paused;
    private boolean closed;
    /** What was committed when the watch began. */
    private final long begunAt;
    /** Everything up to here was told; the watching thread's own. */
    private long toldTo;

    /**
     * Follows a room in the session's namespace; nothing is told before {@link #begin}.
     *
     * @param after where to go on from, if not from now
     */
    public WatchLoop(Session session, String room, Optional<Versionstamp> after, Watched<K, P> watched) {
        this.session = session;
        this.watched = watched;
        ChangeFeed feed = session.database().feed();
        this.begunAt = after.map(Versionstamp::value).orElseGet(feed::position);
        this.toldTo = begunAt;
        this.following = feed.follow(
                session.namespace(), room, after.isPresent() ? begunAt : ChangeFeed.NOW, this::accept, this::stop);
    }

    /**
     * Starts to tell.
     *
     * @param present whether the present state is told first
     */
    public void begin(boolean present) {
        beginning = present;
        // Until the last of the present state is told, going on from here means to be told it all again.
        toldTo = present ? 0 : begunAt;
        Thread.ofVirtual().name("holdfast-watch").start(this::run);
    }

    /** Lets a key wait until it is looked at; to be called under the lock. */
    public void await(K key, Change.Kind kind) {
        waiting.put(key, kind);
    }

    /** Has all of the present state told anew; to be called under the lock. */
    public void anew() {
        lost = true;
    }

    /** Forgets what waits, because all that was committed so far is about to be read; to be called under the lock. */
    public void forget() {
        waiting.clear();
    }

    /** Does something quick under the lock. */
    public <R> R guarded(Supplier<R> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the watch; nothing is told after what is told now. May be called again without effect. */
    @Override
    public void close() {
        following.close();
        stop();
    }

    /** Runs an action when the watch has ended; at once when it has ended already. What it throws is lost. */
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
            batch.changes().forEach(change -> watched.changed(this, change));
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
            Taken<K, P> taken = next();
            while (taken != null) {
                tell(taken);
                taken = next();
            }
        } catch (ClosedException e) {
            LOG.debug("the store was closed under a watch");
        } finally {
            close();
            watched.ended();
            end.complete(null);
        }
    }

    /** Waits until there is something to tell; null when the watch was closed. */
    private @Nullable Taken<K, P> next() {
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
    private Taken<K, P> take() {
        boolean first = beginning || lost;
        boolean all = lost;
        @Nullable P from = first ? watched.start(this, all) : untold;
        beginning = false;
        lost = false;
        untold = null;
        Map<K, Change.Kind> changed = new LinkedHashMap<>();
        var keys = waiting.entrySet().iterator();
        while (from == null && keys.hasNext() && changed.size() < BATCH) {
            var next = keys.next();
            changed.put(next.getKey(), next.getValue());
            keys.remove();
        }
        // While others wait, going on from here later has to begin before them.
        return new Taken<>(
                new Turn<>(first, all, Optional.ofNullable(from), changed), waiting.isEmpty() ? position : 0);
    }

    private void tell(Taken<K, P> taken) {
        Part<K, P> part;
        try {
            part = watched.read(taken.turn);
        } catch (ClosedException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            LOG.warn("reading for a watch failed, trying again", e);
            again(taken.turn);
            return;
        }
        guarded(() -> {
            untold = part.next.orElse(null);
            part.rest.forEach(waiting::putIfAbsent);
            return part;
        });
        if (part.next.isEmpty() && part.rest.isEmpty()) {
            toldTo = Math.max(toldTo, Math.max(begunAt, taken.position));
        }
        try {
            part.tell.accept(new Versionstamp(toldTo));
        } catch (RuntimeException | Error e) {
            LOG.error("the listener of a watch failed", e);
        }
    }

    /** Puts back what could not be read, to be taken up again after a pause. */
    private void again(Turn<K, P> turn) {
        guarded(() -> {
            beginning |= turn.first && !turn.lost;
            lost |= turn.lost;
            untold = turn.from.orElse(null);
            turn.changed.forEach(waiting::putIfAbsent);
            paused = true;
            return turn;
        });
        session.database()
                .time()
                .after(
                        RETRY_MILLIS,
                        () -> guarded(() -> {
                            paused = false;
                            wish.signal();
                            return paused;
                        }));
    }

    /**
     * What a loop watches.
     *
     * @param <K> names what may change
     * @param <P> a place in the present state
     */
    public interface Watched<K, P> {
        /** Lets wait what a change is about, if that is watched. Called under the loop's lock. */
        void changed(WatchLoop<K, P> loop, Change change);

        /**
         * Where the present state begins. Called under the loop's lock.
         *
         * @param all whether all of it is to be told, not only what is told first
         */
        P start(WatchLoop<K, P> loop, boolean all);

        /** Reads what there is to tell, on the watch's thread; when it throws it is asked again after a pause. */
        Part<K, P> read(Turn<K, P> turn);

        /** The watch has ended; called before those who wait for that. */
        default void ended() {}
    }

    /**
     * What there is to tell.
     *
     * @param first whether the present state is told from its start
     * @param lost whether that is because changes were lost
     * @param from where the part of the present state begins that is told; none when it is what changed
     * @param changed what changed, and how
     */
    public record Turn<K, P>(boolean first, boolean lost, Optional<P> from, Map<K, Change.Kind> changed) {}

    /**
     * What was read.
     *
     * @param next where the next part of the present state begins; none when this was no part of it or the last one
     * @param rest what has yet to be looked at
     * @param tell tells the listener, and is given the position up to which everything is told then
     */
    public record Part<K, P>(Optional<P> next, Map<K, Change.Kind> rest, Consumer<Versionstamp> tell) {}

    /** A turn, and what everything is told up to when nothing is left of it. */
    private record Taken<K, P>(Turn<K, P> turn, long position) {}
}
