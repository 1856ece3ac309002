package dev.holdfast.simple;

import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Session;
import dev.holdfast.key.Key;
import dev.holdfast.kv.Kv;
import dev.holdfast.kv.KvMutation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads files of CommandKit KV, of both generations: a table for each namespace, values as tagged JSON or text. */
final class SimpleImport {
    private static final int BATCH = 500;
    private static final Set<String> COLUMNS = Set.of("key", "value", "expires_at");
    private static final String READ_ONLY = "1";

    private static final String TABLES =
            "select name from sqlite_master where type = 'table' and name not like 'sqlite\\_%' escape '\\'"
                    + " order by name";
    private static final String TABLE_COLUMNS = "select name from pragma_table_info(?)";
    // The name is an identifier of the file that is read, quoted; nothing of it comes from a caller.
    private static final String ROWS = "select key, value, expires_at from %s";

    private final Session session;
    private final SimpleRoom room;
    private final Kv kv;
    private final long now;
    private final List<KvMutation> waiting = new ArrayList<>();
    private long written;

    SimpleImport(Session session, SimpleRoom room) {
        this.session = session;
        this.room = room;
        this.kv = Kv.in(session);
        this.now = session.database().time().millis();
    }

    /** Loads a file; answers how many entries were written. */
    long load(Path file) {
        if (!Files.isRegularFile(file)) {
            throw refusal("there is no such file (file=" + file + ")", null);
        }
        Properties readOnly = new Properties();
        readOnly.setProperty("open_mode", READ_ONLY);
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath(), readOnly)) {
            for (String table : tables(connection)) {
                load(connection, table);
            }
        } catch (SQLException e) {
            throw new EngineException("simple.import_failed", "the file cannot be read: " + e.getMessage(), e);
        }
        return written;
    }

    private static List<String> tables(Connection connection) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet names = statement.executeQuery(TABLES)) {
            while (names.next()) {
                if (columns(connection, names.getString(1)).equals(COLUMNS)) {
                    tables.add(names.getString(1));
                }
            }
        }
        return tables;
    }

    private static Set<String> columns(Connection connection, String table) throws SQLException {
        Set<String> columns = new TreeSet<>();
        try (PreparedStatement statement = connection.prepareStatement(TABLE_COLUMNS)) {
            statement.setString(1, table);
            try (ResultSet names = statement.executeQuery()) {
                while (names.next()) {
                    columns.add(names.getString(1));
                }
            }
        }
        return columns;
    }

    private void load(Connection connection, String table) throws SQLException {
        room.open(session, SimpleKeys.requireName(table));
        String quoted = '"' + table.replace("\"", "\"\"") + '"';
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(ROWS.formatted(quoted))) {
            while (rows.next()) {
                Optional<Instant> expiresAt = expiresAt(rows);
                if (expiresAt.isEmpty() || expiresAt.get().toEpochMilli() > now) {
                    waiting.add(entry(table, rows, expiresAt));
                }
                if (waiting.size() == BATCH) {
                    write();
                }
            }
        }
        write();
    }

    private static KvMutation entry(String table, ResultSet row, Optional<Instant> expiresAt) throws SQLException {
        String key = row.getString(1);
        if (key == null || key.isEmpty()) {
            throw refusal("a key is empty (table=" + SimpleKeys.shown(table) + ")", null);
        }
        Key own;
        try {
            own = SimpleKeys.entry(table, key);
        } catch (InvalidInputException e) {
            throw refusal("a key is too long (table=" + SimpleKeys.shown(table) + ", chars=" + key.length() + ")", e);
        }
        return new KvMutation.Restore(own, SimpleRecord.stored(SimpleUpstream.value(row.getString(2))), expiresAt);
    }

    /** The first whole millisecond in which the entry is gone. */
    private static Optional<Instant> expiresAt(ResultSet row) throws SQLException {
        double at = row.getDouble(3);
        return row.wasNull() || Double.isInfinite(at) || Double.isNaN(at)
                ? Optional.empty()
                : Optional.of(Instant.ofEpochMilli((long) Math.ceil(at)));
    }

    private void write() {
        if (!waiting.isEmpty()) {
            kv.commit(List.of(), List.copyOf(waiting));
            written += waiting.size();
            waiting.clear();
        }
    }

    private static InvalidInputException refusal(String message, @Nullable Exception cause) {
        return cause == null
                ? new InvalidInputException("simple.import", message)
                : new InvalidInputException("simple.import", message, cause);
    }
}
