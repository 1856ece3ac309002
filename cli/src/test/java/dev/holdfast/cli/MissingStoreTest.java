package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A mistyped {@code --db} makes nothing, unless something is to be written. */
class MissingStoreTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kv get a",
                "kv list",
                "kv count",
                "kv delete a",
                "kv watch --count 1",
                "collection find notes",
                "collection get notes a",
                "collection count notes",
                "collection list",
                "collection update notes {} --id a",
                "collection delete notes a",
                "collection watch notes --count 1",
                "collection index list notes",
                "collection index drop notes by_n",
                "record list",
                "record list kyneta",
                "record dump kyneta doc",
                "record meta kyneta doc",
                "search find notes word",
                "search indexes",
                "search remove notes",
                "backup FOLDER/copy.db",
                "export",
                "export FOLDER/out.ndjson",
                "namespace list",
                "namespace delete acme --yes",
                "namespace export acme",
                "namespace quota get acme",
                "namespace quota remove acme",
                "token list",
                "token revoke abc",
            })
    void readingAndRemovingRefuseAFileThatIsMissing(String words) {
        var result = run(words, "never.db");

        assertThat(result.code()).as(result.err()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines())
                .singleElement()
                .asString()
                .startsWith("holdfast: there is no such file (file=")
                .endsWith("never.db) [engine.no_file]");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void schemaCheckCannotTellOfAFileThatIsMissing() {
        var result = run("schema check", "never.db");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.out()).startsWith("cannot tell: there is no such file");
        assertThat(folder).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kv set a 1",
                "kv sum a 1",
                "collection insert notes {}",
                "collection upsert notes {\"id\":\"a\"}",
                "collection index create notes by_n n",
                "record open kyneta",
                "search create notes text",
                "namespace quota set acme --rows 10",
                "token create --scope read",
            })
    void whatWritesMakesTheFile(String words) {
        var result = run(words, "new.db");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(folder.resolve("new.db")).isRegularFile();
    }

    @Test
    void importMakesTheFile() throws Exception {
        assertThat(run("kv set a 1", "a.db").code()).isZero();
        assertThat(run("export FOLDER/a.ndjson", "a.db").code()).isZero();

        assertThat(run("import FOLDER/a.ndjson", "b.db").code()).isZero();

        assertThat(run("kv get a", "b.db").out()).isEqualTo("1\n");
    }

    @Test
    void aStoreInMemoryIsAlwaysThere() {
        assertThat(Shell.run("kv", "count", "--db", ":memory:").out()).isEqualTo("0\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgress://u:secret@host/db",
                "mysql://x/secret",
                "jdbc:mysql:secret",
                "http://127.0.0.1:4437/secret",
            })
    void anAddressThatIsNotUnderstoodIsNoFolder(String db) throws Exception {
        Path before = Path.of("").toAbsolutePath();

        for (String words : List.of("kv set a 1", "kv get a", "serve --port 0", "export", "restore a.db")) {
            List<String> all = new ArrayList<>(List.of(words.split(" ")));
            all.addAll(List.of("--db", db));
            var result = Shell.run(all.toArray(String[]::new));
            assertThat(result.code()).as(words).isEqualTo(2);
            assertThat(result.err().lines())
                    .as(words)
                    .singleElement()
                    .asString()
                    .doesNotContain("secret");
        }

        try (var files = Files.list(before)) {
            assertThat(files.map(file -> file.getFileName().toString())).noneMatch(name -> name.contains(":"));
        }
    }

    private Shell.Result run(String words, String db) {
        List<String> all = new ArrayList<>();
        for (String word : words.split(" ")) {
            all.add(word.replace("FOLDER", folder.toString()));
        }
        all.addAll(List.of("--db", folder.resolve(db).toString()));
        return Shell.run(all.toArray(String[]::new));
    }
}
