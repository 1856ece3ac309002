package dev.holdfast.simple;

import dev.holdfast.engine.ClosedException;
import dev.holdfast.engine.Database;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cleans up after properties that have expired, one round after the other, until the database is closed. Reads never
 * see such properties; this is only about space. Several processes may do it at once.
 */
final class SimpleCleaner {
    private static final Logger LOG = LoggerFactory.getLogger(SimpleCleaner.class);
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private final Database database;
    private final Set<String> tenants = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean started = new AtomicBoolean();

    SimpleCleaner(Database database) {
        this.database = database;
    }

    /** From now on the store in this namespace of the database is cleaned too. */
    void watch(String tenant) {
        tenants.add(tenant);
        if (!started.getAndSet(true)) {
            schedule();
        }
    }

    private void schedule() {
        database.time()
                .after(
                        PAUSE.toMillis(),
                        () -> Thread.ofVirtual().name("holdfast-simple").start(this::round));
    }

    private void round() {
        try {
            tenants.forEach(tenant -> SimpleRoom.sweep(database.session(tenant)));
        } catch (ClosedException e) {
            LOG.debug("the store was closed, its cleaning ends");
            return;
        } catch (RuntimeException e) {
            LOG.warn("removing expired properties failed, trying again later", e);
        }
        schedule();
    }
}
