package dev.holdfast.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The packaged server as an operator meets it: what it prints, whom it answers, how it ends. */
class ServeIT {
    private static final String KEY = "/keyval/api/keys/a";
    private static final List<String> PATHS = List.of(
            KEY,
            "/keyval/api/keys/count",
            "/v1/collections",
            "/health/live",
            "/health/ready",
            "/metrics",
            "/openapi.json",
            "/no/such/path");
    private static final List<String> WRITING = List.of("PUT", "POST", "DELETE", "PATCH");

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    Path folder;

    @Test
    void printsOneLineAndEndsWithZeroWhenItIsAskedToStop() throws Exception {
        try (ServerProcess server = ServerProcess.serve(folder)) {
            assertThat(send(server, "PUT", KEY, "1").statusCode()).isEqualTo(200);
            assertThat(send(server, "GET", KEY, "").body()).contains("\"value\":1");

            server.terminate();

            assertThat(server.awaitExit()).isZero();
            assertThat(server.out()).matches("listening on http://127\\.0\\.0\\.1:\\d+\n");
            assertThat(server.err()).isEmpty();
        }
    }

    @Test
    void answersWhatIsUnderWayBeforeItEndsAndTakesNothingNew() throws Exception {
        try (ServerProcess server = ServerProcess.serve(folder, "--stop-timeout", "5m");
                Socket slow = connect(server)) {
            String body = "\"written late\"";
            slow.getOutputStream()
                    .write(("PUT " + KEY + " HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
                                    + "Content-Length: " + body.length() + "\r\n\r\n")
                            .getBytes(US_ASCII));
            assertThat(new String(slow.getInputStream().readNBytes(25), US_ASCII))
                    .startsWith("HTTP/1.1 100"); // The handler waits for the body now.

            server.terminate();
            await().atMost(Duration.ofMinutes(1)).until(() -> refuses(server));
            slow.getOutputStream().write(body.getBytes(US_ASCII));
            String answer = new String(slow.getInputStream().readAllBytes(), US_ASCII);

            assertThat(answer).startsWith("HTTP/1.1 200");
            assertThat(server.awaitExit()).isZero();
        }
        assertThat(Shell.run("kv", "get", "a", "--db", folder.resolve("app.db").toString())
                        .out())
                .contains("written late");
    }

