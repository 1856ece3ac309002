package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The public clients of Deno KV, in Node and in Deno, work against the packaged server. */
abstract class KvConnectContract {
    static final Path ROOT =
            LauncherSandbox.launcher().resolve("../..").toAbsolutePath().normalize();
    static final String TOKEN = "my-secret-token";

    private static final int PASSED_MIN = 200;

    @TempDir
    Path folder;

    /** The name of an empty store. */
    abstract String database();

    @Test
    void thePublicClientsWork() throws Exception {
        try (ServerProcess server = serve()) {
            String said = suite(server.awaitBase() + "/kv", TOKEN);

            String last = said.lines().reduce("", (before, line) -> line);
            assertThat(last).as(said).matches("\\d+ passed, 0 failed, \\d+ skipped");
            assertThat(Integer.parseInt(last.substring(0, last.indexOf(' ')))).isGreaterThanOrEqualTo(PASSED_MIN);
            server.terminate();
            assertThat(server.awaitExit()).isZero();
            assertThat(server.err()).isEmpty();
        }
    }

    ServerProcess serve() throws IOException {
        return ServerProcess.start(folder, Map.of("HOLDFAST_TOKEN", TOKEN), "serve", "--db", database(), "--port", "0");
    }

    /** Runs the script of the suite with these words; answers what it has printed. */
    String suite(String... words) throws IOException, InterruptedException {
        Path log = Files.createTempFile(folder, "suite", ".log");
        List<String> command = Stream.concat(
                        Stream.of(ROOT.resolve("conformance/kv-connect/run").toString()), Stream.of(words))
                .toList();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(process.waitFor(5, TimeUnit.MINUTES))
                    .as(Files.readString(log))
                    .isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return Files.readString(log);
    }
}
