package dev.holdfast.cli;

import dev.holdfast.json.Json;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON values as lines of columns: the members of the objects, and one column for other values. The first rows decide
 * the columns and their widths; those to come are not waited for. A long cell is cut, but not in the last column.
 */
final class Table {
    private static final int ROWS_MEASURED = 200;
    private static final int CELL_MAX = 60;
    private static final String GAP = "  ";
    private static final String ONLY = "value";

    private final PrintWriter out;
    private final List<String> columns = new ArrayList<>();
    private final List<JsonNode> rows = new ArrayList<>();
    private int[] widths = {};

    Table(PrintWriter out) {
        this.out = out;
    }

    void add(JsonNode value) {
        rows.add(value);
        if (widths.length > 0 || rows.size() == ROWS_MEASURED) {
            flush();
        }
    }

    /** Prints the rows that are waiting. */
    void flush() {
        if (widths.length == 0 && !rows.isEmpty()) {
            name();
            widths = measured();
            line(columns.stream().map(name -> name.toUpperCase(Locale.ROOT)).toList());
        }
        rows.forEach(row -> line(cells(row)));
        rows.clear();
        out.flush();
    }

    private void name() {
        Set<String> names = new LinkedHashSet<>();
        for (JsonNode row : rows) {
            if (row instanceof ObjectNode object) {
                names.addAll(object.propertyNames());
            }
        }
        boolean others = names.isEmpty() || !rows.stream().allMatch(ObjectNode.class::isInstance);
        if (others) {
            names.add(ONLY);
        }
        columns.addAll(names);
    }

    /** A value that is no object stands in the column for those, else in the first one. */
    private List<String> cells(JsonNode value) {
        if (value instanceof ObjectNode object) {
            return columns.stream().map(name -> text(object.path(name))).toList();
        }
        String place = columns.contains(ONLY) ? ONLY : columns.getFirst();
        return columns.stream()
                .map(name -> name.equals(place) ? text(value) : "")
                .toList();
    }

    private static String text(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return "";
        }
        String text = value.isString() ? value.stringValue() : Json.textAround(value);
        // A control character could move the cursor of a terminal, or end the line; half a surrogate pair is no text.
        return text.replaceAll("[\\p{Cntrl}\\p{Cs}]", "\uFFFD");
    }

    private int[] measured() {
        int[] result = columns.stream().mapToInt(String::length).toArray();
        for (JsonNode row : rows) {
            List<String> cells = cells(row);
            for (int i = 0; i < result.length; i++) {
                result[i] = Math.max(result[i], Math.min(cells.get(i).length(), CELL_MAX));
            }
        }
        return result;
    }

    private void line(List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            boolean last = i == cells.size() - 1;
            String cell = last ? cells.get(i) : cut(cells.get(i), widths[i]);
            line.append(cell);
            if (!last) {
                line.append(" ".repeat(Math.max(0, widths[i] - cell.length()))).append(GAP);
            }
        }
        out.println(line.toString().stripTrailing());
    }

    private static String cut(String cell, int width) {
        if (cell.length() <= width) {
            return cell;
        }
        int end = width - 1;
        return cell.substring(0, Character.isHighSurrogate(cell.charAt(end - 1)) ? end - 1 : end) + "\u2026";
    }
}
