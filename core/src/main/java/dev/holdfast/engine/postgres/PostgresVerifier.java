package dev.holdfast.engine.postgres;

import dev.holdfast.engine.JdbcUnit;
import dev.holdfast.engine.SqlErrors;
import dev.holdfast.engine.TimeSource;
import dev.holdfast.engine.Work;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Runs the store's check on every connection to a server before its first unit: behind an address there may be another
 * server than a moment ago, one that was promoted or restored.
 *
 * <p>A pool that does not show the driver's connection is checked once a second instead. {@code lock} guards the
 * fields; nothing waits under it.
 */
final class PostgresVerifier {
    private static final long UNTOLD_MILLIS = 1_000;

    private final TimeSource time;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<PGConnection> verified = Collections.newSetFromMap(new WeakHashMap<>());
    private @Nullable Work<?> check;
    private long untoldUntil = Long.MIN_VALUE;

    PostgresVerifier(TimeSource time) {
        this.time = time;
    }

    /** Sets the check; all connections are new to it. */
    void start(Work<?> storeCheck) {
        lock.lock();
        try {
            check = storeCheck;
            verified.clear();
            untoldUntil = Long.MIN_VALUE;
        } finally {
            lock.unlock();
        }
    }

    /** Checks the server behind a connection that is not in a transaction, unless that was done. */
    void verify(Connection connection) {
        @Nullable PGConnection physical = physical(connection);
        @Nullable Work<?> needed = needed(physical);
        if (needed != null) {
            JdbcUnit.run(connection, needed);
            done(physical);
        }
    }

    private @Nullable Work<?> needed(@Nullable PGConnection physical) {
        lock.lock();
        try {
            boolean known = physical == null ? time.millis() < untoldUntil : verified.contains(physical);
            return known ? null : check;
        } finally {
            lock.unlock();
        }
    }

    private void done(@Nullable PGConnection physical) {
        lock.lock();
        try {
            if (physical == null) {
                untoldUntil = time.millis() + UNTOLD_MILLIS;
            } else {
                verified.add(physical);
            }
        } finally {
            lock.unlock();
        }
    }

    private static @Nullable PGConnection physical(Connection connection) {
        try {
            return connection.isWrapperFor(PGConnection.class) ? connection.unwrap(PGConnection.class) : null;
        } catch (SQLException e) {
            throw SqlErrors.of(e);
        }
    }
}
