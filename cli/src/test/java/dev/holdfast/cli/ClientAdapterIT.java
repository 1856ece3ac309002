package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The packaged adapter answers a line for each line, as the client suite asks it to. */
class ClientAdapterIT {
    @TempDir
    Path folder;

    @Test
    void answersALineForEachLine() throws Exception {
        try (ServerProcess server = ServerProcess.serve(folder)) {
            List<JsonNode> answers = run(
                    "{\"type\":\"init\",\"serverUrl\":\"" + server.awaitBase() + "\"}",
                    "{\"type\":\"create\",\"path\":\"/v1/stream/a\",\"contentType\":\"text/plain\"}",
                    "{\"type\":\"append\",\"path\":\"/v1/stream/a\",\"data\":\"hello\"}",
                    "{\"type\":\"read\",\"path\":\"/v1/stream/a\",\"live\":\"sse\",\"waitForUpToDate\":true}",
                    "{\"type\":\"shutdown\"}");

            assertThat(answers)
                    .extracting(answer -> answer.path("type").asString(""))
                    .containsExactly("init", "create", "append", "read", "shutdown");
            assertThat(answers.get(3).path("chunks").path(0).path("data").asString(""))
                    .isEqualTo("hello");
        }
    }

    private List<JsonNode> run(String... lines) throws Exception {
        String launcher =
                LauncherSandbox.launcher().toAbsolutePath().normalize().toString();
        ProcessBuilder program = new ProcessBuilder(launcher, "client-adapter")
                .directory(folder.toFile())
                .redirectError(folder.resolve("adapter.err").toFile());
        program.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process adapter = program.start();
        try {
            adapter.getOutputStream().write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
            adapter.getOutputStream().flush();
            String out = new String(adapter.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(adapter.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(adapter.exitValue()).isZero();
            return out.lines().map(Json::parse).toList();
        } finally {
            adapter.destroyForcibly();
        }
    }
}
