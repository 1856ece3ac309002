package dev.holdfast.testkit.cost;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The tables of a page of the guide. */
record GuidePage(String path, List<String> lines) {
    /** A row of a table: the line that it stands in, from 1, and its cells without space around them. */
    record Row(int line, List<String> cells) {}

    /** A page of this repository. */
    static GuidePage read(String path) {
        try {
            return new GuidePage(path, Files.readAllLines(root().resolve(path)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The rows of all tables of the page that have this head. */
    List<Row> rows(List<String> head) {
        List<Row> rows = new ArrayList<>();
        boolean inside = false;
        for (int i = 0; i < lines.size(); i++) {
            List<String> cells = cells(lines.get(i));
            if (cells.equals(head)) {
                inside = true;
                i++; // the rule below the head
            } else if (inside && !cells.isEmpty()) {
                rows.add(new Row(i + 1, cells));
            } else {
                inside = false;
            }
        }
        return List.copyOf(rows);
    }

    private static List<String> cells(String line) {
        String text = line.strip();
        if (!text.startsWith("|") || !text.endsWith("|") || text.length() < 2) {
            return List.of();
        }
        return Arrays.stream(text.substring(1, text.length() - 1).split("\\|", -1))
                .map(String::strip)
                .toList();
    }

    private static Path root() {
        Path start = Path.of(System.getProperty("holdfast.root", "")).toAbsolutePath();
        for (Path at = start; at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve("docs/guide"))) {
                return at;
            }
        }
        throw new IllegalStateException("no folder with docs/guide at or above " + start);
    }
}
