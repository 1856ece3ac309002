package dev.holdfast.engine;

import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sorts what a driver throws by what the caller does next. */
final class SqlErrors {
    private static final Set<String> CONFLICTS = Set.of("40001", "40P01");
    /** PostgreSQL: cancelled by a timeout or by a request. */
    private static final String CANCELLED = "57014";

    private static final int SQLITE_BUSY = 5;
    private static final int SQLITE_INTERRUPT = 9;
    private static final int PRIMARY_CODE = 0xff;

    private SqlErrors() {}

    /** The exception for a failed statement; conflicts, cancellations and failures are told apart. */
    static HoldfastException of(SQLException e) {
        @Nullable String state = e.getSQLState();
        String where = " (sqlState=" + state + ", vendorCode=" + e.getErrorCode() + ")";
        String message = e.getMessage() + where;
        if (state != null && CONFLICTS.contains(state)) {
            return new ConflictException("engine.conflict", message, e);
        }
        if (CANCELLED.equals(state)) {
            return new TimeoutException("engine.cancelled", message, e);
        }
        if (state == null || state.isEmpty()) {
            int primary = e.getErrorCode() & PRIMARY_CODE;
            if (primary == SQLITE_BUSY) {
                return new ConflictException("engine.busy", "another process holds the write lock" + where, e);
            }
            if (primary == SQLITE_INTERRUPT) {
                return new TimeoutException("engine.cancelled", message, e);
            }
        }
        return new EngineException("engine.failure", message, e);
    }
}
