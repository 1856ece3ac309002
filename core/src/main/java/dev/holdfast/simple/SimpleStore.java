package dev.holdfast.simple;

import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastOptions;
import dev.holdfast.engine.ClosedException;
import dev.holdfast.engine.Session;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What the handles that come from one opening share.
 *
 * @param options how it was opened
 * @param room what all handles on the database share
 * @param owned the store that was opened and is closed with it; null when it is somebody else's
 * @param closed whether the opening handle was closed
 */
record SimpleStore(
        SimpleKvOptions options, SimpleRoom room, @Nullable Holdfast owned, AtomicBoolean closed) {
    static SimpleKv open(String db, SimpleKvOptions options) {
        Objects.requireNonNull(options, "options");
        Holdfast holdfast =
                Holdfast.open(db, HoldfastOptions.defaults().withTransactionLimit(options.transactionLimit()));
        try {
            return handle(holdfast.namespace("default").session(), options, holdfast);
        } catch (RuntimeException | Error e) {
            holdfast.close();
            throw e;
        }
    }

    static SimpleKv over(Session session, SimpleKvOptions options) {
        return handle(session, Objects.requireNonNull(options, "options"), null);
    }

    private static SimpleKv handle(Session session, SimpleKvOptions options, @Nullable Holdfast owned) {
        SimpleStore store = new SimpleStore(options, SimpleRoom.of(session.database()), owned, new AtomicBoolean());
        store.room.open(session, options.namespace());
        return new StoredSimpleKv(store, session, options.namespace(), store.closed);
    }

    void requireOpen(AtomicBoolean handle) {
        if (handle.get() || closed.get()) {
            throw new ClosedException("simple.closed", "Store is closed");
        }
    }

    /** Closes a handle; the one that opened the store takes it along. */
    void close(AtomicBoolean handle) {
        boolean first = !handle.getAndSet(true);
        if (first && handle.equals(closed) && owned != null) {
            owned.close();
        }
    }
}
