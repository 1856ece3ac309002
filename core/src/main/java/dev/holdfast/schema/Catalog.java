package dev.holdfast.schema;

import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.Sql;
import dev.holdfast.engine.Tables;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The tables of a database whose names begin with a prefix, as the database itself describes them. Two of them can be
 * compared when they come from the same kind of database.
 */
final class Catalog {
    private final Map<String, Table> tables = new TreeMap<>();

    /** Reads what is there. */
    static Catalog read(Sql sql, Dialect dialect, Tables names) {
        return switch (dialect) {
            case SQLITE -> SqliteCatalog.read(sql, names.prefix());
            case POSTGRES -> PostgresCatalog.read(sql, names.prefix());
        };
    }

    /** By name, sorted. */
    Map<String, Table> tables() {
        return tables;
    }

    /** The table of this name, added when it is new. */
    Table table(String name, String kind) {
        return tables.computeIfAbsent(
                name, any -> new Table(name, kind, new LinkedHashMap<>(), new ArrayList<>(), new TreeMap<>()));
    }

    /**
     * A table or view.
     *
     * @param kind what the database says of it as a whole, such as {@code table, strict}
     * @param columns in their order, by name
     * @param key the columns of the primary key, in its order
     * @param indexes definitions by name; one made by a unique constraint is named after its columns
     */
    record Table(String name, String kind, Map<String, Column> columns, List<String> key, Map<String, String> indexes) {
        void add(Column column) {
            columns.put(column.name, column);
        }

        /** What people call the index of a unique constraint: its own name is made up by the database. */
        void addUnique(String columnList) {
            indexes.put("of unique (" + columnList + ")", "unique (" + columnList + ")");
        }
    }

    /**
     * A column.
     *
     * @param type with collation and generation, where they are not the usual ones
     * @param initial the expression of its default, {@code none} without one
     */
    record Column(String name, String type, boolean nullable, String initial) {
        static final String NO_DEFAULT = "none";

        String nullability() {
            return nullable ? "null" : "not null";
        }
    }
}
