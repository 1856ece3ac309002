package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The KeyVal interface of the packaged server, the queue and its locks included, by plain requests. */
abstract class KeyvalSuiteContract {
    private static final String LOCK_MILLIS = "400";
    private static final int PASSED_MIN = 113;

    @TempDir
    Path folder;

    /** The name of an empty store. */
    abstract String database();

    @Test
    void everyCheckPasses() throws Exception {
        try (ServerProcess server = ServerProcess.start(
                folder, Map.of(), "serve", "--db", database(), "--port", "0", "--queue-lock", LOCK_MILLIS + "ms")) {
            String base = server.awaitBase() + "/keyval/api";
            Suites.requirePassed(Suites.run(folder, "keyval/run", "--lock-ms", LOCK_MILLIS, base), PASSED_MIN);

            server.terminate();
            assertThat(server.awaitExit()).isZero();
            assertThat(server.err()).isEmpty();
        }
    }
}
