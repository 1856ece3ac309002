package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands whose standard output cannot be written. */
class LostOutputTest {
    private static final String FULL = "No space left on device";
    private static final String READER_GONE = "Broken pipe";

    @TempDir
    Path folder;

    private final StringWriter err = new StringWriter();
    private String db = "";

    @BeforeEach
    void fill() {
        db = folder.resolve("app.db").toString();
        for (String key : new String[] {"a", "b", "c"}) {
            assertThat(Shell.run("kv", "set", key, "1", "--db", db).code()).isZero();
        }
        assertThat(Shell.run("collection", "insert", "notes", "{\"id\":\"1\"}", "{\"id\":\"2\"}", "--db", db)
                        .code())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "version",
                "--help",
                "schema generate",
                "completion bash",
                "kv list --db DB",
                "kv list -o table --db DB",
                "kv count --db DB",
                "kv watch --db DB",
                "collection find notes --db DB",
                "collection watch notes --db DB",
                "namespace list -o table --db DB",
                "doctor --db DB"
            })
    void whatCannotBeWrittenIsAFailure(String words) {
        assertThat(run(new Failing(0, FULL), words.split(" "))).isEqualTo(1);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .isEqualTo("holdfast: standard output cannot be written: " + FULL + " [cli.output]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kv list --db DB",
                "kv watch --db DB",
                "collection find notes --db DB",
                "collection watch notes --db DB"
            })
    void aReaderThatHasEnoughEndsACommandWithoutAWord(String words) {
        Failing out = new Failing(1, READER_GONE);

        assertThat(run(out, words.split(" "))).isEqualTo(141);

        assertThat(out.lines()).hasSize(1);
        assertThat(err.toString()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"kv list --db DB", "export --db DB", "export - --db DB"})
    void aFullDiskUnderTheProgramIsAFailure(String words) throws Exception {
        File told = folder.resolve("err").toFile();
        ProcessBuilder program = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "--enable-native-access=ALL-UNNAMED",
                Main.class.getName());
        program.command().addAll(List.of(words.replace("DB", db).split(" ")));

        Process process = program.redirectOutput(new File("/dev/full"))
                .redirectError(told)
                .start();

        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(told)
                .hasContent("holdfast: standard output cannot be written: No space left on device [cli.output]");
    }

    private int run(OutputStream out, String... words) {
        for (int i = 0; i < words.length; i++) {
            words[i] = words[i].equals("DB") ? db : words[i];
        }
        PrintWriter writer = new PrintWriter(new StandardOutput(out), true, StandardCharsets.UTF_8);
        return Main.run(writer, new PrintWriter(err, true), words);
    }

    /** Takes some writes, each a line, and fails then. */
    private static final class Failing extends OutputStream {
        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        private final String message;
        private int left;

        Failing(int writes, String message) {
            this.left = writes;
            this.message = message;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (left-- <= 0) {
                throw new IOException(message);
            }
            taken.write(bytes, offset, length);
        }

        List<String> lines() {
            return taken.toString(StandardCharsets.UTF_8).lines().toList();
        }
    }
}
