package dev.holdfast.engine.sqlite;

import dev.holdfast.engine.ConflictException;
import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.JdbcSql;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.TransactionMode;

/**
 * A file that nobody else can use until this is closed. A file that is no sound database cannot be claimed; it needs no
 * claim, as nobody can use it.
 */
final class SqliteClaim implements AutoCloseable {
    private final String act;
    private final @Nullable JdbcSql sql;

    private SqliteClaim(String act, @Nullable JdbcSql sql) {
        this.act = act;
        this.sql = sql;
    }

    /**
     * Claims a file; refused while anybody has it open.
     *
     * @param act what it is claimed for; the codes of its errors begin with it
     * @throws dev.holdfast.engine.InvalidInputException {@code sqlite.no_permission}: this process may not use it
     * @throws ConflictException {@code ACT.busy}: somebody has it open
     * @throws EngineException {@code ACT.open}: it cannot be opened
     */
    static SqliteClaim of(Path file, String act) {
        SqliteRights.require(file);
        SQLiteConfig config = new SQLiteConfig();
        config.setTransactionMode(TransactionMode.EXCLUSIVE);
        config.setBusyTimeout(0);
        JdbcSql sql;
        try {
            sql = new JdbcSql(config.createConnection("jdbc:sqlite:" + file), false);
        } catch (SQLException e) {
            throw new EngineException(act + ".open", "the file cannot be opened (file=" + file + ")", e);
        }
        try {
            // Leaving the log needs the file alone, whoever holds it and however idle; the log is emptied by it.
            sql.first("pragma journal_mode = delete", row -> row.getString(1));
            sql.connection().setAutoCommit(false);
            return new SqliteClaim(act, sql);
        } catch (ConflictException e) {
            close(act, sql.connection());
            throw new ConflictException(
                    act + ".busy", "somebody has the store open; stop them first (file=" + file + ")", e);
        } catch (EngineException e) {
            close(act, sql.connection());
            if (SqliteIntegrity.isDamage(e)) {
                return new SqliteClaim(act, null);
            }
            throw e;
        } catch (SQLException e) {
            close(act, sql.connection());
            throw new EngineException(act + ".open", "the file cannot be claimed (file=" + file + ")", e);
        }
    }

    /** A number in the only row of a table of the store in the file, if it can be read. */
    Optional<Long> number(String table, String column) {
        if (sql == null) {
            return Optional.empty();
        }
        boolean there = sql.first(
                        "select 1 from sqlite_schema where type = 'table' and name = ?", row -> row.getInt(1), table)
                .isPresent();
        return there ? sql.first("select " + column + " from " + table, row -> row.getLong(1)) : Optional.empty();
    }

    @Override
    public void close() {
        if (sql != null) {
            close(act, sql.connection());
        }
    }

    private static void close(String act, Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new EngineException(act + ".open", "the replaced file cannot be closed: " + e.getMessage(), e);
        }
    }
}
