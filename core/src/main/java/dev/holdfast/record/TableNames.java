package dev.holdfast.record;

import dev.holdfast.engine.Dialect;
import dev.holdfast.record.RecordStoreException.Reason;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The three tables of a store.
 *
 * <p>A name is 1 to 63 of {@code a-z}, {@code 0-9} and {@code _}, not a digit first, and does not begin with
 * {@code sqlite_}; the three differ. Lower case only, since Kyneta's stores do not quote theirs.
 *
 * @param schema a schema of PostgreSQL or an attached database of SQLite, named likewise and not beginning with
 *     {@code pg_}; empty for the one that the connection looks in
 * @param docMeta the current metadata of each document
 * @param records the logs
 * @param storeMeta facts about the store, such as its format
 */
public record TableNames(Optional<String> schema, String docMeta, String records, String storeMeta) {
    private static final Pattern TABLE = Pattern.compile("[a-z_][a-z0-9_]{0,62}");
    private static final Pattern STORE = Pattern.compile("[a-z][a-z0-9_]{0,39}");

    /** The names that Kyneta's stores have unless they are told others. */
    public static final TableNames DEFAULT = ofStore("kyneta");

    /** Refuses what is no name, before it becomes part of a statement. */
    public TableNames {
        requireName("docMeta", docMeta, "sqlite_");
        requireName("records", records, "sqlite_");
        requireName("storeMeta", storeMeta, "sqlite_");
        schema.ifPresent(name -> requireName("schema", name, "pg_"));
        if (Set.copyOf(List.of(docMeta, records, storeMeta)).size() < 3) {
            throw new RecordStoreException(Reason.INVALID_TABLE_NAME, "the three tables of a store must differ");
        }
    }

    /** Tables where the connection looks for them. */
    public static TableNames of(String docMeta, String records, String storeMeta) {
        return new TableNames(Optional.empty(), docMeta, records, storeMeta);
    }

    /**
     * The tables of a store: its name with {@code _doc_meta}, {@code _records} and {@code _store_meta} behind it.
     *
     * @param store 1 to 40 of {@code a-z}, {@code 0-9} and {@code _}, a letter first
     */
    public static TableNames ofStore(String store) {
        requireStoreName(store);
        return startingWith(store);
    }

    static TableNames startingWith(String name) {
        return of(name + "_doc_meta", name + "_records", name + "_store_meta");
    }

    /** Refuses what is no name of a store. */
    static void requireStoreName(String store) {
        if (!STORE.matcher(store).matches()) {
            throw new RecordStoreException(
                    Reason.INVALID_STORE_NAME,
                    "the name of a record store must be 1 to 40 of a-z, 0-9 and _, a letter first (length="
                            + store.length() + ")");
        }
    }

    /** The same tables in a schema of PostgreSQL or an attached database of SQLite. */
    public TableNames inSchema(String name) {
        return new TableNames(Optional.of(name), docMeta, records, storeMeta);
    }

    /** The statements that make the tables where they are missing, without semicolons. */
    public List<String> ddl(Dialect dialect) {
        return new RecordSql(dialect, this).create();
    }

    /** A table as statements name it. */
    String quoted(String table) {
        return schema.map(name -> '"' + name + "\".").orElse("") + '"' + table + '"';
    }

    private static void requireName(String which, String name, String forbidden) {
        if (!TABLE.matcher(name).matches() || name.startsWith(forbidden)) {
            throw new RecordStoreException(
                    Reason.INVALID_TABLE_NAME,
                    "the name of a table or schema must be 1 to 63 of a-z, 0-9 and _, not a digit first and not "
                            + forbidden + " (name=" + which + ", length=" + name.length() + ")");
        }
    }
}
