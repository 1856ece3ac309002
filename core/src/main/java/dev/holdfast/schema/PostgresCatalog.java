package dev.holdfast.schema;

import dev.holdfast.engine.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a catalog from PostgreSQL: the tables that the connection's search path finds, named as it sees them. */
final class PostgresCatalog {
    private static final String COLUMNS = """
            select c.relname, c.relkind::text, c.relpersistence::text, a.attname,
              format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid),
              a.attidentity::text, a.attgenerated::text,
              (select quote_ident(l.collname) from pg_collation l
                where l.oid = a.attcollation and a.attcollation <> t.typcollation),
              case when c.relkind = 'v' then pg_get_viewdef(c.oid) end
            from pg_class c
            left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and c.relkind <> 'v'
            left join pg_type t on t.oid = a.atttypid
            left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
            where c.relkind in ('r', 'p', 'v', 'm', 'f') and starts_with(c.relname::text, ?)
              and pg_table_is_visible(c.oid)
            order by c.relname, a.attnum
            """;

    private static final String INDEXES = """
            select c.relname, n.relname, i.indisprimary, i.indisunique, i.indisvalid, con.contype is not null,
              pg_get_indexdef(i.indexrelid, 0, true),
              (select string_agg(pg_get_indexdef(i.indexrelid, k, true), ', ' order by k)
                from generate_series(1, i.indnkeyatts) k)
            from pg_class c
            join pg_index i on i.indrelid = c.oid
            join pg_class n on n.oid = i.indexrelid
            left join pg_constraint con on con.conindid = i.indexrelid and con.contype = 'u'
            where c.relkind in ('r', 'p', 'm') and starts_with(c.relname::text, ?) and pg_table_is_visible(c.oid)
            order by c.relname, n.relname
            """;

    private static final String METHOD = " USING ";

    private PostgresCatalog() {}

    static Catalog read(Sql sql, String prefix) {
        Catalog catalog = new Catalog();
        sql.list(COLUMNS, row -> addColumn(catalog, row), prefix);
        sql.list(INDEXES, row -> addIndex(catalog, row), prefix);
        return catalog;
    }

    private static boolean addColumn(Catalog catalog, ResultSet row) throws SQLException {
        Catalog.Table table =
                catalog.table(row.getString(1), kind(row.getString(2), row.getString(3), row.getString(11)));
        @Nullable String column = row.getString(4);
        if (column == null) {
            return true; // a view is known by its text
        }
        @Nullable String initial = row.getString(7);
        @Nullable String collation = row.getString(10);
        String type = row.getString(5);
        if (collation != null) {
            type += " collate " + collation;
        }
        if (!row.getString(8).isEmpty()) {
            type += " identity";
        }
        if (!row.getString(9).isEmpty()) {
            type += " generated";
        }
        table.add(new Catalog.Column(
                column, type, !row.getBoolean(6), initial == null ? Catalog.Column.NO_DEFAULT : initial));
        return true;
    }

    /** A partitioned table is a table still, and one in the schema of temporary tables stands for a real one. */
    private static String kind(String kind, String persistence, @Nullable String view) {
        return switch (kind) {
            case "r", "p" -> persistence.equals("u") ? "table, unlogged" : "table";
            case "v" -> "view " + view;
            case "m" -> "materialized view";
            default -> "foreign table";
        };
    }

    private static boolean addIndex(Catalog catalog, ResultSet row) throws SQLException {
        Catalog.Table table = catalog.tables().get(row.getString(1));
        if (table == null) {
            return false;
        }
        String columns = row.getString(8);
        if (row.getBoolean(3)) {
            table.key().addAll(List.of(columns.split(", ")));
        } else if (row.getBoolean(6)) {
            table.addUnique(columns);
        } else {
            String definition = row.getString(7);
            definition = definition.substring(definition.indexOf(METHOD) + METHOD.length());
            table.indexes()
                    .put(
                            row.getString(2),
                            (row.getBoolean(4) ? "unique " : "")
                                    + definition
                                    + (row.getBoolean(5) ? "" : ", not valid"));
        }
        return true;
    }
}
