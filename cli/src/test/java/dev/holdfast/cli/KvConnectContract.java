package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The public clients of Deno KV, in Node and in Deno, work against the packaged server. */
abstract class KvConnectContract {
    static final String SCRIPT = "kv-connect/run";
    static final String TOKEN = "my-secret-token";

    private static final int PASSED_MIN = 200;

    @TempDir
    Path folder;

    /** The name of an empty store. */
    abstract String database();

    @Test
    void thePublicClientsWork() throws Exception {
        try (ServerProcess server = serve()) {
            Suites.requirePassed(Suites.run(folder, SCRIPT, server.awaitBase() + "/kv", TOKEN), PASSED_MIN);

            server.terminate();
            assertThat(server.awaitExit()).isZero();
            assertThat(server.err()).isEmpty();
        }
    }

    ServerProcess serve() throws IOException {
        return ServerProcess.start(folder, Map.of("HOLDFAST_TOKEN", TOKEN), "serve", "--db", database(), "--port", "0");
    }
}
