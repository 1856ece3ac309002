package dev.holdfast.server;

import dev.holdfast.Holdfast;
import dev.holdfast.engine.HoldfastException;
import dev.holdfast.key.Key;
import dev.holdfast.server.collections.CollectionsMount;
import dev.holdfast.server.durablestreams.DurableStreamsMount;
import dev.holdfast.server.durablestreams.DurableStreamsOptions;
import dev.holdfast.server.durablestreams.SubscriptionsMount;
import dev.holdfast.server.durablestreams.WebhookCalls;
import dev.holdfast.server.health.HealthRoutes;
import dev.holdfast.server.health.MetricsRoute;
import dev.holdfast.server.http.Authenticator;
import dev.holdfast.server.http.HttpMetrics;
import dev.holdfast.server.http.HttpServer;
import dev.holdfast.server.http.HttpServerOptions;
import dev.holdfast.server.http.ListeningSocket;
import dev.holdfast.server.http.Mount;
import dev.holdfast.server.http.OpenApi;
import dev.holdfast.server.keyval.KeyvalMount;
import dev.holdfast.server.kvconnect.KvConnectMount;
import dev.holdfast.server.records.RecordsMount;
import java.net.URI;
import java.util.Optional;

/**
 * A store on the network: every protocol on one port.
 *
 * <p>The server owns neither the store nor its lifetime: close the server first, then the store.
 */
public final class HoldfastServer implements AutoCloseable {
    private final HttpServer http;
    private final WebhookCalls webhooks;

    private HoldfastServer(HttpServer http, WebhookCalls webhooks) {
        this.http = http;
        this.webhooks = webhooks;
    }

    /** Serves a store, streams with their defaults; see the other one. */
    public static HoldfastServer start(Holdfast holdfast, HttpServerOptions options, Authenticator authenticator) {
        return start(holdfast, options, DurableStreamsOptions.defaults(), authenticator);
    }

    /**
     * Serves a store. When this returns, connections are accepted.
     *
     * @param options where and how it listens
     * @param streams how streams are served
     * @param authenticator who may do what
     * @throws dev.holdfast.engine.InvalidInputException the address cannot be listened on, or it is not loopback and no
     *     token is asked for
     * @throws dev.holdfast.engine.ConflictException {@code http.port_in_use}: another program listens on the port
     */
    public static HoldfastServer start(
            Holdfast holdfast, HttpServerOptions options, DurableStreamsOptions streams, Authenticator authenticator) {
        return start(
                holdfast,
                HttpServer.builder(options),
                options,
                ProtocolOptions.defaults().withStreams(streams),
                authenticator);
    }

    /**
     * Serves a store on an address that was taken before; see the other one.
     *
     * @param socket taken with these options; the server gives it back when it is closed
     * @param protocols how each protocol is served
     */
    public static HoldfastServer start(
            Holdfast holdfast,
            ListeningSocket socket,
            HttpServerOptions options,
            ProtocolOptions protocols,
            Authenticator authenticator) {
        return start(holdfast, HttpServer.builder(options).socket(socket), options, protocols, authenticator);
    }

    private static HoldfastServer start(
            Holdfast holdfast,
            HttpServer.Builder builder,
            HttpServerOptions options,
            ProtocolOptions protocols,
            Authenticator authenticator) {
        DurableStreamsOptions streams = protocols.streams();
        HttpMetrics metrics = new HttpMetrics();
        StoreDurability.tell(holdfast, metrics);
        HttpServer http = builder.authenticator(authenticator)
                .metrics(metrics)
                .mount(Mount.at("", "server")
                        .routes(HealthRoutes.of(() -> notReady(holdfast)))
                        .route(MetricsRoute.of(metrics))
                        .route(OpenApi.route("Holdfast", version())))
                .mount(KeyvalMount.of(holdfast, protocols.keyval()))
                .mount(KvConnectMount.of(holdfast, protocols.denoKv()))
                .mount(CollectionsMount.of(holdfast))
                .mount(RecordsMount.of(holdfast, protocols.records()))
                .mount(DurableStreamsMount.of(holdfast, streams, options.corsOrigins(), metrics))
                .mount(SubscriptionsMount.of(holdfast, streams, options.corsOrigins()))
                .build();
        http.start();
        try {
            return new HoldfastServer(http, WebhookCalls.start(holdfast, streams));
        } catch (RuntimeException e) {
            http.close();
            throw e;
        }
    }

    /** The address that clients use, without a slash at its end. */
    public URI baseUrl() {
        return http.baseUrl();
    }

    /** The port it listens on. */
    public int port() {
        return http.port();
    }

    /** The HTTP layer, with its table of routes. */
    public HttpServer http() {
        return http;
    }

    /**
     * Ends streams in order, answers what runs, then stops; webhooks that are being called are called again by whoever
     * runs next. May be called again without effect.
     */
    @Override
    public void close() {
        webhooks.close();
        http.close();
    }

    /** What the jar says of itself; classes outside a jar have no version. */
    private static String version() {
        String version = HoldfastServer.class.getPackage().getImplementationVersion();
        return version == null ? "unpackaged" : version;
    }

    private static Optional<String> notReady(Holdfast holdfast) {
        try {
            holdfast.kv().get(Key.of("ready"));
            return Optional.empty();
        } catch (HoldfastException e) {
            return Optional.of("the store does not answer: " + e.code());
        }
    }
}
