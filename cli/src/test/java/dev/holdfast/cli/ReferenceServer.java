package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The published reference server of Durable Streams, in a process of its own; it can be told to fail. */
final class ReferenceServer implements AutoCloseable {
    private final Process process;
    private final URI address;

    /** Starts it; its packages are installed the first time. */
    static ReferenceServer start(Path folder) throws IOException {
        Path script = LauncherSandbox.launcher()
                .resolve("../../conformance/durable-streams-client/serve")
                .toAbsolutePath()
                .normalize();
        Path err = folder.resolve("reference.err");
        Process process = new ProcessBuilder(script.toString())
                .redirectError(err.toFile())
                .start();
        // Not closed: the server may go on to write.
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        if (line == null) {
            process.destroyForcibly();
            throw new IOException("the reference server does not start: " + Files.readString(err));
        }
        return new ReferenceServer(process, URI.create(line));
    }

    private ReferenceServer(Process process, URI address) {
        this.process = process;
        this.address = address;
    }

    /** Where its streams are. */
    URI base() {
        return address.resolve("/v1/stream");
    }

    /** What happens to the next requests for a stream, in its own words. */
    void inject(String stream, String members) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(address.resolve("/_test/inject-error"))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{\"path\":\"/v1/stream/" + stream + "\"," + members + "}"))
                    .build();
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
