package dev.holdfast.engine.sqlite;

import dev.holdfast.engine.ClosedException;
import dev.holdfast.engine.JdbcSql;
import dev.holdfast.engine.TimeoutException;
import java.sql.SQLException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The read connections of a store: opened when first needed, the last used first, so that a quiet store keeps its pages
 * warm in one cache.
 */
final class SqliteReaders {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteReaders.class);

    private final SqliteConnections connections;
    private final SqliteOptions options;
    private final Semaphore permits;
    private final ConcurrentLinkedDeque<Reader> idle = new ConcurrentLinkedDeque<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    SqliteReaders(SqliteConnections connections, SqliteOptions options) {
        this.connections = connections;
        this.options = options;
        this.permits = new Semaphore(options.readers());
    }

    /** Waits for a connection; give it back with {@link #release}. */
    Reader acquire() {
        if (!permits.tryAcquire()) {
            await();
        }
        try {
            if (closed.get()) {
                throw new ClosedException("engine.closed", "the store is closed");
            }
            Reader reader = idle.pollFirst();
            return reader == null ? new Reader(connections.reader()) : reader;
        } catch (Throwable e) {
            permits.release();
            throw e;
        }
    }

    void release(Reader reader) {
        idle.addFirst(reader);
        permits.release();
    }

    /** Waits for the readers at work, then closes their connections. */
    void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        permits.acquireUninterruptibly(options.readers());
        for (Reader reader = idle.pollFirst(); reader != null; reader = idle.pollFirst()) {
            try {
                reader.sql.connection().close();
            } catch (SQLException e) {
                LOG.warn("closing a read connection failed: {}", e.getMessage());
            }
        }
        permits.release(options.readers());
    }

    private void await() {
        try {
            if (!permits.tryAcquire(options.turnLimit().toMillis(), TimeUnit.MILLISECONDS)) {
                throw new TimeoutException(
                        "engine.reader_timeout",
                        "all read connections stayed in use (readers=" + options.readers() + ", turnLimit="
                                + options.turnLimit() + ")");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TimeoutException("engine.interrupted", "the thread was interrupted while it waited to read", e);
        }
    }

    /** A read connection. */
    static final class Reader {
        final JdbcSql sql;
        final SqliteTransaction transaction;

        Reader(JdbcSql sql) {
            this.sql = sql;
            this.transaction = new SqliteTransaction(sql, false);
        }
    }
}
