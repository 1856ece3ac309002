package dev.holdfast.cli;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import java.io.PrintWriter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** How a command prints what it found. */
final class OutputOption {
    /** The forms there are. */
    enum Form {
        /** One JSON value on each line, for pipes. */
        json,
        /** Columns, for people. */
        table
    }

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            description = "json: one value on each line; table: columns for people. Default: ${DEFAULT-VALUE}.")
    private Form form = Form.json;

    private @Nullable Table table;

    /** Prints one value; a table may keep it until {@link #end}. */
    void print(PrintWriter out, JsonNode value) {
        if (form == Form.json) {
            out.println(Json.textAround(value));
            return;
        }
        if (table == null) {
            table = new Table(out);
        }
        table.add(value);
    }

    /** Prints one value as it was sent, on one line; in a table as {@link #print}. */
    void printAsSent(PrintWriter out, String text) {
        if (form == Form.json) {
            // Outside of strings a line end is a blank, and inside of them there is none.
            out.println(text.replace('\n', ' ').replace('\r', ' '));
            return;
        }
        print(out, Json.parse(text));
    }

    /** Refuses columns where a flag asks for lines of text. */
    void requireLines(String flag) {
        if (form == Form.table) {
            throw new InvalidInputException(
                    "cli.contradiction", flag + " prints lines of text, which have no columns: leave out -o table");
        }
    }

    /** Prints what was kept. */
    void end() {
        Optional.ofNullable(table).ifPresent(Table::flush);
    }
}
