package dev.holdfast;

import dev.holdfast.access.AccessRoom;
import dev.holdfast.collection.CollectionRoom;
import dev.holdfast.engine.ClosedException;
import dev.holdfast.engine.Database;
import dev.holdfast.engine.TimeSource;
import dev.holdfast.kv.KvRoom;
import dev.holdfast.queue.QueueRoom;
import dev.holdfast.stream.StreamRoom;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The background work of a store, a round at a time. Everything it does is bounded, shares commits with other
 * operations, and may be done by several processes at once.
 *
 * <p>{@code lock} guards whether there is a next round; nothing is read or written under it. Closing does not wait for
 * a round: the engine, which is closed next, waits for the batch that is running and refuses the one after it.
 */
final class Maintenance implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Maintenance.class);

    private final Database database;
    private final Duration pause;
    private final Duration changesKept;
    private final ReentrantLock lock = new ReentrantLock();
    private TimeSource.@Nullable Timer next;
    private volatile boolean closed;

    Maintenance(Database database, HoldfastOptions options) {
        this.database = database;
        this.pause = options.maintenance();
        this.changesKept = options.changesKept();
        schedule();
    }

    private void schedule() {
        lock.lock();
        try {
            if (!closed) {
                next = database.time()
                        .after(
                                pause.toMillis(),
                                () -> Thread.ofVirtual()
                                        .name("holdfast-maintenance")
                                        .start(this::run));
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            attempt("a round", () -> {
                for (String namespace : database.namespaces().list()) {
                    attempt(namespace, () -> sweep(namespace));
                }
            });
            attempt("deleted namespaces", () -> Rooms.namespaces(database).sweep());
            attempt("tokens", () -> AccessRoom.of(database).sweep());
        } finally {
            schedule();
        }
    }

    private void sweep(String namespace) {
        KvRoom.of(database).sweep(namespace);
        CollectionRoom.of(database).sweep(namespace);
        StreamRoom.of(database).sweep(namespace);
        QueueRoom.of(database).sweep(namespace);
        database.pruneChanges(namespace, changesKept);
    }

    /** Does a part of a round; the other parts are done even if it fails. */
    private void attempt(String what, Runnable part) {
        if (closed) {
            return;
        }
        try {
            part.run();
        } catch (ClosedException e) {
            LOG.debug("the store was closed during background work ({})", what);
        } catch (RuntimeException e) {
            LOG.warn("background work failed, trying again later ({})", what, e);
        }
    }

    /** Begins no round any more, and lets one that is running end with the batch that it is at. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            if (next != null) {
                next.cancel();
            }
        } finally {
            lock.unlock();
        }
    }
}
