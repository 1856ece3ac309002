package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands export and import, with what they say when they cannot. */
class TransferCommandsTest {
    @TempDir
    Path folder;

    private String db = "";

    @BeforeEach
    void fill() {
        db = folder.resolve("app.db").toString();
        run(0, "kv", "set", "a", "\"\\ud800\"");
        run(0, "kv", "set", "b", "2", "--namespace", "acme");
    }

    @Test
    void noStoreIsReplacedByAnExport() {
        assertThat(run(2, "export", db).err().lines())
                .singleElement()
                .asString()
                .contains("[export.own_file]");
        assertThat(run(2, "namespace", "export", "acme", db).err()).contains("[export.own_file]");
        String other = folder.resolve("other.db").toString();
        assertThat(Shell.run("kv", "set", "a", "1", "--db", other).code()).isZero();
        assertThat(Shell.run("export", db, "--db", other).err()).contains("[export.occupied]");

        run(0, "kv", "get", "a");
        assertThat(run(0, "doctor").out()).isEqualTo("sound\n");
    }

    @Test
    void halfOfASurrogatePairIsPrintedAsItWasGiven() {
        assertThat(run(0, "kv", "get", "a").out()).isEqualTo("\"\\ud800\"\n");
        assertThat(run(0, "kv", "get", "a", "-o", "table").lines()).last().isEqualTo("\ufffd");
    }

    @Test
    void aBadLineIsNamedAndChangesNothing() throws IOException {
        Path file = folder.resolve("export");
        run(0, "export", file.toString());
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.set(lines.size() - 2, "{");
        Files.write(file, lines);
        String copy = folder.resolve("copy.db").toString();

        var refused = Shell.run("import", file.toString(), "--db", copy);

        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err().lines())
                .singleElement()
                .asString()
                .startsWith("holdfast: line " + (lines.size() - 1) + " is not valid JSON")
                .endsWith("[json.malformed]");
        assertThat(Shell.run("kv", "list", "--db", copy).out()).isEmpty();
    }

    @Test
    void failuresOfFilesAreToldInWords() throws IOException {
        Path text =
                Files.write(folder.resolve("text"), "{\"country\":\"\u00e4\"}\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(run(2, "import", folder.resolve("none").toString()).err())
                .isEqualTo("holdfast: there is no file " + folder.resolve("none") + " [cli.file]\n");
        assertThat(run(2, "import", folder.toString()).err()).contains("a folder is no export");
        assertThat(run(2, "export", folder.resolve("no/x").toString()).err()).contains("there is no such folder");
        assertThat(run(2, "backup", folder.resolve("no/x").toString()).err()).contains("there is no such folder");
        assertThat(run(1, "export", "/dev/full").err()).contains("No space left on device");
        assertThat(run(2, "serve", "--example", text.toString(), "--port", "0").err())
                .isEqualTo("holdfast: the file is not text in UTF-8 (file=" + text + ") [cli.example]\n");
    }

    private Shell.Result run(int code, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--db", db));
        var result = Shell.run(all.toArray(String[]::new));
        assertThat(result.code())
                .as(String.join(" ", words) + ": " + result.err())
                .isEqualTo(code);
        return result;
    }
}
