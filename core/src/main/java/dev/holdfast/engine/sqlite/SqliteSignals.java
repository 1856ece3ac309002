package dev.holdfast.engine.sqlite;

import dev.holdfast.engine.JdbcSql;
import dev.holdfast.engine.LocalSignals;
import dev.holdfast.engine.TimeSource;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signals of a SQLite file. Commits of this process are told at once; those of others are noticed by polling SQLite's
 * data version while anybody listens.
 */
final class SqliteSignals extends LocalSignals {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteSignals.class);
    private static final long POLL_MILLIS = 25;

    private final TimeSource time;
    private final Supplier<JdbcSql> connect;
    private final AtomicBoolean polling = new AtomicBoolean();
    /** Guards the connection below; nothing but the one statement runs under it. */
    private final ReentrantLock lock = new ReentrantLock();

    private @Nullable JdbcSql connection;
    private boolean closed;
    private long seen;

    /**
     * Signals that poll on a connection of their own: the data version is told per connection, and not to the one that
     * writes.
     */
    SqliteSignals(TimeSource time, Supplier<JdbcSql> connect) {
        this.time = time;
        this.connect = connect;
    }

    @Override
    public Registration listen(Listener listener) {
        Registration registration = super.listen(listener);
        startPolling();
        return registration;
    }

    @Override
    public void close() {
        super.close();
        lock.lock();
        try {
            closed = true;
            if (connection != null) {
                connection.connection().close();
                connection = null;
            }
        } catch (SQLException e) {
            LOG.warn("closing the polling connection failed: {}", e.getMessage());
        } finally {
            lock.unlock();
        }
    }

    private void startPolling() {
        if (polling.compareAndSet(false, true)) {
            schedule();
        }
    }

    private void schedule() {
        time.after(POLL_MILLIS, () -> Thread.ofVirtual().name("holdfast-poll").start(this::poll));
    }

    private void poll() {
        if (!hasListeners()) {
            polling.set(false);
            if (hasListeners()) {
                startPolling();
            }
            return;
        }
        try {
            if (moved()) {
                deliver(ANYTHING);
            }
        } finally {
            schedule();
        }
    }

    private boolean moved() {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            if (connection == null) {
                connection = connect.get();
            }
            long version = connection
                    .first("pragma data_version", row -> row.getLong(1))
                    .orElseThrow();
            boolean changed = version != seen;
            seen = version;
            return changed;
        } catch (RuntimeException e) {
            LOG.warn("asking for the data version failed: {}", e.getMessage());
            return true;
        } finally {
            lock.unlock();
        }
    }
}
