package dev.holdfast.engine.sqlite;

import dev.holdfast.engine.ClosedException;
import dev.holdfast.engine.JdbcSql;
import dev.holdfast.engine.TimeoutException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The read connections of a store: opened when first needed. A thread gets the one that it had last if that is free,
 * else the first that is: so busy threads do not exchange their connections, and a quiet store keeps its pages warm in
 * one cache.
 */
final class SqliteReaders {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteReaders.class);

    private final Supplier<JdbcSql> opener;
    private final int count;
    private final Duration limit;
    private final Semaphore permits;
    /** Those that nobody uses, each in its own place. A place without a reader is in use, or was never needed. */
    private final AtomicReferenceArray<@Nullable Reader> idle;

    /** Places whose reader was not opened yet. */
    private final ConcurrentLinkedQueue<Integer> unopened = new ConcurrentLinkedQueue<>();

    private final AtomicBoolean closed = new AtomicBoolean();

    /** So many connections at most, each waited for up to a limit. */
    SqliteReaders(Supplier<JdbcSql> opener, int count, Duration limit) {
        this.opener = opener;
        this.count = count;
        this.limit = limit;
        this.permits = new Semaphore(count);
        this.idle = new AtomicReferenceArray<>(count);
        for (int place = 0; place < count; place++) {
            unopened.add(place);
        }
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
            return take();
        } catch (Throwable e) {
            permits.release();
            throw e;
        }
    }

    void release(Reader reader) {
        idle.set(reader.place, reader);
        permits.release();
    }

    /** A reader for a thread that has a permit: one is idle, or may be opened. */
    private Reader take() {
        long thread = Thread.currentThread().threadId();
        while (true) {
            Reader reader = takeIdle(thread);
            if (reader == null) {
                Integer place = unopened.poll();
                reader = place == null ? null : open(place);
            }
            if (reader != null) {
                reader.user = thread;
                return reader;
            }
        }
    }

    private Reader open(Integer place) {
        try {
            return new Reader(opener.get(), place);
        } catch (Throwable e) {
            unopened.add(place);
            throw e;
        }
    }

    private @Nullable Reader takeIdle(long thread) {
        for (int place = 0; place < idle.length(); place++) {
            Reader reader = idle.get(place);
            if (reader != null && reader.user == thread && idle.compareAndSet(place, reader, null)) {
                return reader;
            }
        }
        return takeIdle();
    }

    private @Nullable Reader takeIdle() {
        for (int place = 0; place < idle.length(); place++) {
            Reader reader = idle.getAndSet(place, null);
            if (reader != null) {
                return reader;
            }
        }
        return null;
    }

    /** Waits for the readers at work, then closes their connections. */
    void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        permits.acquireUninterruptibly(count);
        for (Reader reader = takeIdle(); reader != null; reader = takeIdle()) {
            try {
                reader.sql.connection().close();
            } catch (SQLException e) {
                LOG.warn("closing a read connection failed: {}", e.getMessage());
            }
        }
        permits.release(count);
    }

    private void await() {
        try {
            if (!permits.tryAcquire(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new TimeoutException(
                        "engine.reader_timeout",
                        "all read connections stayed in use (readers=" + count + ", turnLimit=" + limit + ")");
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
        private final int place;
        /** The thread that used it last; only a hint to others. */
        private volatile long user;

        Reader(JdbcSql sql, int place) {
            this.sql = sql;
            this.place = place;
            this.transaction = SqliteTransaction.reading(sql);
        }
    }
}
