package dev.holdfast.schema;

import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.Migration;
import dev.holdfast.engine.Sql;
import dev.holdfast.engine.Tables;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;

/** The table of the migrations that a database has had. */
final class Ledger {
    /** The room whose tables this is; its own migrations come before all others. */
    static final String ROOM = "schema";

    private static final String TABLE = "{p}migrations";

    /** One row when the ledger is there. A read of a missing table would doom a transaction on PostgreSQL. */
    private static final String EXISTS_SQLITE = "select 1 from sqlite_schema where type = 'table' and name = ?";

    private static final String EXISTS_POSTGRES = "select 1 where to_regclass(?) is not null";

    private static final String READ = "select room, number, name, checksum from {p}migrations order by room, number";

    private static final String INSERT =
            "insert into {p}migrations (room, number, name, checksum, applied_at) values (?, ?, ?, ?, ?)";

    /** The same with everything in its text, for people to run. */
    private static final String INSERT_TEXT = """
            insert into {p}migrations (room, number, name, checksum, applied_at)
              values ('%s', %d, '%s', '%s', %s);
            """;

    private static final String NOW_SQLITE = "cast(unixepoch('subsec') * 1000 as integer)";
    private static final String NOW_POSTGRES = "(extract(epoch from clock_timestamp()) * 1000)::bigint";

    private final Dialect dialect;
    private final Tables tables;

    Ledger(Dialect dialect, Tables tables) {
        this.dialect = dialect;
        this.tables = tables;
    }

    /** The migrations of the ledger itself. */
    static List<Migration> migrations() {
        return Migration.load(ROOM, Ledger.class, "001_ledger");
    }

    /** The name of the table. */
    String table() {
        return tables.sql(TABLE);
    }

    /** All rows, by room and number; none when there is no ledger. */
    List<Entry> read(Sql sql) {
        String exists = switch (dialect) {
            case SQLITE -> EXISTS_SQLITE;
            case POSTGRES -> EXISTS_POSTGRES;
        };
        if (sql.first(exists, row -> true, table()).isEmpty()) {
            return List.of();
        }
        return sql.list(
                tables.sql(READ),
                row -> new Entry(row.getString(1), row.getInt(2), row.getString(3), row.getString(4)));
    }

    /** Notes that a migration has run. */
    void write(Sql sql, Migration migration, long nowMillis) {
        sql.exec(
                tables.sql(INSERT),
                migration.room(),
                migration.number(),
                migration.name(),
                checksum(migration),
                nowMillis);
    }

    /** The same as a statement for people; rooms and names are plain identifiers, so nothing needs quoting. */
    String insertText(Migration migration) {
        String now = switch (dialect) {
            case SQLITE -> NOW_SQLITE;
            case POSTGRES -> NOW_POSTGRES;
        };
        return tables.sql(INSERT_TEXT)
                .formatted(migration.room(), migration.number(), migration.name(), checksum(migration), now);
    }

    /**
     * SHA-256 over the statements of a migration, in hex. Comments, empty lines, line ends and the table prefix do not
     * count: none of them changes what was done to a database.
     */
    String checksum(Migration migration) {
        MessageDigest digest = sha256();
        for (String statement : migration.statements(dialect, Tables.defaults())) {
            digest.update(statement.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) ';');
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** How people read the name of a migration: {@code kv 002_wire_order}. */
    static String label(String room, int number, String name) {
        return "%s %03d_%s".formatted(room, number, name);
    }

    /** How people read the name of a migration: {@code kv 002_wire_order}. */
    static String label(Migration migration) {
        return label(migration.room(), migration.number(), migration.name());
    }

    /** How far a database with these rows has come. */
    static SchemaVersion version(List<Entry> entries) {
        TreeMap<String, Integer> rooms = new TreeMap<>();
        entries.forEach(entry -> rooms.merge(entry.room(), entry.number(), Math::max));
        return new SchemaVersion(rooms);
    }

    /** A row. */
    record Entry(String room, int number, String name, String checksum) {
        String label() {
            return Ledger.label(room, number, name);
        }

        boolean is(Migration migration) {
            return number == migration.number() && room.equals(migration.room());
        }
    }
}
