package dev.holdfast.schema;

import dev.holdfast.engine.Dialect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The page {@code docs/reference/tables.md} as facts: one line for each column, primary key and index of a table. The
 * facts of a database are written alike, so that two lists tell where page and database differ.
 */
final class TablesPage {
    private static final Pattern TABLE = Pattern.compile("### `(\\w+)`");
    private static final Pattern KEY = Pattern.compile("- (Primary key|Unique)(?: on (SQLite|PostgreSQL))?: (.*)");
    private static final Pattern INDEX = Pattern.compile("- Index(?: on (SQLite|PostgreSQL))? `(\\w+)`: .*");
    private static final int CELLS = 5;
    private static final String ABSENT = "–";
    private static final String UNTYPED = "any";

    private final Map<Dialect, List<String>> facts = new LinkedHashMap<>();
    private String table = "";

    TablesPage(String text) {
        for (Dialect dialect : Dialect.values()) {
            facts.put(dialect, new ArrayList<>());
        }
        text.lines().forEach(this::read);
    }

    static TablesPage ofThisCheckout() throws IOException {
        String root = System.getProperty("holdfast.root", "..");
        return new TablesPage(Files.readString(Path.of(root, "docs", "reference", "tables.md")));
    }

    /** What the page says of a database. */
    List<String> facts(Dialect dialect) {
        return Objects.requireNonNull(facts.get(dialect));
    }

    /** What a database says of itself. */
    static List<String> facts(Catalog catalog) {
        List<String> facts = new ArrayList<>();
        catalog.tables().forEach((name, table) -> {
            table.columns()
                    .forEach((column, is) -> facts.add(columnFact(name, column, type(is), nullable(table, column))));
            if (!table.key().isEmpty()) {
                facts.add(name + " primary key " + String.join(", ", table.key()));
            }
            table.indexes().keySet().forEach(index -> facts.add(name + " index " + index));
        });
        return facts;
    }

    /** The section of a table as the page would have it, for whoever adds one. */
    static String section(String name, Catalog sqlite, Catalog postgres) {
        Optional<Catalog.Table> left = Optional.ofNullable(sqlite.tables().get(name));
        Optional<Catalog.Table> right = Optional.ofNullable(postgres.tables().get(name));
        TreeSet<String> columns = new TreeSet<>();
        left.ifPresent(table -> columns.addAll(table.columns().keySet()));
        right.ifPresent(table -> columns.addAll(table.columns().keySet()));
        String rows = columns.stream()
                .map(column -> "| `%s` | %s | %s | %s | |\n"
                        .formatted(
                                column,
                                cell(left, column),
                                cell(right, column),
                                isNull(left, column) || isNull(right, column) ? "yes" : "no"))
                .collect(Collectors.joining());
        String key = right.or(() -> left)
                .map(table -> "\n- Primary key: `" + String.join("`, `", table.key()) + "`\n")
                .orElse("");
        return "### `" + name + "`\n\n| column | SQLite | PostgreSQL | null | meaning |\n|---|---|---|---|---|\n" + rows
                + key;
    }

    private void read(String line) {
        Matcher heading = TABLE.matcher(line);
        Matcher key = KEY.matcher(line);
        Matcher index = INDEX.matcher(line);
        if (heading.matches()) {
            table = heading.group(1);
        } else if (key.matches()) {
            String columns = key.group(3).replace("`", "").strip();
            String what =
                    key.group(1).equals("Unique") ? "index of unique (" + columns + ")" : "primary key " + columns;
            add(key.group(2), table + " " + what);
        } else if (index.matches()) {
            add(index.group(1), table + " index " + index.group(2));
        } else if (line.startsWith("| `")) {
            column(Arrays.stream(line.split("\\|", -1)).map(String::strip).toList());
        } else if (line.startsWith("- ") && !table.isEmpty()) {
            throw new IllegalArgumentException("a line about " + table + " that is no key and no index: " + line);
        }
    }

    private void column(List<String> cells) {
        if (cells.size() != CELLS + 2) {
            throw new IllegalArgumentException("a row of " + table + " has not " + CELLS + " cells: " + cells);
        }
        String name = cells.get(1).replace("`", "");
        boolean nullable = cells.get(4).equals("yes");
        typed(Dialect.SQLITE, cells.get(2), name, nullable);
        typed(Dialect.POSTGRES, cells.get(3), name, nullable);
    }

    private void typed(Dialect dialect, String type, String column, boolean nullable) {
        if (!type.equals(ABSENT)) {
            facts(dialect).add(columnFact(table, column, type.replace("`", ""), nullable));
        }
    }

    private void add(@Nullable String database, String fact) {
        if (!"PostgreSQL".equals(database)) {
            facts(Dialect.SQLITE).add(fact);
        }
        if (!"SQLite".equals(database)) {
            facts(Dialect.POSTGRES).add(fact);
        }
    }

    private static String columnFact(String table, String column, String type, boolean nullable) {
        return table + " column " + column + " " + type + (nullable ? " null" : " not null");
    }

    private static String type(Catalog.Column column) {
        return column.type().isEmpty() ? UNTYPED : column.type();
    }

    /** A column of a primary key is never null, also where SQLite does not say so. */
    private static boolean nullable(Catalog.Table table, String column) {
        return Objects.requireNonNull(table.columns().get(column)).nullable()
                && !table.key().contains(column);
    }

    private static boolean isNull(Optional<Catalog.Table> table, String column) {
        return table.filter(is -> is.columns().containsKey(column))
                .map(is -> nullable(is, column))
                .orElse(false);
    }

    private static String cell(Optional<Catalog.Table> table, String column) {
        return table.map(is -> is.columns().get(column))
                .map(is -> "`" + type(is) + "`")
                .orElse(ABSENT);
    }
}
