package dev.holdfast.engine.sqlite;

import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.FileErrors;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.JdbcSql;
import dev.holdfast.engine.SchemaException;
import dev.holdfast.engine.SqlErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.LockingMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TempStore;

/** Opens connections of one store with its pragmas. */
final class SqliteConnections {
    /** SQLite before this release can corrupt a file when the write-ahead log is reset at a bad moment. */
    private static final int[] VERSION_MIN = {3, 51, 3};

    /**
     * Pages of the log after which a commit also moves it into the file: 63 MiB at the default page size. A page that
     * was written several times meanwhile is moved once: random keys cost a third less than with a quarter of it.
     */
    private static final int CHECKPOINT_PAGES = 16_000;

    private static final long MMAP_BYTES = 256L << 20;
    private static final int BULK_CACHE_KIB = 1_024;

    private static final long BUSY_PAUSE_NANOS = 2_000_000;

    private final @Nullable Path file;
    private final SqliteOptions options;

    /** Connections of a file, or of a private database in memory when there is none. */
    SqliteConnections(@Nullable Path file, SqliteOptions options) {
        this.file = file;
        this.options = options;
    }

    /**
     * The one connection that writes.
     *
     * @throws InvalidInputException as {@link SqliteRights#require}; or {@code sqlite.no_store}: the file is no
     *     database. Nothing was made
     */
    JdbcSql writer() {
        if (file != null) {
            SqliteRights.require(file);
        }
        createFolder();
        try {
            JdbcSql sql = open(options.turnLimit());
            refuseOldLibrary(sql);
            return sql;
        } catch (EngineException e) {
            if (SqliteIntegrity.isForeign(e)) {
                throw new InvalidInputException(
                        "sqlite.no_store", "what is there is no SQLite database (file=" + file + ")", e);
            }
            throw e;
        }
    }

    /** One of the connections that only read. */
    JdbcSql reader() {
        JdbcSql sql = open(options.turnLimit());
        sql.exec("pragma query_only = on");
        return sql;
    }

    /** One that reads much and only once: no page of it stays in memory, neither mapped nor in a large cache. */
    JdbcSql bulkReader() {
        JdbcSql sql = reader();
        sql.first("pragma mmap_size = 0", row -> row.getLong(1));
        sql.exec("pragma cache_size = -" + BULK_CACHE_KIB);
        return sql;
    }

    /** A connection for one piece of maintenance. */
    JdbcSql plain() {
        return open(options.turnLimit());
    }

    private JdbcSql open(Duration busy) {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(Math.toIntExact(busy.toMillis()));
        config.enforceForeignKeys(true);
        config.setCacheSize(-options.cacheKib());
        config.setTempStore(TempStore.MEMORY);
        config.setLockingMode(LockingMode.NORMAL);
        // Else the driver asks for the last row id after every insert and leaves that query open: one statement more
        // per insert, and a connection whose statement was cancelled stays interrupted for as long as one is open.
        config.setGetGeneratedKeys(false);
        if (file != null) {
            config.setJournalMode(JournalMode.WAL);
            config.setPragma(SQLiteConfig.Pragma.MMAP_SIZE, Long.toString(MMAP_BYTES));
            config.setSynchronous(
                    options.durability() == SqliteOptions.Durability.FULL
                            ? SynchronousMode.FULL
                            : SynchronousMode.NORMAL);
        }
        try {
            JdbcSql sql = new JdbcSql(connect(config, System.nanoTime() + busy.toNanos()), true);
            if (file != null) {
                sql.first("pragma wal_autocheckpoint = " + CHECKPOINT_PAGES, row -> row.getInt(1));
            }
            return sql;
        } catch (SQLException e) {
            throw new EngineException(
                    "sqlite.open", "the file cannot be opened (file=" + file + "): " + e.getMessage(), e);
        }
    }

    /**
     * A connection with its pragmas. The one that turns a new file's log on is refused at once, without the library's
     * own wait, while another connection reads the file's first page: so it is tried again until its time is over.
     */
    private Connection connect(SQLiteConfig config, long deadline) throws SQLException {
        while (true) {
            try {
                return config.createConnection("jdbc:sqlite:" + (file == null ? ":memory:" : file));
            } catch (SQLException e) {
                if (!SqlErrors.isBusy(e) || System.nanoTime() - deadline >= 0) {
                    throw e;
                }
                LockSupport.parkNanos(BUSY_PAUSE_NANOS);
            }
        }
    }

    private void createFolder() {
        Path folder = file == null ? null : file.toAbsolutePath().getParent();
        if (folder != null) {
            try {
                Files.createDirectories(folder);
            } catch (IOException e) {
                throw new EngineException(
                        "sqlite.open",
                        "the folder cannot be made: " + FileErrors.words(e) + " (folder=" + folder + ")",
                        e);
            }
        }
    }

    private static void refuseOldLibrary(JdbcSql sql) {
        String version =
                sql.first("select sqlite_version()", row -> row.getString(1)).orElseThrow();
        String[] parts = version.split("\\.");
        for (int i = 0; i < VERSION_MIN.length; i++) {
            int have = Integer.parseInt(parts[i]);
            if (have > VERSION_MIN[i]) {
                return;
            }
            if (have < VERSION_MIN[i]) {
                throw new SchemaException(
                        "sqlite.too_old",
                        "SQLite 3.51.3 or newer is needed, older ones can corrupt the log (version=" + version + ")");
            }
        }
    }
}
