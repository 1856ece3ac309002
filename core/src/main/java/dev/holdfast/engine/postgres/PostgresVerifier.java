package dev.holdfast.engine.postgres;

import dev.holdfast.engine.JdbcUnit;
import dev.holdfast.engine.SqlErrors;
import dev.holdfast.engine.TimeSource;
import dev.holdfast.engine.Work;
import java.lang.ref.WeakReference;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Runs the store's check on every connection to a server before its first unit: behind an address there may be another
 * server than a moment ago, one that was promoted or restored.
 *
 * <p>A pool that does not show the driver's connection is checked once a second instead. Every unit asks, so what is
 * known is replaced as a whole and read without a lock.
 */
final class PostgresVerifier {
    private static final long UNTOLD_MILLIS = 1_000;

    private final TimeSource time;
    private final AtomicReference<Known> known = new AtomicReference<>(new Known(null, List.of(), Long.MIN_VALUE));

    PostgresVerifier(TimeSource time) {
        this.time = time;
    }

    /** Sets the check; all connections are new to it. */
    void start(Work<?> storeCheck) {
        known.set(new Known(storeCheck, List.of(), Long.MIN_VALUE));
    }

    /** Checks the server behind a connection that is not in a transaction, unless that was done. */
    @SuppressWarnings("ReferenceEquality") // a check is itself
    void verify(Connection connection) {
        Known now = known.get();
        @Nullable Work<?> check = now.check;
        if (check == null) {
            return;
        }
        @Nullable PGConnection physical = physical(connection);
        if (physical == null ? time.millis() < now.untoldUntil : now.holds(physical)) {
            return;
        }
        JdbcUnit.run(connection, check);
        long untoldUntil = physical == null ? time.millis() + UNTOLD_MILLIS : Long.MIN_VALUE;
        known.updateAndGet(last -> last.check == check ? last.with(physical, untoldUntil) : last);
    }

    private static @Nullable PGConnection physical(Connection connection) {
        try {
            return connection.isWrapperFor(PGConnection.class) ? connection.unwrap(PGConnection.class) : null;
        } catch (SQLException e) {
            throw SqlErrors.of(e);
        }
    }

    /**
     * What is known at a moment.
     *
     * @param verified the connections that were checked, of which there are few
     * @param untoldUntil until when connections that are not shown count as checked
     */
    private record Known(@Nullable Work<?> check, List<WeakReference<PGConnection>> verified, long untoldUntil) {
        boolean holds(PGConnection physical) {
            for (WeakReference<PGConnection> one : verified) {
                if (one.refersTo(physical)) {
                    return true;
                }
            }
            return false;
        }

        Known with(@Nullable PGConnection physical, long until) {
            if (physical == null) {
                return new Known(check, verified, until);
            }
            List<WeakReference<PGConnection>> more = new ArrayList<>(verified);
            more.removeIf(one -> one.refersTo(null));
            more.add(new WeakReference<>(physical));
            return new Known(check, more, untoldUntil);
        }
    }
}
