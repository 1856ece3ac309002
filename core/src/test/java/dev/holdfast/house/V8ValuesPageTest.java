package dev.holdfast.house;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.json.Json;
import dev.holdfast.v8.V8Json;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The tables of the reference of V8 values are what the code does. */
class V8ValuesPageTest {
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    @Test
    void bytesAreTheJsonThatThePageShows() throws IOException {
        List<String[]> rows = rows("## From V8 to JSON");

        assertThat(rows).hasSizeGreaterThan(20);
        for (String[] row : rows) {
            String json = Json.text(V8Json.decode(bytes(row[2])));
            assertThat(List.of(json)).as(row[1]).isEqualTo(code(row[3]));
        }
    }

    @Test
    void jsonIsTheBytesThatThePageShows() throws IOException {
        List<String[]> rows = rows("## From JSON to V8");

        assertThat(rows).hasSizeGreaterThan(5);
        for (String[] row : rows) {
            assertThat(code(row[1]))
                    .isNotEmpty()
                    .allSatisfy(
                            json -> assertThat(V8Json.encode(Json.parse(json))).isEqualTo(bytes(row[3])));
        }
    }

    /** The cells of the table below a heading, from 1. */
    private static List<String[]> rows(String heading) throws IOException {
        List<String[]> rows = new ArrayList<>();
        boolean below = false;
        for (String line : Files.readAllLines(Checkout.root().resolve("docs/reference/v8-values.md"))) {
            if (line.startsWith("## ")) {
                below = line.equals(heading);
            } else if (below && line.startsWith("|") && line.contains("`")) {
                rows.add(line.split("\\|", -1));
            }
        }
        return rows;
    }

    private static byte[] bytes(String cell) {
        String hex = String.join("", code(cell)).replace(" ", "");
        return HexFormat.of().parseHex("ff0f" + hex);
    }

    private static List<String> code(String cell) {
        return CODE.matcher(cell).results().map(found -> found.group(1)).toList();
    }
}
