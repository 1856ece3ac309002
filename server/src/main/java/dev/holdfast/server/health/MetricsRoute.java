package dev.holdfast.server.health;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.holdfast.server.http.ContentType;
import dev.holdfast.server.http.HttpMetrics;
import dev.holdfast.server.http.Route;

/** The page of counters that Prometheus reads. */
public final class MetricsRoute {
    private static final ContentType PROMETHEUS = ContentType.of("text/plain; version=0.0.4; charset=utf-8");

    private MetricsRoute() {}

    /** {@code GET /metrics}, to be put on the root mount. */
    public static Route of(HttpMetrics metrics) {
        requireNonNull(metrics, "metrics");
        return Route.get(
                        "/metrics",
                        "metrics",
                        x -> x.respond(200, PROMETHEUS, metrics.scrape().getBytes(UTF_8)))
                .summary("Counters of this server")
                .answer(200, PROMETHEUS, "Prometheus text format");
    }
}
