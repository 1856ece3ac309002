package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.json.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollectionCommandTest {
    @TempDir
    Path folder;

    private String err = "";

    @Test
    void writesAndFindsDocuments() {
        run(0, "insert", "notes", "{\"id\":\"a\",\"n\":1}", "{\"id\":\"b\",\"n\":2}", "{\"id\":\"c\",\"n\":3}");

        assertThat(run(0, "find", "notes", "--where", "{\"n\":{\"$gte\":2}}", "--sort", "-n", "--fields", "n"))
                .containsExactly("{\"id\":\"c\",\"n\":3}", "{\"id\":\"b\",\"n\":2}");
        assertThat(run(0, "find", "notes", "--limit", "1", "--without", "n")).containsExactly("{\"id\":\"a\"}");
        assertThat(run(0, "get", "notes", "a")).containsExactly("{\"id\":\"a\",\"n\":1}");
        assertThat(run(1, "get", "notes", "x")).isEmpty();
        assertThat(run(0, "count", "notes", "--where", "{\"n\":2}")).containsExactly("1");
        assertThat(Json.parse(run(0, "list").getFirst()).path("documents").asInt())
                .isEqualTo(3);
    }

    @Test
    void goesThroughPages() {
        run(0, "insert", "notes", "{\"id\":\"a\"}", "{\"id\":\"b\"}", "{\"id\":\"c\"}");

        assertThat(run(0, "find", "notes", "--page", "2")).containsExactly("{\"id\":\"a\"}", "{\"id\":\"b\"}");
        String cursor = err.strip().substring("next page: --cursor ".length());
        assertThat(run(0, "find", "notes", "--page", "2", "--cursor", cursor)).containsExactly("{\"id\":\"c\"}");
        assertThat(err).isEmpty();
    }

    @Test
    void changesAndDeletesDocuments() {
        run(0, "insert", "notes", "{\"id\":\"a\",\"n\":1}", "{\"id\":\"b\",\"n\":2}");

        assertThat(run(0, "update", "notes", "{\"n\":5}", "--id", "a")).containsExactly("{\"updated\":1}");
        assertThat(run(1, "update", "notes", "{\"n\":5}", "--id", "x")).containsExactly("{\"updated\":0}");
        assertThat(run(0, "update", "notes", "{\"m\":1}", "--remove", "n", "--where", "{\"n\":5}"))
                .containsExactly("{\"updated\":1}");
        assertThat(run(0, "get", "notes", "a")).containsExactly("{\"id\":\"a\",\"m\":1}");
        assertThat(run(0, "upsert", "notes", "{\"id\":\"a\",\"n\":9}")).containsExactly("{\"id\":\"a\",\"n\":9}");
        assertThat(run(0, "upsert", "notes", "{\"n\":3}", "--where", "{\"n\":2}"))
                .containsExactly("{\"id\":\"b\",\"n\":3}");
        run(2, "update", "notes", "{\"all\":1}");
        assertThat(err).contains("--all");
        assertThat(run(0, "find", "notes", "--where", "{\"all\":1}")).isEmpty();
        assertThat(run(0, "update", "notes", "{\"all\":1}", "--all")).containsExactly("{\"updated\":2}");
        run(2, "delete", "notes");
        assertThat(err).contains("--all");
        assertThat(run(0, "delete", "notes", "a")).containsExactly("{\"deleted\":1}");
        assertThat(run(1, "delete", "notes", "a")).containsExactly("{\"deleted\":0}");
        assertThat(run(0, "delete", "notes", "--all")).containsExactly("{\"deleted\":1}");
    }

    @Test
    void keepsIndexes() {
        run(0, "insert", "notes", "{\"id\":\"a\",\"n\":1}");

        run(0, "index", "create", "notes", "by_n", "n", "--unique");

        assertThat(run(0, "find", "notes", "--where", "{\"n\":1}", "--explain").getFirst())
                .startsWith("index by_n");
        assertThat(run(0, "index", "list", "notes"))
                .containsExactly(
                        "{\"name\":\"by_n\",\"fields\":[\"n\"],\"unique\":true,\"multi\":false,\"complete\":true}");
        run(2, "insert", "notes", "{\"n\":1}");
        assertThat(err).contains("[collection.unique]");
        run(0, "index", "drop", "notes", "by_n");
        run(1, "index", "drop", "notes", "by_n");
    }

    @Test
    void watchesUntilItHasPrintedEnough() {
        run(0, "insert", "notes", "{\"id\":\"a\",\"n\":1}", "{\"id\":\"b\",\"n\":2}");

        assertThat(run(0, "watch", "notes", "--where", "{\"n\":2}", "--count", "1"))
                .containsExactly("{\"change\":\"added\",\"id\":\"b\",\"document\":{\"id\":\"b\",\"n\":2}}");
    }

    @Test
    void oneNamespaceIsExportedAlone() {
        run(0, "insert", "notes", "{\"id\":\"a\"}");
        run(0, "insert", "notes", "{\"id\":\"b\"}", "--namespace", "acme");
        String file = folder.resolve("acme.ndjson").toString();

        call(0, "export", file, "--namespace", "acme", "--db", db("a.db"));
        call(0, "import", file, "--db", db("b.db"));

        assertThat(call(0, "collection", "find", "notes", "--db", db("b.db"))).isEmpty();
        assertThat(call(0, "collection", "find", "notes", "--namespace", "acme", "--db", db("b.db")))
                .containsExactly("{\"id\":\"b\"}");
        call(2, "import", file, "--namespace", "acme", "--db", db("b.db"));
        assertThat(err).contains("--namespace");
    }

    private List<String> run(int code, String... words) {
        List<String> all = new ArrayList<>(List.of("collection"));
        all.addAll(List.of(words));
        all.addAll(List.of("--db", db("a.db")));
        return call(code, all.toArray(String[]::new));
    }

    private String db(String name) {
        return folder.resolve(name).toString();
    }

    private List<String> call(int code, String... words) {
        StringWriter out = new StringWriter();
        StringWriter errors = new StringWriter();
        int ended = Main.run(new PrintWriter(out, true), new PrintWriter(errors, true), words);
        err = errors.toString();
        assertThat(ended).as(out + err).isEqualTo(code);
        return out.toString().lines().toList();
    }
}
