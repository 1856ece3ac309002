package dev.holdfast.server.http;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * What a server counts, as Prometheus reads it.
 *
 * <p>{@code holdfast_http_requests_seconds} is a histogram per route template, method and hundred of statuses; its
 * count is the number of requests. An event stream is counted when it opens, a parked request when it is answered, a
 * path without a route as {@code route="none"}. {@code holdfast_http_connections}, {@code holdfast_http_streams} and
 * {@code holdfast_http_active} are the open connections, open event streams and unanswered requests of now. Safe for
 * use by many threads.
 */
public final class HttpMetrics {
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2500),
        Duration.ofSeconds(5)
    };

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final RouteMeters unrouted = new RouteMeters();

    /** Counters at zero. One server uses them; whoever has more to count adds meters to the registry. */
    public HttpMetrics() {}

    /** Where all meters of the server are. */
    public PrometheusMeterRegistry registry() {
        return registry;
    }

    /** The page that Prometheus reads, text format 0.0.4, ending with a line break. */
    public String scrape() {
        return registry.scrape();
    }

    RouteMeters unrouted() {
        return unrouted;
    }

    void gauge(String name, String help, IntSupplier value) {
        Gauge.builder(name, value, IntSupplier::getAsInt)
                .description(help)
                .strongReference(true)
                .register(registry);
    }

    void record(RouteMeters meters, String method, String template, int status, long nanos) {
        int hundred = Math.clamp(status / 100, 1, 5);
        Timer timer = meters.timers().get(hundred);
        if (timer == null) {
            timer = register(method, template, hundred);
            meters.timers().set(hundred, timer);
        }
        timer.record(nanos, TimeUnit.NANOSECONDS);
    }

    // Registering twice returns the meter that is there, so two first requests at once do no harm.
    private Timer register(String method, String template, int hundred) {
        return Timer.builder("holdfast.http.requests")
                .description("Requests by route and hundred of statuses")
                .tags("route", template, "method", method, "status", hundred + "xx")
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }
}
