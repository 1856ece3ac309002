package dev.holdfast.engine.sqlite;

import dev.holdfast.engine.ConflictException;
import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.JdbcSql;
import java.sql.Connection;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteCommitListener;
import org.sqlite.SQLiteConnection;

/**
 * Begins and ends transactions of one connection. The driver begins one when auto-commit is switched off, as the
 * connection was configured (IMMEDIATE or DEFERRED), and commits when it is switched on.
 */
final class SqliteTransaction {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteTransaction.class);
    private static final int SQLITE_BUSY = 5;
    private static final int PRIMARY_CODE = 0xff;
    private static final String NOT_ACTIVE = "no transaction is active";
    private static final String WITHIN = "within a transaction";

    private final Connection connection;
    private final JdbcSql sql;
    private final boolean shared;
    private boolean open;
    private boolean lost;

    /**
     * The transactions of a connection.
     *
     * @param shared whether others may write to the database too, so that remembered state must be checked
     */
    SqliteTransaction(JdbcSql sql, boolean shared) {
        this.connection = sql.connection();
        this.sql = sql;
        this.shared = shared;
        ((SQLiteConnection) connection).addCommitListener(new RollbackListener());
        sql.refuseWhen(this::lost);
    }

    /**
     * Whether SQLite has rolled the open transaction back by itself: the disk was full, a statement was cancelled or
     * asked for it. The driver does not notice, and would let each statement that follows commit on its own.
     */
    boolean lost() {
        return lost;
    }

    /** Begins, and answers SQLite's data version: it moves whenever another connection has written. */
    long begin() {
        try {
            lost = false;
            connection.setAutoCommit(false);
            open = true;
        } catch (SQLException e) {
            rollback();
            if ((e.getErrorCode() & PRIMARY_CODE) == SQLITE_BUSY) {
                throw new ConflictException("engine.busy", "another process kept the write lock: " + e.getMessage(), e);
            }
            throw new EngineException("engine.begin", "a transaction could not begin: " + e.getMessage(), e);
        }
        return shared ? sql.first("pragma data_version", row -> row.getLong(1)).orElseThrow() : 0;
    }

    /** Commits; when this returns it is as durable as the store was opened to be. */
    void commit() {
        if (lost) {
            throw new EngineException(
                    "engine.commit", "the transaction could not commit: the database has rolled it back by itself");
        }
        try {
            connection.setAutoCommit(true);
            open = false;
        } catch (SQLException e) {
            // The driver now believes that it is outside a transaction, and SQLite may still be inside one. This makes
            // them agree, whether it begins a new transaction or fails because the old one is open.
            attempt(() -> connection.setAutoCommit(false));
            throw new EngineException("engine.commit", "the transaction could not commit: " + e.getMessage(), e);
        }
    }

    /** Rolls back whatever is open; without effect when the transaction is gone already. */
    void rollback() {
        open = false;
        try {
            sql.closeCursors();
        } catch (EngineException e) {
            LOG.warn("closing the cursors of a transaction failed: {}", e.getMessage());
        }
        attempt(connection::rollback);
        attempt(() -> connection.setAutoCommit(true));
        lost = false;
    }

    private static void attempt(Step step) {
        try {
            step.run();
        } catch (SQLException e) {
            // SQLite itself rolls back on some errors; then there is nothing left to do.
            String message = String.valueOf(e.getMessage());
            if (!message.contains(NOT_ACTIVE) && !message.contains(WITHIN)) {
                LOG.warn("rolling back failed: {}", e.getMessage());
            }
        }
    }

    /** Told by SQLite, on the thread of the statement that caused it. */
    private final class RollbackListener implements SQLiteCommitListener {
        @Override
        public void onCommit() {}

        @Override
        public void onRollback() {
            lost = open;
        }
    }

    /** A JDBC call. */
    @FunctionalInterface
    private interface Step {
        void run() throws SQLException;
    }
}
