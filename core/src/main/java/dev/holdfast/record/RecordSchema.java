package dev.holdfast.record;

import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.Sql;
import dev.holdfast.record.RecordStoreException.Reason;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Makes and compares the tables of a store, and stands at its gate: a store of another format is not opened. */
final class RecordSchema {
    /** Whatever the name resolves to, and nothing else of that name. */
    private static final String POSTGRES_COLUMNS = """
            select a.attname, format_type(a.atttypid, null)
            from pg_attribute a
            where a.attrelid = to_regclass(?) and a.attnum > 0 and not a.attisdropped
            """;

    private static final String SQLITE_COLUMNS = "select name, type from pragma_table_info(?)";
    private static final String SQLITE_COLUMNS_IN = "select name, type from pragma_table_info(?, ?)";

    private final RecordSql tables;
    private final String text;
    private final String marker;
    private final String stamp;
    private final String anyDocument;

    RecordSchema(RecordSql tables) {
        this.tables = tables;
        this.text = tables.dialect() == Dialect.POSTGRES ? "jsonb" : "text";
        this.marker = tables.sql("select value from {store_meta} where key = 'format'");
        this.stamp = tables.sql("insert into {store_meta} (key, value) values ('format', " + tables.json()
                + ") on conflict do nothing");
        this.anyDocument =
                tables.sql("select 1 where exists (select 1 from {doc_meta}) or exists (select 1 from {records})");
    }

    /**
     * Whether the store can be used as it is, without writing anything.
     *
     * @throws RecordStoreException a table has other columns, or the format is another one
     */
    boolean isReady(Sql sql) {
        TableNames names = tables.names();
        if (columns(sql, names.storeMeta()).isEmpty()
                || columns(sql, names.docMeta()).isEmpty()
                || columns(sql, names.records()).isEmpty()) {
            return false;
        }
        validate(sql);
        return checkFormat(sql);
    }

    /** Makes what is missing, if so asked, compares the tables, and checks or writes the marker. */
    void prepare(Sql sql, SchemaMode mode) {
        tables.lockTables(sql);
        if (mode == SchemaMode.CREATE) {
            tables.create().forEach(sql::exec);
        }
        validate(sql);
        if (!checkFormat(sql)) {
            sql.exec(stamp, RecordText.of(StoreFormat.CURRENT));
        }
    }

    /** Whether there is a marker, which is then one of ours; without one there must be no documents. */
    private boolean checkFormat(Sql sql) {
        Optional<String> found = sql.first(marker, row -> String.valueOf(row.getString(1)));
        if (found.isEmpty()) {
            if (sql.first(anyDocument, row -> true).isPresent()) {
                throw refused(StoreFormatException.Cause.UNVERSIONED, Optional.empty());
            }
            return false;
        }
        StoreFormat stored = RecordText.format(found.get())
                .orElseThrow(() -> refused(StoreFormatException.Cause.MALFORMED, Optional.empty()));
        if (stored.major() != StoreFormat.CURRENT.major()) {
            throw refused(StoreFormatException.Cause.INCOMPATIBLE, Optional.of(stored));
        }
        return true;
    }

    private StoreFormatException refused(StoreFormatException.Cause cause, Optional<StoreFormat> stored) {
        String backend = tables.dialect() == Dialect.POSTGRES ? "postgres" : "sqlite";
        return new StoreFormatException(cause, backend, stored);
    }

    private void validate(Sql sql) {
        TableNames names = tables.names();
        Map<String, String> docMeta = new LinkedHashMap<>();
        docMeta.put("doc_id", "text");
        docMeta.put("data", text);
        Map<String, String> records = new LinkedHashMap<>();
        records.put("doc_id", "text");
        records.put("seq", "integer");
        records.put("kind", "text");
        records.put("payload", "text");
        records.put("blob", tables.dialect() == Dialect.POSTGRES ? "bytea" : "blob");
        Map<String, String> storeMeta = new LinkedHashMap<>();
        storeMeta.put("key", "text");
        storeMeta.put("value", text);
        validate(sql, names.docMeta(), docMeta);
        validate(sql, names.records(), records);
        validate(sql, names.storeMeta(), storeMeta);
    }

    private void validate(Sql sql, String table, Map<String, String> wanted) {
        Map<String, String> found = columns(sql, table);
        if (found.isEmpty()) {
            throw mismatch("the table " + table + " of the record store is missing");
        }
        wanted.forEach((column, type) -> {
            String is = found.get(column);
            if (is == null) {
                throw mismatch("the table " + table + " of the record store has no column " + column);
            }
            if (!is.equals(type)) {
                throw mismatch("a column of the record store has another type (table=" + table + ", column=" + column
                        + ", type=" + is + ", wanted=" + type + ")");
            }
        });
    }

    private Map<String, String> columns(Sql sql, String table) {
        Map<String, String> columns = new LinkedHashMap<>();
        Optional<String> schema = tables.names().schema();
        if (tables.dialect() == Dialect.POSTGRES) {
            add(columns, sql, POSTGRES_COLUMNS, tables.names().quoted(table));
        } else if (schema.isEmpty()) {
            add(columns, sql, SQLITE_COLUMNS, table);
        } else {
            add(columns, sql, SQLITE_COLUMNS_IN, table, schema.get());
        }
        return columns;
    }

    private static void add(Map<String, String> columns, Sql sql, String query, String... args) {
        sql.list(query, row -> columns.put(row.getString(1), row.getString(2).toLowerCase(Locale.ROOT)) == null, (Object
                        [])
                args);
    }

    private static RecordStoreException mismatch(String message) {
        return new RecordStoreException(Reason.SCHEMA_MISMATCH, message);
    }
}
