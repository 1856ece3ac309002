package dev.holdfast.server.http;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** What all exchanges of one server share. */
final class HttpCore {
    private static final Duration FRAMES_PING_MAX = Duration.ofSeconds(5);

    private final HttpServerOptions options;
    private final Router router;
    private final Authenticator authenticator;
    private final Optional<BrowserRules> browserRules;
    private final HttpMetrics metrics;
    private final Executor executor;
    private final LongSupplier nanoTime;
    private final ScheduledThreadPoolExecutor timer;
    private final EventStreams streams;
    private final EventStreams frameStreams;
    private final Set<ParkedExchange> parked = ConcurrentHashMap.newKeySet();
    private final Connections connections;
    private final CallerRates rates;
    private final Logins logins;
    private final ActiveRequests active = new ActiveRequests();

    HttpCore(
            HttpServerOptions options,
            Router router,
            Authenticator authenticator,
            HttpMetrics metrics,
            Executor executor,
            LongSupplier nanoTime) {
        this.options = options;
        this.router = router;
        this.authenticator = authenticator;
        this.browserRules =
                authenticator.open() ? Optional.of(new BrowserRules(options.publicUrl())) : Optional.empty();
        this.metrics = metrics;
        this.executor = executor;
        this.nanoTime = nanoTime;
        this.timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "holdfast-http-timer");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        this.streams = new EventStreams(options.pingInterval());
        Duration ping = options.pingInterval();
        this.frameStreams = new EventStreams(ping.compareTo(FRAMES_PING_MAX) < 0 ? ping : FRAMES_PING_MAX);
        this.connections = new Connections(options.limits().connections());
        this.rates = new CallerRates(options.limits().requestsPerSecond(), nanoTime);
        this.logins = new Logins(authenticator.open() ? 0 : options.limits().requestsPerSecond(), nanoTime);
        metrics.gauge("holdfast.http.connections", "Open connections", connections::open);
        metrics.gauge("holdfast.http.streams", "Open event streams", () -> streams.open() + frameStreams.open());
        metrics.gauge("holdfast.http.active", "Requests without a complete answer", active::count);
    }

    HttpServerOptions options() {
        return options;
    }

    HttpLimits limits() {
        return options.limits();
    }

    Router router() {
        return router;
    }

    Authenticator authenticator() {
        return authenticator;
    }

    /** The rules for browsers; empty when a token is required. */
    Optional<BrowserRules> browserRules() {
        return browserRules;
    }

    HttpMetrics metrics() {
        return metrics;
    }

    EventStreams streams() {
        return streams;
    }

    /** The streams that are no server-sent events: their readers expect a sign of life sooner. */
    EventStreams frameStreams() {
        return frameStreams;
    }

    CallerRates rates() {
        return rates;
    }

    Logins logins() {
        return logins;
    }

    Connections connections() {
        return connections;
    }

    ActiveRequests active() {
        return active;
    }

    long nanoTime() {
        return nanoTime.getAsLong();
    }

    /** Runs a task on a virtual thread of its own. */
    void execute(Runnable task) {
        executor.execute(task);
    }

    /** Registers a parked request; it wakes when its time is over or the server stops. */
    ScheduledFuture<?> park(ParkedExchange request, Duration atMost) {
        parked.add(request);
        return timer.schedule(() -> request.wake(Parked.Wake.TIMEOUT), atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    void unpark(ParkedExchange request) {
        parked.remove(request);
    }

    /** Lets the heart of the streams beat. */
    void start() {
        streams.start(timer);
        frameStreams.start(timer);
    }

    /** Ends all streams in order and wakes all parked requests. */
    void release() {
        streams.close();
        frameStreams.close();
        parked.forEach(request -> request.wake(Parked.Wake.STOPPING));
    }

    void stop() {
        timer.shutdownNow();
    }
}
