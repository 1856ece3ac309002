package dev.holdfast.server.http;

import static java.util.Objects.requireNonNull;

import dev.holdfast.engine.ClosedException;
import dev.holdfast.engine.ConflictException;
import dev.holdfast.engine.InvalidInputException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An HTTP server: HTTP/1.1 and HTTP/2 on one port, in clear text (with prior knowledge and by upgrade) or with TLS (by
 * ALPN).
 *
 * {@snippet :
 * HttpServer server = HttpServer.builder(HttpServerOptions.defaults())
 *         .mount(Mount.at("/hello", "hello").route(Route.get("/{name}", "hello",
 *                 x -> x.respondText(200, "Hello " + x.pathParam("name")))))
 *         .build();
 * server.start();
 * }
 *
 * <p>Safe for use by many threads. It is started once and closed once.
 */
public final class HttpServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

    private final HttpCore core;
    private final Server server;
    private final ServerConnector connector;
    private final List<Runnable> closers;
    private final Optional<ListeningSocket> socket;
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();

    private HttpServer(Builder builder) {
        HttpServerOptions options = builder.options;
        Router router = Router.of(builder.mounts, options.corsOrigins());
        VirtualThreadPool threads = JettySetup.threads();
        this.server = new Server(threads);
        this.core = new HttpCore(options, router, builder.authenticator, builder.metrics, threads, System::nanoTime);
        this.connector = JettySetup.connect(server, core);
        this.closers = List.copyOf(builder.closers);
        this.socket = builder.socket;
    }

    /** Gathers what a server is made of. */
    public static Builder builder(HttpServerOptions options) {
        return new Builder(requireNonNull(options, "options"));
    }

    /**
     * Listens. When this returns, connections are accepted.
     *
     * @throws InvalidInputException the host is not loopback and no token is required, or host and port cannot be
     *     listened on, or the keystore's password is wrong
     * @throws ConflictException {@code http.port_in_use}: another program listens on the port; take another one
     * @throws ClosedException it was started or closed before
     */
    public void start() {
        if (closed.get() || !started.compareAndSet(false, true)) {
            throw new ClosedException("http.started_before", "a server can be started once only");
        }
        HttpServerOptions options = core.options();
        ListeningSocket.requireLoopback(options.host(), core.authenticator().open());
        try {
            if (socket.isPresent()) {
                connector.open(socket.get().channel());
            }
            server.start();
            core.start();
        } catch (Exception e) {
            close();
            throw ListeningSocket.cannotListen(options, e);
        }
        LOG.debug("listening on {}", baseUrl());
    }

    /** The port it listens on; of a server that was to take any, the one it took. */
    public int port() {
        int port = connector.getLocalPort();
        return port > 0 ? port : core.options().port();
    }

    /**
     * The address that clients use: the public url where one is set, else scheme, host and port. Without a slash at its
     * end.
     */
    public URI baseUrl() {
        HttpServerOptions options = core.options();
        if (options.publicUrl().isPresent()) {
            String url = options.publicUrl().get().toString();
            return URI.create(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
        }
        String scheme = options.tls().isPresent() ? "https" : "http";
        String host = options.host().contains(":") ? "[" + options.host() + "]" : options.host();
        return URI.create(scheme + "://" + host + ":" + port());
    }

    /** The table of routes. */
    public Router router() {
        return core.router();
    }

    /** What this server counts. */
    public HttpMetrics metrics() {
        return core.metrics();
    }

    /** Whether {@link #close()} has begun; new requests are refused with 503 from then on. */
    public boolean stopping() {
        return core.active().draining();
    }

    /**
     * Stops: refuses new connections, and new requests on those that are open, runs the closers in the order in which
     * they were added, ends all event streams in order and wakes all parked requests, waits for running ones up to the
     * stop timeout, then cuts what is left. More calls do nothing.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        connector.close();
        core.active().drain();
        for (Runnable closer : closers) {
            try {
                closer.run();
            } catch (RuntimeException e) {
                LOG.error("a closer failed; stopping goes on", e);
            }
        }
        core.release();
        boolean answered = awaitAnswers();
        try {
            JettySetup.stop(server, connector, answered);
        } catch (TimeoutException e) {
            LOG.debug("connections were closed before their clients had let go", e);
        } catch (Exception e) {
            LOG.error("the server did not stop cleanly", e);
        } finally {
            core.stop();
        }
    }

    private boolean awaitAnswers() {
        Duration atMost = core.options().stopTimeout();
        try {
            if (core.active().awaitDrained(atMost)) {
                return true;
            }
            LOG.warn(
                    "{} requests are cut because they were not answered within {}",
                    core.active().count(),
                    atMost);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.warn(
                    "{} requests are cut because stopping was interrupted",
                    core.active().count());
        }
        return false;
    }

    /** Gathers what a server is made of. Not safe for use by many threads. */
    public static final class Builder {
        private final HttpServerOptions options;
        private final List<Mount> mounts = new ArrayList<>();
        private final List<Runnable> closers = new ArrayList<>();
        private Authenticator authenticator = Authenticator.none();
        private HttpMetrics metrics = new HttpMetrics();
        private Optional<ListeningSocket> socket = Optional.empty();

        private Builder(HttpServerOptions options) {
            this.options = options;
        }

        /** Adds a mount. */
        public Builder mount(Mount mount) {
            mounts.add(requireNonNull(mount, "mount"));
            return this;
        }

        /** Says who may do what; without it nobody is asked for a token and only loopback is listened on. */
        public Builder authenticator(Authenticator rules) {
            authenticator = requireNonNull(rules, "rules");
            return this;
        }

        /** Counts here, so that a route made before the server can print it. */
        public Builder metrics(HttpMetrics counters) {
            metrics = requireNonNull(counters, "counters");
            return this;
        }

        /** Takes over an address that was taken with the same options; without it one is taken by starting. */
        public Builder socket(ListeningSocket taken) {
            socket = Optional.of(requireNonNull(taken, "taken"));
            return this;
        }

        /** Adds something to do when the server stops, before event streams are ended. */
        public Builder closer(Runnable action) {
            closers.add(requireNonNull(action, "action"));
            return this;
        }

        /**
         * The server, not yet listening.
         *
         * @throws InvalidInputException the keystore cannot be read
         * @throws IllegalArgumentException two mounts or routes contradict each other
         */
        public HttpServer build() {
            return new HttpServer(this);
        }
    }
}
