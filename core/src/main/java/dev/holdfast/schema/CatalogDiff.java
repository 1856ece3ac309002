package dev.holdfast.schema;

import dev.holdfast.engine.Tables;
import dev.holdfast.schema.Catalog.Column;
import dev.holdfast.schema.Catalog.Table;
import dev.holdfast.schema.SchemaCheck.Difference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Says in lines how a catalog differs from what was expected. */
final class CatalogDiff {
    private final Tables names;
    private final List<Difference> lines = new ArrayList<>();

    private CatalogDiff(Tables names) {
        this.names = names;
    }

    /** The differences, table by table; tables that are not expected belong to somebody else. */
    static List<Difference> between(Catalog expected, Catalog found, Tables names) {
        CatalogDiff diff = new CatalogDiff(names);
        expected.tables().forEach((name, table) -> {
            Table have = found.tables().get(name);
            if (have == null) {
                diff.lines.add(Difference.missing(name, "table", table.kind()));
            } else {
                diff.table(table, have);
            }
        });
        return diff.lines;
    }

    private void table(Table expected, Table found) {
        String table = expected.name();
        compare(table, "table", expected.kind(), found.kind());
        expected.columns().forEach((name, column) -> {
            Column have = found.columns().get(name);
            if (have == null) {
                lines.add(Difference.missing(table, "column " + name, described(column)));
            } else {
                compare(table, "type of column " + name, column.type(), have.type());
                compare(table, "nullability of column " + name, column.nullability(), have.nullability());
                compare(table, "default of column " + name, column.initial(), have.initial());
            }
        });
        found.columns().forEach((name, column) -> {
            if (!expected.columns().containsKey(name)) {
                lines.add(Difference.extra(table, "column " + name, described(column)));
            }
        });
        compare(table, "primary key", key(expected), key(found));
        indexes(table, expected.indexes(), found.indexes());
    }

    private void indexes(String table, Map<String, String> expected, Map<String, String> found) {
        expected.forEach((name, definition) -> {
            String have = found.get(name);
            if (have == null) {
                lines.add(Difference.missing(table, "index " + name, definition));
            } else {
                compare(table, "index " + name, definition, have);
            }
        });
        String declared = names.sql(Schema.DECLARED_INDEX);
        found.forEach((name, definition) -> {
            if (!expected.containsKey(name) && !name.startsWith(declared)) {
                lines.add(Difference.extra(table, "index " + name, definition));
            }
        });
    }

    private void compare(String table, String what, String expected, String found) {
        if (!expected.equals(found)) {
            lines.add(new Difference(table, what, expected, found));
        }
    }

    private static String described(Column column) {
        return (column.type() + " " + column.nullability()).strip();
    }

    private static String key(Table table) {
        return table.key().isEmpty() ? "none" : "(" + String.join(", ", table.key()) + ")";
    }
}
