package dev.holdfast;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The frame of an export: a first line that names the format, and a last one that says how many lines there are, so
 * that an export that was cut is none. Version 1 of the format had no last line.
 */
final class ExportLines {
    /** The version of the format that is written. */
    static final int VERSION = 2;

    private static final int WITHOUT_END = 1;
    private static final String FORMAT = "holdfast";
    private static final String END = "end";
    private static final String LINES = "lines";

    private final BufferedReader in;
    private final boolean mustEnd;
    private long count = 1;

    /**
     * Reads the first line.
     *
     * @throws InvalidInputException {@code transfer.format}: it is not one of an export that can be read
     */
    ExportLines(InputStream source) throws IOException {
        this.in = new BufferedReader(new InputStreamReader(source, StandardCharsets.UTF_8.newDecoder()));
        int version = version(read());
        if (version < WITHOUT_END || version > VERSION) {
            throw new InvalidInputException(
                    "transfer.format",
                    "this is no export that this program reads (versions=" + WITHOUT_END + " to " + VERSION + ")");
        }
        this.mustEnd = version > WITHOUT_END;
    }

    /** The first line of an export. */
    static ObjectNode head(int version) {
        return Json.mapper().createObjectNode().put(FORMAT, version);
    }

    /** The last line of an export of so many lines, itself included. */
    static ObjectNode end(long lines) {
        return Json.mapper().createObjectNode().put(END, true).put(LINES, lines);
    }

    /**
     * The next line of what was exported, null behind the last.
     *
     * @throws InvalidInputException {@code transfer.cut}: lines are missing; {@code json.malformed}, {@code
     *     transfer.line}, {@code transfer.encoding}: it is no line of an export
     */
    @Nullable
    JsonNode next() throws IOException {
        String text = read();
        if (text == null) {
            if (mustEnd) {
                throw new InvalidInputException(
                        "transfer.cut", "the export was cut: its last line is missing (lines=" + count + ")");
            }
            return null;
        }
        count++;
        if (text.isBlank()) {
            throw new InvalidInputException("transfer.line", "line " + count + " is empty");
        }
        JsonNode line = Json.parseLine(text, count);
        if (!line.has(END)) {
            return line;
        }
        JsonNode lines = line.path(LINES);
        if (!lines.isIntegralNumber() || lines.asLong() != count) {
            throw new InvalidInputException(
                    "transfer.cut",
                    "lines of the export are missing, or were added (lines=" + count + ", lines of the export="
                            + Json.text(lines) + ")");
        }
        if (read() != null) {
            throw new InvalidInputException(
                    "transfer.cut", "something stands behind the last line of the export (lines=" + count + ")");
        }
        return null;
    }

    /** Whether the format has a last line. */
    boolean hasEnd() {
        return mustEnd;
    }

    /** The number of the line that was read last, from 1. */
    long count() {
        return count;
    }

    private @Nullable String read() throws IOException {
        try {
            return in.readLine();
        } catch (CharacterCodingException e) {
            throw new InvalidInputException(
                    "transfer.encoding", "behind line " + count + " stands something that is not UTF-8", e);
        }
    }

    private static int version(@Nullable String head) {
        try {
            JsonNode version = head == null
                    ? Json.mapper().missingNode()
                    : Json.parse(head).path(FORMAT);
            return version.isInt() ? version.intValue() : 0;
        } catch (InvalidInputException e) {
            throw new InvalidInputException("transfer.format", "this is no export: its first line is not JSON", e);
        }
    }
}
