package dev.holdfast.engine.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection that goes back to where it came from, as it was; by then no transaction is open on it. */
final class PostgresLoan {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresLoan.class);

    private final Connection connection;
    private final boolean autoCommit;

    /** A loan of a connection that is not in a transaction. */
    PostgresLoan(Connection connection) throws SQLException {
        this.connection = connection;
        this.autoCommit = connection.getAutoCommit();
        if (!autoCommit) {
            connection.setAutoCommit(true);
        }
    }

    Connection connection() {
        return connection;
    }

    /** Gives it back. */
    void giveBack() {
        try (connection) {
            connection.setAutoCommit(autoCommit);
        } catch (SQLException e) {
            LOG.debug("a connection was broken when it was given back: {}", e.getMessage());
        }
    }

    /** Gives it back as one that nobody may use again: its session may still be in a transaction. */
    void discard() {
        discard(connection);
    }

    /** Ends whatever runs on it, from any thread; it must still be discarded. */
    void cutOff() {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            LOG.warn("a connection could not be cut off: {}", e.getMessage());
        }
    }

    /** Cuts a connection off. The call that must fail then lets a pool that watches its connections notice. */
    static void discard(Connection connection) {
        try (connection) {
            connection.abort(Runnable::run);
            connection.rollback();
        } catch (SQLException e) {
            LOG.debug("a connection was discarded: {}", e.getMessage());
        }
    }
}
