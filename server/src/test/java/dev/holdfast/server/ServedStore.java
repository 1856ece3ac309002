package dev.holdfast.server;

import dev.holdfast.Holdfast;
import dev.holdfast.access.NewToken;
import dev.holdfast.json.Json;
import dev.holdfast.server.http.Authenticator;
import dev.holdfast.server.http.HttpServerOptions;
import dev.holdfast.server.http.TokenLookup;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;
import tools.jackson.databind.JsonNode;

/** A whole server over a store, which asks for tokens, and a client for it. */
final class ServedStore implements AutoCloseable {
    /** The administrator's secret. */
    static final String ADMIN = "the-administrators-secret";

    // Jetty tells of every start and stop; kept in a field because loggers are held weakly.
    private static final Logger JETTY = Logger.getLogger("org.eclipse.jetty");

    static {
        JETTY.setLevel(Level.WARNING);
    }

    private final Holdfast holdfast;
    private final HoldfastServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    ServedStore(String db, HttpServerOptions options) {
        holdfast = Holdfast.open(db);
        server = HoldfastServer.start(
                holdfast,
                options.withPort(0),
                Authenticator.bearer(TokenLookup.admin(ADMIN).or(StoreTokens.of(holdfast.tokens()))));
    }

    Holdfast store() {
        return holdfast;
    }

    HoldfastServer server() {
        return server;
    }

    /** Makes a token and returns its secret. */
    String secret(NewToken token) {
        return holdfast.tokens().create(token).secret();
    }

    /** A request of the KeyVal interface by the bearer of a secret; an empty body is none. */
    Answer keyval(String secret, String method, String path, String body) throws IOException, InterruptedException {
        return ask(secret, method, "/keyval/api" + path, body);
    }

    Answer ask(String secret, String method, String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(request(secret, method, path, body), BodyHandlers.ofString());
        return new Answer(answer.statusCode(), answer.body());
    }

    /** A request whose body is sent when its handler waits for it and something else has happened. */
    Answer askSlowly(String secret, String method, String path, String body, Runnable before)
            throws IOException, InterruptedException {
        BodyPublisher slow = BodyPublishers.ofInputStream(() -> {
            before.run();
            return new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8));
        });
        // The server asks for the body when the handler does.
        HttpRequest request = HttpRequest.newBuilder(request(secret, method, path, ""), (name, value) -> true)
                .expectContinue(true)
                .method(method, slow)
                .build();
        HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
        return new Answer(answer.statusCode(), answer.body());
    }

    /** Opens a stream; the caller closes it. */
    InputStream open(String secret, String path) throws IOException, InterruptedException {
        return client.send(request(secret, "GET", path, ""), BodyHandlers.ofInputStream())
                .body();
    }

    private HttpRequest request(String secret, String method, String path, String body) {
        return HttpRequest.newBuilder(URI.create(server.baseUrl() + path))
                .timeout(Duration.ofSeconds(20))
                .header("Authorization", "Bearer " + secret)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
    }

    @Override
    public void close() {
        server.close();
        holdfast.close();
        client.close();
    }

    /** A status and a body. */
    record Answer(int status, String text) {
        JsonNode json() {
            return Json.parse(text);
        }
    }
}
