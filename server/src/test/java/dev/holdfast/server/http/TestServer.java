package dev.holdfast.server.http;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A server on a free port, with a client for it. */
final class TestServer implements AutoCloseable {
    // Jetty tells of every start and stop; kept in a field because loggers are held weakly.
    private static final Logger JETTY = Logger.getLogger("org.eclipse.jetty");

    static {
        JETTY.setLevel(Level.WARNING);
    }

    final HttpServer http;
    final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(20))
            .build();

    TestServer(HttpServerOptions options, UnaryOperator<HttpServer.Builder> setUp) {
        http = setUp.apply(HttpServer.builder(options)).build();
        http.start();
    }

    static HttpServerOptions options() {
        return HttpServerOptions.defaults().withPort(0);
    }

    /** A server with some routes at its root. */
    static TestServer of(Route... routes) {
        return new TestServer(options(), b -> b.mount(root(routes)));
    }

    static Mount root(Route... routes) {
        Mount mount = Mount.at("", "test");
        for (Route route : routes) {
            mount = mount.route(route);
        }
        return mount;
    }

    RawClient raw() throws IOException {
        return new RawClient(http.port());
    }

    /** One request on a connection of its own. */
    RawClient.Answer ask(String method, String target, String... headers) throws IOException {
        try (RawClient raw = raw()) {
            return raw.ask(method, target, headers);
        }
    }

    HttpRequest.Builder request(String target) {
        return HttpRequest.newBuilder(URI.create(http.baseUrl() + target)).timeout(Duration.ofSeconds(20));
    }

    HttpResponse<String> get(String target) throws IOException, InterruptedException {
        return client.send(request(target).build(), BodyHandlers.ofString());
    }

    HttpResponse<String> post(String target, byte[] body) throws IOException, InterruptedException {
        return client.send(
                request(target)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build(),
                BodyHandlers.ofString());
    }

    @Override
    public void close() {
        http.close();
        client.close();
    }
}
