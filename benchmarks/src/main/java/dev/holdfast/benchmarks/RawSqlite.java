package dev.holdfast.benchmarks;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TransactionMode;

/** Plain JDBC on a store's file, with the settings that the store uses. */
final class RawSqlite {
    static final String UPSERT = """
            insert into holdfast_kv (ns, key, value, encoding, versionstamp, expires_at, wire)
            values (1, ?, ?, 1, ?, null, null)
            on conflict (ns, key) do update set value = excluded.value, encoding = excluded.encoding,
              versionstamp = excluded.versionstamp, expires_at = excluded.expires_at
            """;
    static final String CHANGE =
            "insert into holdfast_changes (ns, versionstamp, n, room, scope, id, op) values (1, ?, 0, 'kv', '', ?, 0)";
    static final String STATE = "update holdfast_state set versionstamp = ? where id = 1";
    private static final int CACHE_KIB = 16 << 10;
    private static final long MMAP_BYTES = 256L << 20;
    private static final int CHECKPOINT_PAGES = 16_000;

    private RawSqlite() {}

    static Connection open(Path file) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setTransactionMode(TransactionMode.IMMEDIATE);
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(SynchronousMode.FULL);
        config.setCacheSize(-CACHE_KIB);
        config.setPragma(SQLiteConfig.Pragma.MMAP_SIZE, Long.toString(MMAP_BYTES));
        config.setGetGeneratedKeys(false);
        Connection connection = config.createConnection("jdbc:sqlite:" + file);
        try (Statement statement = connection.createStatement()) {
            statement.execute("pragma wal_autocheckpoint = " + CHECKPOINT_PAGES);
        }
        return connection;
    }
}