    @Test
    void asksEveryRequestForTheToken() throws Exception {
        try (ServerProcess server = ServerProcess.serve(folder, "--token", "open-sesame")) {
            for (String path : PATHS) {
                assertThat(send(server, "GET", path, "").statusCode()).as(path).isEqualTo(401);
                assertThat(send(server, "GET", path, "", "Authorization", "Bearer open-sesam")
                                .statusCode())
                        .as(path)
                        .isEqualTo(401);
            }
            assertThat(send(server, "PUT", KEY, "1").statusCode()).isEqualTo(401);

            String[] token = {"Authorization", "Bearer open-sesame"};
            assertThat(send(server, "GET", KEY, "", token).statusCode()).isEqualTo(404);
            assertThat(send(server, "PUT", KEY, "1", token).statusCode()).isEqualTo(200);
            assertThat(send(server, "GET", "/health/ready", "", token).statusCode())
                    .isEqualTo(200);
            assertThat(send(server, "GET", "/no/such/path", "", token).statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void takesTheTokenFromTheEnvironmentAndThenServesAnyHost() throws Exception {
        try (ServerProcess server = ServerProcess.start(
                folder,
                Map.of("HOLDFAST_TOKEN", "open-sesame", "HOLDFAST_DB", "app.db"),
                "serve",
                "--host",
                "0.0.0.0",
                "--port",
                "0")) {
            URI local = URI.create("http://127.0.0.1:" + server.awaitBase().getPort() + "/health/live");

            assertThat(send(local, "GET", "").statusCode()).isEqualTo(401);
            assertThat(send(local, "GET", "", "Authorization", "Bearer open-sesame")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(server.out()).doesNotContain("open-sesame");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --host 0.0.0.0|without a token the server listens on loopback only
                    --host no-such-host.invalid|no-such-host.invalid
                    --host 127.0.0.1 --token x --stop-timeout soon|500ms, 1.5h or 7d
                    --idle-timeout 7d|idleTimeout
                    --stop-timeout -1s|--stop-timeout
                    --prot 80|did you mean --port?
                    --cors-origin|--cors-origin
                    --tls-keystore none.p12|HOLDFAST_TLS_PASSWORD
                    """)
    void refusesAWrongFlagWithOneLine(String flags, String told) throws Exception {
        String[] words = ("serve --db app.db --port 0 " + flags).split(" ");
        try (ServerProcess server = ServerProcess.start(folder, Map.of(), words)) {
            assertThat(server.awaitExit()).as(server.err()).isEqualTo(2);
            assertThat(server.out()).isEmpty();
            assertThat(server.err().lines())
                    .singleElement()
                    .asString()
                    .startsWith("holdfast: ")
                    .contains(told);
        }
    }

    @Test
    void takesDurationsAsTheyAreWritten() throws Exception {
        try (ServerProcess server = ServerProcess.serve(
                folder, "--stop-timeout", "500ms", "--idle-timeout", "30s", "--ping-interval", "0.5m")) {
            assertThat(send(server, "GET", "/health/live", "").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void keepsForeignPagesFromWriting() throws Exception {
        try (ServerProcess server = ServerProcess.serve(folder)) {
            for (String method : WRITING) {
                var foreign = send(server, method, KEY, "1", "Origin", "https://evil.example");
                assertThat(foreign.statusCode()).as(method).isEqualTo(403);
                var local = send(server, method, KEY, "1", "Origin", "http://localhost:3000");
                assertThat(local.statusCode()).as(method).isNotEqualTo(403);
            }
            assertThat(send(server, "PUT", KEY, "1", "Origin", "https://evil.example")
                            .statusCode())
                    .isEqualTo(403);
            assertThat(send(server, "GET", "/health/live", "", "Origin", "https://evil.example")
                            .headers()
                            .firstValue("Access-Control-Allow-Origin"))
                    .isEmpty();
        }
    }

    @Test
    void letsPagesReadThatAFlagNames() throws Exception {
        try (ServerProcess server = ServerProcess.serve(
                folder,
                "--token",
                "t",
                "--cors-origin",
                "https://one.example",
                "--cors-origin",
                "https://two.example")) {
            String[] asOne = {"Authorization", "Bearer t", "Origin", "https://one.example"};
            String[] asOther = {"Authorization", "Bearer t", "Origin", "https://three.example"};

            assertThat(send(server, "PUT", KEY, "1", asOne).statusCode()).isEqualTo(200);
            assertThat(allowed(send(server, "GET", KEY, "", asOne))).isEqualTo("https://one.example");
            assertThat(allowed(send(server, "GET", KEY, "", asOther))).isEmpty();

            var preflight = send(
                    server,
                    "OPTIONS",
                    KEY,
                    "",
                    "Origin",
                    "https://two.example",
                    "Access-Control-Request-Method",
                    "PUT");
            assertThat(preflight.statusCode()).isBetween(200, 204);
            assertThat(allowed(preflight)).isEqualTo("https://two.example");
            assertThat(preflight.headers().firstValue("Access-Control-Allow-Methods"))
                    .hasValueSatisfying(methods -> assertThat(methods).contains("PUT"));
        }
    }

    private static String allowed(HttpResponse<String> answer) {
        return answer.headers().firstValue("Access-Control-Allow-Origin").orElse("");
    }

    private static Socket connect(ServerProcess server) throws IOException {
        URI base = server.awaitBase();
        return new Socket(base.getHost(), base.getPort());
    }

    private static boolean refuses(ServerProcess server) throws IOException {
        try (Socket socket = connect(server)) {
            return !socket.isConnected();
        } catch (ConnectException e) {
            return true;
        }
    }

    private HttpResponse<String> send(ServerProcess server, String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        return send(server.at(path), method, body, headers);
    }

    private HttpResponse<String> send(URI uri, String method, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).method(method, BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }
}
