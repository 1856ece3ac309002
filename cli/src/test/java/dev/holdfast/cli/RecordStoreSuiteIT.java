package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JavaScript class for record stores, in Node, against the packaged server; and the program of its guide page. */
class RecordStoreSuiteIT {
    private static final String SCRIPT = "record-store/run";
    private static final int PASSED_MIN = 35;

    @TempDir
    static Path folder;

    private static ServerProcess server;

    @BeforeAll
    static void serve() throws Exception {
        server = ServerProcess.serve(folder);
    }

    @AfterAll
    static void stop() {
        try (ServerProcess stopped = server) {
            stopped.terminate();
            assertThat(stopped.awaitExit()).isZero();
            assertThat(stopped.err()).isEmpty();
        }
    }

    @Test
    void everyCheckPasses() throws Exception {
        Suites.requirePassed(Suites.run(folder, SCRIPT, server.awaitBase().toString()), PASSED_MIN);
    }

    @Test
    void theProgramOfTheGuideRunsAsPasted() throws Exception {
        String page = Files.readString(Suites.ROOT.resolve("docs/guide/kyneta.md"));
        String program =
                block(page, "js").replace("127.0.0.1:4437", server.awaitBase().getAuthority());
        Path file = Files.writeString(folder.resolve("app.mjs"), program);

        assertThat(Suites.run(folder, SCRIPT, "--program", file.toString())).isEqualTo(block(page, "text"));
    }

    private static String block(String page, String language) {
        Matcher block = Pattern.compile("^```" + language + "\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL)
                .matcher(page);
        assertThat(block.find()).as(language).isTrue();
        return block.group(1);
    }
}
