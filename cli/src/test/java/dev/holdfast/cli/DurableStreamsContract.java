package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The published conformance suite of Durable Streams passes against the packaged server. */
abstract class DurableStreamsContract {
    /** All, the optional group of subscriptions too. */
    private static final int TESTS = 338;

    @TempDir
    Path folder;

    /** The name of an empty store. */
    abstract String database();

    @Test
    void thePublishedSuitePasses() throws Exception {
        try (ServerProcess server = ServerProcess.start(
                folder,
                Map.of(),
                "serve",
                "--db",
                database(),
                "--port",
                "0",
                "--long-poll-timeout",
                "500ms",
                "--allow-loopback-webhooks")) {
            String base = server.awaitBase().toString();

            String said =
                    Suites.run(folder, "durable-streams/run", "--report", report().toString(), "--subscriptions", base);

            assertThat(report()).as(said).exists();
            assertThat(failed(report()))
                    .as("failed tests; the server says: %s", server.err())
                    .isEmpty();
            assertThat(Json.parse(Files.readAllBytes(report()))
                            .path("numPassedTests")
                            .intValue())
                    .isEqualTo(TESTS);
            server.terminate();
            assertThat(server.awaitExit()).isZero();
            assertThat(server.err()).isEmpty();
        }
    }

    private Path report() {
        return folder.resolve("report.json");
    }

    private static List<String> failed(Path report) throws IOException {
        JsonNode results = Json.parse(Files.readAllBytes(report)).path("testResults");
        assertThat(results.size()).isEqualTo(1);
        return results.get(0)
                .path("assertionResults")
                .valueStream()
                .filter(test -> test.path("status").stringValue().equals("failed"))
                .map(test -> test.path("fullName").stringValue() + ": " + test.path("failureMessages"))
                .toList();
    }
}
