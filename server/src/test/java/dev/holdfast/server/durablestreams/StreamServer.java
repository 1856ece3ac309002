package dev.holdfast.server.durablestreams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.Holdfast;
import dev.holdfast.server.HoldfastServer;
import dev.holdfast.server.StoreTokens;
import dev.holdfast.server.http.Authenticator;
import dev.holdfast.server.http.HttpServerOptions;
import dev.holdfast.server.http.TokenLookup;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A whole server over a store in memory, and a client for its streams. */
final class StreamServer implements AutoCloseable {
    /** The administrator's secret, where tokens are asked for. */
    static final String ADMIN = "the-administrators-secret";

    static final String TEXT = "text/plain";
    static final String JSON = "application/json";

    private static final Duration LIMIT = Duration.ofSeconds(30);

    // Jetty tells of every start and stop; kept in a field because loggers are held weakly.
    private static final Logger JETTY = Logger.getLogger("org.eclipse.jetty");

    static {
        JETTY.setLevel(Level.WARNING);
    }

    private final Holdfast holdfast = Holdfast.open(Holdfast.MEMORY);
    private final HoldfastServer server;
    private final HttpClient client;

    private StreamServer(
            HttpServerOptions http, DurableStreamsOptions streams, boolean tokens, HttpClient.Version version) {
        Authenticator rules = tokens
                ? Authenticator.bearer(TokenLookup.admin(ADMIN).or(StoreTokens.of(holdfast.tokens())))
                : Authenticator.none();
        server = HoldfastServer.start(holdfast, http.withPort(0), streams, rules);
        client = HttpClient.newBuilder().version(version).build();
    }

    /** Long-polls of a minute, so that a test that waits for one to end by itself fails. */
    static DurableStreamsOptions patient() {
        return DurableStreamsOptions.defaults().withLongPollTimeout(Duration.ofMinutes(1));
    }

    static StreamServer open() {
        return open(patient());
    }

    static StreamServer open(DurableStreamsOptions streams) {
        return open(HttpServerOptions.defaults(), streams);
    }

    static StreamServer open(HttpServerOptions http, DurableStreamsOptions streams) {
        return new StreamServer(http, streams, false, HttpClient.Version.HTTP_1_1);
    }

    static StreamServer open(HttpClient.Version version) {
        return open(patient(), version);
    }

    static StreamServer open(DurableStreamsOptions streams, HttpClient.Version version) {
        return new StreamServer(HttpServerOptions.defaults(), streams, false, version);
    }

    /** One that asks for tokens. */
    static StreamServer withTokens() {
        return withTokens(HttpServerOptions.defaults());
    }

    static StreamServer withTokens(HttpServerOptions http) {
        return new StreamServer(http, patient(), true, HttpClient.Version.HTTP_1_1);
    }

    static StreamServer withTokens(DurableStreamsOptions streams) {
        return new StreamServer(HttpServerOptions.defaults(), streams, true, HttpClient.Version.HTTP_1_1);
    }

    Holdfast store() {
        return holdfast;
    }

    HoldfastServer server() {
        return server;
    }

    URI at(String path) {
        return URI.create(server.baseUrl() + path);
    }

    /** A request of a stream; an empty body is none. */
    HttpResponse<String> send(String method, String stream, String body, String... headers)
            throws IOException, InterruptedException {
        return client.send(request(method, "/v1/stream/" + stream, body, headers), BodyHandlers.ofString());
    }

    HttpResponse<String> get(String stream, String... headers) throws IOException, InterruptedException {
        return send("GET", stream, "", headers);
    }

    /** Makes a stream of a type that must not be there. */
    HttpResponse<String> create(String stream, String type, String body) throws IOException, InterruptedException {
        HttpResponse<String> made = send("PUT", stream, body, "Content-Type", type);
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        return made;
    }

    /** Appends, which must succeed. */
    HttpResponse<String> append(String stream, String type, String body) throws IOException, InterruptedException {
        HttpResponse<String> done = send("POST", stream, body, "Content-Type", type);
        assertThat(done.statusCode()).as(done.body()).isEqualTo(204);
        return done;
    }

    /** A GET that answers later. */
    CompletableFuture<HttpResponse<String>> later(String stream) {
        return client.sendAsync(request("GET", "/v1/stream/" + stream, ""), BodyHandlers.ofString());
    }

    /** Opens an event stream; the caller closes it. */
    StreamEvents events(String stream, String... headers) throws IOException, InterruptedException {
        return new StreamEvents(
                client.send(request("GET", "/v1/stream/" + stream, "", headers), BodyHandlers.ofInputStream()));
    }

    HttpResponse<byte[]> bytes(String path, String... headers) throws IOException, InterruptedException {
        return client.send(request("GET", path, "", headers), BodyHandlers.ofByteArray());
    }

    HttpResponse<String> ask(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, BodyHandlers.ofString());
    }

    HttpRequest request(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(at(path))
                .timeout(LIMIT)
                .method(
                        method,
                        body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body.getBytes(UTF_8)));
        return (headers.length == 0 ? request : request.headers(headers)).build();
    }

    /** Waits until so many readers wait. */
    void awaitReaders(int count) {
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> server.http().metrics().scrape().contains("holdfast_streams_readers " + count + ".0\n"));
    }

    static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    static String next(HttpResponse<?> answer) {
        return header(answer, "Stream-Next-Offset");
    }

    @Override
    public void close() {
        server.close();
        holdfast.close();
        client.close();
    }
}
