package dev.holdfast.cli;

import dev.holdfast.json.Json;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON values as lines of columns: the members of the first object, or one column for other values. The first rows
 * decide the widths; those to come are not waited for. A long cell is cut, but not in the last column.
 */
final class Table {
    private static final int ROWS_MEASURED = 200;
    private static final int CELL_MAX = 60;
    private static final String GAP = "  ";
    private static final String ONLY = "value";

    private final PrintWriter out;
    private final List<String> columns = new ArrayList<>();
    private final List<List<String>> rows = new ArrayList<>();
    private int[] widths = {};

    Table(PrintWriter out) {
        this.out = out;
    }

    void add(JsonNode value) {
        if (columns.isEmpty()) {
            if (value instanceof ObjectNode object) {
                columns.addAll(object.propertyNames());
            }
            if (columns.isEmpty()) {
                columns.add(ONLY);
            }
        }
        rows.add(cells(value));
        if (widths.length > 0 || rows.size() == ROWS_MEASURED) {
            flush();
        }
    }

    /** Prints the rows that are waiting. */
    void flush() {
        if (widths.length == 0 && !columns.isEmpty()) {
            widths = measured();
            line(columns.stream().map(name -> name.toUpperCase(Locale.ROOT)).toList());
        }
        rows.forEach(this::line);
        rows.clear();
        out.flush();
    }

    private List<String> cells(JsonNode value) {
        if (!(value instanceof ObjectNode object)) {
            return List.of(text(value));
        }
        return columns.stream().map(name -> text(object.path(name))).toList();
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
        int[] result = new int[columns.size()];
        for (int i = 0; i < result.length; i++) {
            result[i] = columns.get(i).length();
            for (List<String> row : rows) {
                result[i] = Math.max(result[i], Math.min(row.get(i).length(), CELL_MAX));
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
