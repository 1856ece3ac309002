package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.json.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableTest {
    @TempDir
    private Path folder;

    @Test
    void membersOfTheObjectsAreTheColumns() {
        assertThat(printed("{\"id\":1,\"name\":\"Ann\"}", "{\"name\":\"Benjamin\",\"more\":true}", "{\"id\":22}"))
                .isEqualTo("""
                        ID  NAME      MORE
                        1   Ann
                            Benjamin  true
                        22
                        """);
    }

    @Test
    void otherValuesBetweenObjectsHaveAColumnOfTheirOwn() {
        assertThat(printed("{\"a\":1,\"b\":2}", "5", "{\"value\":3}")).isEqualTo("""
                A  B  VALUE
                1  2
                      5
                      3
                """);
    }

    @Test
    void otherValuesHaveOneColumn() {
        assertThat(printed("[\"a\",1]", "null", "\"text\"")).isEqualTo("""
                VALUE
                ["a",1]

                text
                """);
    }

    @Test
    void longCellsAreCutButNotInTheLastColumn() {
        String text = "x".repeat(70);

        assertThat(printed("{\"a\":\"" + text + "\",\"b\":\"" + text + "\"}"))
                .isEqualTo("A" + " ".repeat(61) + "B\n" + "x".repeat(59) + "\u2026  " + text + "\n");
    }

    @Test
    void controlCharactersDoNotReachTheTerminal() {
        assertThat(printed("{\"a\":\"\\u001b[2J\\n\",\"b\":1}")).isEqualTo("A      B\n\uFFFD[2J\uFFFD  1\n");
    }

    @Test
    void manyRowsAreNotWaitedFor() {
        StringWriter out = new StringWriter();
        Table table = new Table(new PrintWriter(out, true));

        IntStream.range(0, 200)
                .forEach(i -> table.add(Json.mapper().createObjectNode().put("n", i)));
        String measured = out.toString();
        table.add(Json.parse("{\"n\":1000000}"));

        assertThat(measured.lines()).hasSize(201);
        assertThat(out.toString()).endsWith("\n1000000\n");
    }

    @Test
    void nothingPrintsNothing() {
        assertThat(printed()).isEmpty();
    }

    @Test
    void commandsPrintTheirResultsAsATable() {
        String db = folder.resolve("app.db").toString();
        Shell.run("kv", "set", "users/1", "{\"name\":\"Ann\"}", "--db", db);

        var table = Shell.run("kv", "list", "users", "-o", "table", "--db", db);
        var json = Shell.run("kv", "list", "users", "--db", db);

        assertThat(table.lines()).hasSize(2);
        assertThat(table.lines().getFirst()).matches("KEY +VALUE +VERSIONSTAMP");
        assertThat(table.lines().getLast()).startsWith("[\"users\",1]  {\"name\":\"Ann\"}  ");
        assertThat(json.lines()).singleElement().asString().startsWith("{\"key\":[\"users\",1],");
    }

    private static String printed(String... values) {
        StringWriter out = new StringWriter();
        Table table = new Table(new PrintWriter(out, true));
        for (String value : values) {
            table.add(Json.parse(value));
        }
        table.flush();
        return out.toString();
    }
}
