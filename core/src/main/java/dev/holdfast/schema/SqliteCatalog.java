package dev.holdfast.schema;

import dev.holdfast.engine.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads a catalog from SQLite. */
final class SqliteCatalog {
    /**
     * Tables that a virtual table keeps for itself are of type shadow; its own hidden columns are hidden = 1. A view is
     * known by its text alone: to read its columns fails when a table is missing.
     */
    private static final String COLUMNS = """
            select t.name, t.type, t.wr, t.strict, s.sql,
              c.name, c.type, c."notnull", c.dflt_value, c.pk, c.hidden
            from pragma_table_list t
            join sqlite_schema s on s.name = t.name and s.type in ('table', 'view')
            left join pragma_table_xinfo(case when t.type = 'view' then null else t.name end) c on c.hidden <> 1
            where t.schema = 'main' and t.type <> 'shadow' and substr(t.name, 1, length(?)) = ?
            order by t.name, c.cid
            """;

    /** Only an index made by CREATE INDEX has a text; expressions and conditions stand nowhere else. */
    private static final String INDEXES = """
            select t.name, i.name, i."unique", i.origin, s.sql,
              (select group_concat(x.name, ', ' order by x.seqno) from pragma_index_info(i.name) x)
            from pragma_table_list t
            join pragma_index_list(t.name) i
            left join sqlite_schema s on s.name = i.name and s.type = 'index'
            where t.schema = 'main' and t.type <> 'shadow' and substr(t.name, 1, length(?)) = ?
            order by t.name, i.name
            """;

    private static final String BY_STATEMENT = "c";
    private static final String BY_UNIQUE = "u";
    private static final int GENERATED = 2;

    private SqliteCatalog() {}

    static Catalog read(Sql sql, String prefix) {
        Catalog catalog = new Catalog();
        Map<String, Map<Integer, String>> keys = new TreeMap<>();
        sql.list(COLUMNS, row -> addColumn(catalog, keys, row), prefix, prefix);
        keys.forEach((name, key) -> {
            Catalog.Table table = catalog.tables().get(name);
            if (table != null) {
                table.key().addAll(key.values());
            }
        });
        sql.list(INDEXES, row -> addIndex(catalog, row), prefix, prefix);
        return catalog;
    }

    private static boolean addColumn(Catalog catalog, Map<String, Map<Integer, String>> keys, ResultSet row)
            throws SQLException {
        String name = row.getString(1);
        @Nullable String column = row.getString(6);
        Catalog.Table table =
                catalog.table(name, kind(row.getString(2), row.getBoolean(3), row.getBoolean(4), row.getString(5)));
        if (column == null) {
            return true;
        }
        @Nullable String initial = row.getString(9);
        int keyPosition = row.getInt(10);
        String type = row.getString(7).toLowerCase(Locale.ROOT);
        table.add(new Catalog.Column(
                column,
                row.getInt(11) >= GENERATED ? type + " generated" : type,
                !row.getBoolean(8),
                initial == null ? Catalog.Column.NO_DEFAULT : initial));
        if (keyPosition > 0) {
            keys.computeIfAbsent(name, any -> new TreeMap<>()).put(keyPosition, column);
        }
        return true;
    }

    private static String kind(String type, boolean withoutRowid, boolean strict, String text) {
        if (type.equals("virtual")) {
            return "virtual table " + SqliteText.from(text, "using");
        }
        if (type.equals("view")) {
            return "view " + SqliteText.from(text, "select");
        }
        return type + (strict ? ", strict" : "") + (withoutRowid ? ", without rowid" : "");
    }

    private static boolean addIndex(Catalog catalog, ResultSet row) throws SQLException {
        Catalog.Table table = catalog.tables().get(row.getString(1));
        String origin = row.getString(4);
        if (table == null) {
            return false;
        }
        if (origin.equals(BY_STATEMENT)) {
            String definition = SqliteText.from(row.getString(5), "(");
            table.indexes().put(row.getString(2), row.getBoolean(3) ? "unique " + definition : definition);
        } else if (origin.equals(BY_UNIQUE)) {
            table.addUnique(row.getString(6));
        }
        return true;
    }
}
