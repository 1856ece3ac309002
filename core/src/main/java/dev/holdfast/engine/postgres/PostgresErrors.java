package dev.holdfast.engine.postgres;

import dev.holdfast.engine.ConflictException;
import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.HoldfastException;
import dev.holdfast.engine.SqlErrors;
import dev.holdfast.engine.TimeoutException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What failures mean that only an engine on a network can have. */
final class PostgresErrors {
    /** The session was ended by an administrator, a crash, or a server that starts or stops. */
    private static final Set<String> ENDED = Set.of("57P01", "57P02", "57P03", "57P05", "25P03");

    private static final String CONNECTION_CLASS = "08";
    private static final int CAUSES_MAX = 16;

    private PostgresErrors() {}

    /** The exception for a connection that could not be had. */
    static HoldfastException noConnection(SQLException e) {
        if (e instanceof SQLTransientConnectionException && e.getCause() == null) {
            return new TimeoutException("engine.turn_timeout", "all connections stayed in use: " + e.getMessage(), e);
        }
        SQLException telling = e.getCause() instanceof SQLException cause ? cause : e;
        return new EngineException(
                "engine.unavailable",
                "the database cannot be reached: " + telling.getMessage() + " (sqlState=" + telling.getSQLState() + ")",
                e);
    }

    /**
     * The exception for a commit that failed; when the connection was lost with it, nobody can tell what became of it.
     */
    static HoldfastException commit(SQLException e) {
        return isLost(e) ? commitUnknown(e) : SqlErrors.of(e);
    }

    /** The exception for a statement that commits itself. */
    static HoldfastException autoCommit(HoldfastException e) {
        return e.getCause() instanceof SQLException cause && isLost(cause) ? commitUnknown(cause) : e;
    }

    private static EngineException commitUnknown(SQLException e) {
        return new EngineException(
                "engine.commit_unknown",
                "the connection was lost during the commit, which may or may not have taken effect: look "
                        + "before you repeat it"
                        + " (sqlState=" + e.getSQLState() + ")",
                e);
    }

    /** Whether a failure tells that the session was gone already; not that a server did not answer in time. */
    static boolean isGone(Throwable failure) {
        return failure instanceof HoldfastException
                && failure.getCause() instanceof SQLException cause
                && isLost(cause)
                && !(cause.getCause() instanceof SocketTimeoutException);
    }

    /** Whether the session is gone. */
    static boolean isLost(SQLException e) {
        @Nullable String state = e.getSQLState();
        return state != null && (state.startsWith(CONNECTION_CLASS) || ENDED.contains(state));
    }

    /**
     * The conflict in a failure, if it is one: also a user's function may wrap what its own statement threw, or go on
     * after it until the commit is refused.
     */
    static Optional<ConflictException> conflict(RuntimeException failure) {
        @Nullable Throwable at = failure;
        for (int depth = 0; at != null && depth < CAUSES_MAX; depth++) {
            if (at instanceof ConflictException conflict) {
                return Optional.of(conflict);
            }
            if (at instanceof SQLException sql && SqlErrors.isConflict(sql.getSQLState())) {
                return Optional.of(new ConflictException(
                        "engine.conflict",
                        "another transaction came first (sqlState=" + sql.getSQLState() + ")",
                        failure));
            }
            at = at.getCause();
        }
        return Optional.empty();
    }
}
