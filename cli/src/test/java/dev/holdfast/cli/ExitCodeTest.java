package dev.holdfast.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** 1 is for what failed, 2 for what was asked wrongly. */
class ExitCodeTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "import FOLDER/none.ndjson --db :memory:",
                "export FOLDER/none/out.ndjson --db :memory:",
                "serve --example FOLDER/none.ndjson --port 0 --db :memory:",
                "restore FOLDER/none.db --db FOLDER/store.db",
                "serve --tls-cert FOLDER/none.pem --tls-key FOLDER/none.pem --port 0 --db :memory:",
                "kv get a --db FOLDER/none.db",
            })
    void aFileThatIsNotThereIsAWrongCommandLine(String words) {
        var result = run(words);

        assertThat(result.code()).as(result.err()).isEqualTo(2);
        assertThat(result.err().lines())
                .singleElement()
                .asString()
                .startsWith("holdfast: ")
                .contains("none");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aPortInUseIsAFailure() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var result = run("serve --db :memory: --port " + other.getLocalPort());

            assertThat(result.code()).as(result.err()).isEqualTo(1);
            assertThat(result.err().lines())
                    .singleElement()
                    .asString()
                    .startsWith("holdfast: the port is in use (host=127.0.0.1, port=" + other.getLocalPort() + ")")
                    .contains("--port N picks another one")
                    .endsWith("[http.port_in_use]");
        }
    }

    @Test
    void aServerThatIsStoppedWhileItOpensItsStoreEndsWithZero() throws Exception {
        Path pipe = folder.resolve("regions");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        CompletableFuture<Shell.Result> served = CompletableFuture.supplyAsync(
                () -> Shell.run("serve", "--port", "0", "--db", ":memory:", "--example", pipe.toString()));

        try (OutputStream regions = Files.newOutputStream(pipe)) { // waits until the server reads
            StopSignal.raise();
            regions.write("{\"country\":\"CH\",\"id\":\"1\",\"name\":\"n\"}\n".getBytes(UTF_8));
        }

        assertThat(served.get(1, TimeUnit.MINUTES).code()).isZero();
    }

    private Shell.Result run(String words) {
        return Shell.run(words.replace("FOLDER", folder.toString()).split(" "));
    }
}
