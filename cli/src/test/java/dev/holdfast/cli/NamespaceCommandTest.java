package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.json.Json;
import dev.holdfast.testkit.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NamespaceCommandTest {
    @TempDir
    private Path folder;

    private String db = "";

    /** The databases that every test is run on. */
    enum Database {
        SQLITE,
        POSTGRES
    }

    @ParameterizedTest
    @EnumSource
    void listsWhatTheyHold(Database database) {
        open(database);
        run(0, "kv", "set", "a", "1");
        run(0, "kv", "set", "a", "1", "--namespace", "acme");
        run(0, "collection", "insert", "notes", "{\"id\":\"x\"}", "--namespace", "acme");

        List<String> lines = run(0, "namespace", "list").lines();

        assertThat(lines).hasSize(2);
        assertThat(lines.getFirst()).startsWith("{\"name\":\"acme\",\"rows\":2,\"bytes\":");
        assertThat(lines.getLast()).contains("\"name\":\"default\",\"rows\":1", "\"rowsMax\":null,\"bytesMax\":null");
        assertThat(Json.parse(lines.getFirst()).path("bytes").asInt())
                .isGreaterThan(Json.parse(lines.getLast()).path("bytes").asInt());
        assertThat(run(0, "namespace", "list", "--names-only").lines())
                .containsExactly("{\"name\":\"acme\"}", "{\"name\":\"default\"}");
        assertThat(run(0, "namespace", "list", "-o", "table").lines().getFirst())
                .startsWith("NAME")
                .contains("ROWS", "BYTESMAX");
    }

    @ParameterizedTest
    @EnumSource
    void deletesOnlyWhenToldSo(Database database) {
        open(database);
        run(0, "kv", "set", "a", "1");
        run(0, "kv", "set", "a", "1", "--namespace", "acme");

        var refused = run(2, "namespace", "delete", "acme");
        assertThat(refused.err()).contains("cli.not_confirmed");
        assertThat(run(0, "kv", "get", "a", "--namespace", "acme").out()).isEqualTo("1\n");

        run(0, "namespace", "delete", "acme", "--yes");
        run(1, "namespace", "delete", "acme", "--yes");
        run(2, "namespace", "delete", "default", "--yes");

        run(1, "kv", "get", "a", "--namespace", "acme");
        run(0, "kv", "get", "a");
        assertThat(run(0, "namespace", "list", "--names-only").lines()).containsExactly("{\"name\":\"default\"}");
    }

    @ParameterizedTest
    @EnumSource
    void keepsAQuotaUntilItIsRemoved(Database database) {
        open(database);
        run(0, "kv", "set", "a", "1", "--namespace", "acme");
        run(1, "namespace", "quota", "get", "other");

        String set = run(0, "namespace", "quota", "set", "acme", "--rows", "2").out();
        assertThat(set).contains("\"rows\":1", "\"rowsMax\":2,\"bytesMax\":null");
        assertThat(run(0, "namespace", "quota", "set", "acme", "--bytes", "1MiB")
                        .out())
                .contains("\"rowsMax\":2,\"bytesMax\":1048576");
        assertThat(run(0, "namespace", "quota", "get", "acme").out()).contains("\"rowsMax\":2,\"bytesMax\":1048576");

        run(0, "kv", "set", "b", "1", "--namespace", "acme");
        assertThat(run(2, "kv", "set", "c", "1", "--namespace", "acme").err()).contains("namespace.quota", "rowsMax=2");

        assertThat(run(0, "namespace", "quota", "remove", "acme", "--rows").out())
                .contains("\"rowsMax\":null,\"bytesMax\":1048576");
        run(0, "kv", "set", "c", "1", "--namespace", "acme");
        assertThat(run(0, "namespace", "quota", "remove", "acme").out())
                .contains("\"rows\":3", "\"rowsMax\":null,\"bytesMax\":null");
        run(1, "namespace", "quota", "remove", "other");
    }

    @ParameterizedTest
    @EnumSource
    void aQuotaMayComeBeforeTheTenant(Database database) {
        open(database);

        run(0, "namespace", "quota", "set", "new", "--rows", "0");

        assertThat(run(2, "kv", "set", "a", "1", "--namespace", "new").err()).contains("namespace.quota");
    }

    @Test
    void exportsOne() throws Exception {
        open(Database.SQLITE);
        run(0, "kv", "set", "mine", "1");
        run(0, "kv", "set", "theirs", "2", "--namespace", "acme");
        Path file = folder.resolve("acme.ndjson");

        var exported = run(0, "namespace", "export", "acme", file.toString());
        var missing =
                run(1, "namespace", "export", "other", folder.resolve("other").toString());

        assertThat(exported.err()).contains("lines exported");
        assertThat(Files.readString(file)).contains("acme").contains("theirs").doesNotContain("mine");
        assertThat(missing.err()).contains("no such namespace");
        assertThat(folder.resolve("other")).doesNotExist();
        db = folder.resolve("copy.db").toString();
        run(0, "import", file.toString());
        assertThat(run(0, "kv", "get", "theirs", "--namespace", "acme").out()).isEqualTo("2\n");
    }

    private void open(Database database) {
        db = switch (database) {
            case SQLITE -> folder.resolve("app.db").toString();
            case POSTGRES -> PostgresServer.shared().freshDatabase();
        };
    }

    private Shell.Result run(int code, String... words) {
        String[] all = Arrays.copyOf(words, words.length + 2);
        all[words.length] = "--db";
        all[words.length + 1] = db;
        var result = Shell.run(all);
        assertThat(result.code())
                .as(String.join(" ", words) + ": " + result.err())
                .isEqualTo(code);
        return result;
    }
}
