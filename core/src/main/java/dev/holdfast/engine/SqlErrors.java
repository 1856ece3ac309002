package dev.holdfast.engine;

import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sorts what a driver throws by what the caller does next; for engines. */
public final class SqlErrors {
    private static final Set<String> CONFLICTS = Set.of("40001", "40P01");
    /** PostgreSQL: cancelled by a timeout or by a request. */
    private static final String CANCELLED = "57014";
    /** PostgreSQL: {@code lock_timeout} passed. */
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private static final int SQLITE_BUSY = 5;
    private static final int SQLITE_INTERRUPT = 9;
    private static final int PRIMARY_CODE = 0xff;

    private SqlErrors() {}

    /** The exception for a failed statement; conflicts, cancellations and failures are told apart. */
    public static HoldfastException of(SQLException e) {
        @Nullable String state = e.getSQLState();
        String where =
                " (" + (state == null ? "" : "sqlState=" + state + ", ") + "vendorCode=" + e.getErrorCode() + ")";
        String message = firstLine(e) + where;
        if (state != null && CONFLICTS.contains(state)) {
            return new ConflictException("engine.conflict", message, e);
        }
        if (CANCELLED.equals(state)) {
            return new TimeoutException("engine.cancelled", message, e);
        }
        if (LOCK_NOT_AVAILABLE.equals(state)) {
            return new TimeoutException("engine.lock_timeout", "a lock was not free in time: " + message, e);
        }
        if (state == null || state.isEmpty()) {
            int primary = e.getErrorCode() & PRIMARY_CODE;
            if (isBusy(e)) {
                return new ConflictException("engine.busy", "another process holds the write lock" + where, e);
            }
            if (primary == SQLITE_INTERRUPT) {
                return new TimeoutException("engine.cancelled", message, e);
            }
        }
        return new EngineException("engine.failure", message, e);
    }

    /** Whether SQLite says that somebody else holds a lock. */
    public static boolean isBusy(SQLException e) {
        return (e.getErrorCode() & PRIMARY_CODE) == SQLITE_BUSY;
    }

    /** Whether an SQLSTATE says that the transaction lost against another one and may be run again. */
    public static boolean isConflict(@Nullable String sqlState) {
        return sqlState != null && CONFLICTS.contains(sqlState);
    }

    /**
     * What the server said, without the lines that PostgreSQL's driver adds to it: they hold the values of the row. A
     * failed batch quotes its statement with all values, so its cause speaks for it.
     */
    private static String firstLine(SQLException e) {
        SQLException telling =
                e instanceof BatchUpdateException && e.getNextException() != null ? e.getNextException() : e;
        return String.valueOf(telling.getMessage()).lines().findFirst().orElse("");
    }
}
