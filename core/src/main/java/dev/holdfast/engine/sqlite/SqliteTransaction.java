package dev.holdfast.engine.sqlite;

import dev.holdfast.engine.ConflictException;
import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.JdbcSql;
import dev.holdfast.engine.SqlErrors;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteCommitListener;
import org.sqlite.SQLiteConnection;

/**
 * Begins and ends transactions of one connection, with statements that stay prepared.
 *
 * <p>The driver is told that it is in a transaction from the start and for good: what it would do by itself to begin
 * and end one costs several statements each, prepared anew. SQLite alone knows whether one is open; outside of one
 * every statement commits itself.
 */
final class SqliteTransaction {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteTransaction.class);
    private static final String NOT_ACTIVE = "no transaction is active";

    private final Connection connection;
    private final JdbcSql sql;
    private final boolean shared;
    private final Kept begin;
    private final Kept commit = new Kept("commit");
    private final Kept rollback = new Kept("rollback");
    private boolean open;
    private boolean lost;

    /**
     * The transactions of a connection on which none is open.
     *
     * @param beginning the statement that begins one
     * @param shared whether others may write to the database too, so that remembered state must be checked
     */
    private SqliteTransaction(JdbcSql sql, String beginning, boolean shared) {
        this.connection = sql.connection();
        this.sql = sql;
        this.begin = new Kept(beginning);
        this.shared = shared;
        try {
            connection.setAutoCommit(false);
            commit.run();
        } catch (SQLException e) {
            throw new EngineException("sqlite.open", "the connection cannot be prepared: " + e.getMessage(), e);
        }
        ((SQLiteConnection) connection).addCommitListener(new RollbackListener());
        sql.refuseWhen(this::lost);
    }

    /** Transactions that write. */
    static SqliteTransaction writing(JdbcSql sql, boolean shared) {
        return new SqliteTransaction(sql, "begin immediate", shared);
    }

    /** Transactions that only read. */
    static SqliteTransaction reading(JdbcSql sql) {
        return new SqliteTransaction(sql, "begin", false);
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
            begin.run();
            open = true;
        } catch (SQLException e) {
            rollback();
            if (SqlErrors.isBusy(e)) {
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
            commit.run();
            open = false;
        } catch (SQLException e) {
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
        try {
            rollback.run();
        } catch (SQLException e) {
            // SQLite itself rolls back on some errors; then there is nothing left to do.
            if (!String.valueOf(e.getMessage()).contains(NOT_ACTIVE)) {
                LOG.warn("rolling back failed: {}", e.getMessage());
            }
        }
        lost = false;
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

    /** A statement that stays prepared until it fails: a driver may leave one that failed unusable. */
    private final class Kept {
        private final String text;
        private @Nullable PreparedStatement statement;

        Kept(String text) {
            this.text = text;
        }

        void run() throws SQLException {
            PreparedStatement prepared = statement == null ? connection.prepareStatement(text) : statement;
            statement = null;
            try {
                prepared.executeUpdate();
                statement = prepared;
            } finally {
                if (statement == null) {
                    prepared.close();
                }
            }
        }
    }
}
