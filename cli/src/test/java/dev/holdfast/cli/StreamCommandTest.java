package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.json.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamCommandTest {
    private final InputStream standardInput = System.in;
    private final PrintStream standardOutput = System.out;

    @TempDir
    Path folder;

    @AfterEach
    void giveBack() {
        System.setIn(standardInput);
        System.setOut(standardOutput);
    }

    @Test
    void messagesAreAppendedAndReadBack() {
        run(0, "create", "orders");
        assertThat(run(0, "append", "orders", "{\"n\":1}", "[{\"n\":2},{\"n\":3}]"))
                .containsExactly("{\"tail\":1,\"closed\":false}", "{\"tail\":3,\"closed\":false}");

        assertThat(run(0, "read", "orders")).containsExactly("{\"n\":1}", "{\"n\":2}", "{\"n\":3}");
        assertThat(run(0, "read", "orders", "--offset", "2")).containsExactly("{\"n\":3}");
        assertThat(Json.parse(run(0, "head", "orders").getFirst()).path("tail").asInt())
                .isEqualTo(3);
        run(2, "append", "orders", "{");
        run(2, "read", "orders", "--offset", "-3");
        assertThat(run(0, "read", "orders")).hasSize(3);
    }

    @Test
    void messagesArePrintedAsTheyWereSent() {
        run(0, "create", "orders");
        List<String> texts = List.of(
                "{\"a\":1,\"a\":2}", "-0", "1e9999999999", "{\"a\": 1.50, \"b\" : 1e5}", "\"\\u0041\\/\"", "[[1, 2]]");
        texts.forEach(text -> run(0, "append", "orders", "[" + text + "]"));
        run(0, "append", "orders", "{\n  \"lines\":\r\n2}");

        assertThat(run(0, "read", "orders"))
                .startsWith(texts.toArray(String[]::new))
                .endsWith("{   \"lines\":  2}");
        assertThat(run(0, "read", "orders", "-o", "table", "--offset", "3"))
                .hasSize(5)
                .first()
                .asString()
                .containsSubsequence("A", "B", "LINES", "VALUE");
    }

    @Test
    void whatContradictsItselfIsRefused() {
        run(0, "create", "orders");
        run(2, "append", "orders", "1", "--whole");
        run(2, "retain", "orders", "--all", "--units", "3");
        run(2, "create", "short", "--ttl", "500ms");

        assertThat(run(0, "list")).hasSize(1);
        assertThat(run(0, "read", "orders")).isEmpty();
    }

    @Test
    void everyLineOfStandardInputIsAnAppend() {
        run(0, "create", "orders");
        input("1\n\n[2,3]\n");
        assertThat(Json.parse(run(0, "append", "orders", "--close").getFirst())
                        .path("appends")
                        .asInt())
                .isEqualTo(2);

        assertThat(run(0, "read", "orders")).containsExactly("1", "2", "3");
        assertThat(run(0, "tail", "orders", "--offset", "1")).containsExactly("2", "3");
    }

    @Test
    void linesOfTextKeepBlankOnesAndTheirEnds() {
        run(0, "create", "text", "--content-type", "text/plain");
        input("a\r\n\n b \nc");
        assertThat(Json.parse(run(0, "append", "text").getFirst())
                        .path("appends")
                        .asInt())
                .isEqualTo(4);

        var out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        run(0, "read", "text");

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("a\r\n\n b \nc\n");
    }

    @Test
    void whatIsNoTextIsRefusedAndSaysHowMuchIsStored() {
        run(0, "create", "text", "--content-type", "text/plain");
        System.setIn(new ByteArrayInputStream(new byte[] {'a', '\n', (byte) 0xff, '\n'}));
        run(2, "append", "text");
        run(0, "create", "orders");
        input("1\n2\n{n:3}\n4\n");
        run(2, "append", "orders");

        assertThat(run(0, "read", "orders")).containsExactly("1", "2");
    }

    @Test
    void bytesComeBackAsTheyWere() {
        run(0, "create", "blob", "--content-type", "application/octet-stream");
        input("a\n\0b");
        run(0, "append", "blob", "--whole");

        var out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        run(0, "read", "blob");

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("a\n\0b");
    }

    @Test
    void whatAStreamKeepsIsSetAndShown() {
        run(0, "create", "orders");
        run(0, "append", "orders", "1", "2", "3");
        assertThat(run(0, "retain", "orders")).containsExactly("{}");

        assertThat(run(0, "retain", "orders", "--age", "7d", "--units", "100"))
                .containsExactly("{\"ageMillis\":604800000,\"units\":100}");
        assertThat(run(0, "retain", "orders", "--bytes", "64KiB", "--compact-units", "9"))
                .containsExactly("{\"bytes\":65536,\"compactUnits\":9}");
        assertThat(run(0, "retain", "orders", "--bytes", "5000")).containsExactly("{\"bytes\":5000}");
        assertThat(run(0, "retain", "orders", "--all")).containsExactly("{}");
        run(2, "retain", "orders", "--units", "0");
        run(1, "retain", "none", "--units", "1");
        assertThat(Json.parse(run(0, "trim", "orders", "2").getFirst())
                        .path("first")
                        .asInt())
                .isEqualTo(2);
        assertThat(run(0, "read", "orders")).containsExactly("3");
    }

    @Test
    void whatAStreamNeedNotKeepGoesAtOnce() {
        run(0, "create", "orders");
        run(0, "append", "orders", "1", "2", "3", "4", "5");
        run(0, "retain", "orders", "--units", "2");
        assertThat(run(0, "read", "orders")).containsExactly("4", "5");

        run(0, "append", "orders", "6");
        assertThat(run(0, "retain", "orders")).containsExactly("{\"units\":2}");
        assertThat(run(0, "read", "orders")).hasSize(3);
        run(0, "retain", "orders", "--bytes", "1");
        assertThat(run(0, "read", "orders")).containsExactly("6");

        String told = command("retain", "orders", "--age", "1h").err();
        assertThat(told.lines()).singleElement().asString().contains("holdfast serve", "age counts from when");
        assertThat(run(0, "read", "orders")).containsExactly("6");
        run(0, "create", "blob", "--content-type", "text/plain");
        run(0, "append", "blob", "abcdef");
        run(0, "retain", "blob", "--bytes", "2", "--namespace", "default");
        assertThat(Json.parse(run(0, "head", "blob").getFirst()).path("first").asInt())
                .isEqualTo(4);
    }

    @Test
    void aStateIsCompacted() {
        run(0, "create", "state");
        for (int i = 0; i < 3; i++) {
            run(
                    0,
                    "append",
                    "state",
                    "{\"type\":\"t\",\"key\":\"k\",\"value\":" + i + ",\"headers\":{\"operation\":\"upsert\"}}");
        }

        assertThat(run(0, "compact", "state", "--grace", "1h")).containsExactly("{\"start\":3,\"end\":6,\"rows\":1}");
        assertThat(run(0, "read", "state", "--offset", "4").getFirst()).contains("\"value\":2");
        run(0, "append", "state", "1");
        run(2, "compact", "state");
    }

    @Test
    void forksAreListedAndDeleted() {
        run(0, "create", "orders");
        run(0, "append", "orders", "1", "2");
        run(0, "fork", "orders", "try", "--offset", "1", "--ttl", "1h");
        run(0, "append", "try", "9", "--close");

        assertThat(run(0, "read", "try")).containsExactly("1", "9");
        assertThat(run(0, "list"))
                .map(line -> Json.parse(line).path("name").asString())
                .containsExactly("orders", "try");
        assertThat(run(0, "list", "t", "--limit", "0")).hasSize(1);
        assertThat(run(0, "delete", "try")).containsExactly("{\"deleted\":true}");
        run(1, "delete", "try");
        run(1, "read", "try");
        assertThat(Json.parse(run(0, "close", "orders").getFirst())
                        .path("closed")
                        .asBoolean())
                .isTrue();
        run(1, "append", "orders", "3");
    }

    @Test
    void aTailEndsWhenAnotherProgramClosesTheStream() {
        run(0, "create", "orders");
        try (Holdfast other = Holdfast.open(folder.resolve("a.db"))) {
            CompletableFuture<List<String>> tail = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> tail.complete(run(0, "tail", "orders", "--offset", "0")));
            other.stream("orders").append("1".getBytes(StandardCharsets.UTF_8));
            other.stream("orders").close();

            assertThat(tail.join()).containsExactly("1");
        }
    }

    private static void input(String text) {
        System.setIn(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private List<String> run(int code, String... words) {
        Shell.Result result = command(words);
        assertThat(result.code()).as(result.out() + result.err()).isEqualTo(code);
        return result.lines();
    }

    private Shell.Result command(String... words) {
        List<String> all = new ArrayList<>(List.of("stream"));
        all.addAll(List.of(words));
        all.addAll(List.of("--db", folder.resolve("a.db").toString()));
        return Shell.run(all.toArray(String[]::new));
    }
}
