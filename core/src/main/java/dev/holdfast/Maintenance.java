package dev.holdfast;

import dev.holdfast.access.AccessRoom;
import dev.holdfast.collection.CollectionRoom;
import dev.holdfast.engine.ClosedException;
import dev.holdfast.engine.Database;
import dev.holdfast.engine.TimeSource;
import dev.holdfast.kv.KvRoom;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The background work of a store, a round at a time. Everything it does is bounded, shares commits with other
 * operations, and may be done by several processes at once.
 *
 * <p>{@code round} is held while a round runs, so that closing waits for it.
 */
final class Maintenance implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Maintenance.class);

    private final Database database;
    private final Duration pause;
    private final ReentrantLock round = new ReentrantLock();
    private TimeSource.@Nullable Timer next;
    private boolean closed;

    Maintenance(Database database, Duration pause) {
        this.database = database;
        this.pause = pause;
        schedule();
    }

    private void schedule() {
        round.lock();
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
            round.unlock();
        }
    }

    private void run() {
        round.lock();
        try {
            if (closed) {
                return;
            }
            for (String namespace : database.namespaces().list()) {
                KvRoom.of(database).sweep(namespace);
                CollectionRoom.of(database).sweep(namespace);
                database.pruneChanges(namespace);
            }
            Rooms.namespaces(database).sweep();
            AccessRoom.of(database).sweep();
        } catch (ClosedException e) {
            LOG.debug("the store was closed during background work");
        } catch (RuntimeException e) {
            LOG.warn("background work failed, trying again later", e);
        } finally {
            round.unlock();
        }
        schedule();
    }

    @Override
    public void close() {
        round.lock();
        try {
            closed = true;
            if (next != null) {
                next.cancel();
            }
        } finally {
            round.unlock();
        }
    }
}
