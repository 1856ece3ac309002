package dev.holdfast.server.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.server.http.HttpMetrics;
import dev.holdfast.server.http.HttpServer;
import dev.holdfast.server.http.HttpServerOptions;
import dev.holdfast.server.http.Mount;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HealthTest {
    private final AtomicReference<Optional<String>> notReady = new AtomicReference<>(Optional.empty());
    private final HttpMetrics metrics = new HttpMetrics();
    private final HttpServer server = HttpServer.builder(
                    HttpServerOptions.defaults().withPort(0))
            .metrics(metrics)
            .mount(Mount.at("", "health").routes(HealthRoutes.of(notReady::get)).route(MetricsRoute.of(metrics)))
            .build();
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeEach
    void start() {
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
        client.close();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(server.baseUrl() + path)).build(), BodyHandlers.ofString());
    }

    @Test
    void aServerThatAnswersIsAlive() throws Exception {
        notReady.set(Optional.of("the database is being restored"));

        var live = get("/health/live");

        assertThat(live.statusCode()).isEqualTo(200);
        assertThat(live.body()).isEqualTo("{\"status\":\"up\"}");
        assertThat(live.headers().firstValue("cache-control")).contains("no-store");
    }

    @Test
    void readinessIsAskedForEachTime() throws Exception {
        assertThat(get("/health/ready").statusCode()).isEqualTo(200);

        notReady.set(Optional.of("the database is being restored"));

        var down = get("/health/ready");
        assertThat(down.statusCode()).isEqualTo(503);
        assertThat(down.body()).isEqualTo("{\"status\":\"down\",\"reason\":\"the database is being restored\"}");
        notReady.set(Optional.empty());
        assertThat(get("/health/ready").body()).isEqualTo("{\"status\":\"up\"}");
    }

    @Test
    void printsItsCountersForPrometheus() throws Exception {
        get("/health/live");

        var page = get("/metrics");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("content-type")).contains("text/plain; version=0.0.4; charset=utf-8");
        assertThat(page.body())
                .contains("holdfast_http_requests_seconds_count"
                        + "{method=\"GET\",route=\"/health/live\",status=\"2xx\"} 1\n")
                .endsWith("\n");
    }
}
