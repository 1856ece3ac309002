package dev.holdfast.server.durablestreams;

import dev.holdfast.Holdfast;
import dev.holdfast.json.Json;
import dev.holdfast.server.http.ContentType;
import dev.holdfast.server.http.Exchange;
import dev.holdfast.server.http.Percent;
import dev.holdfast.stream.SubscriptionCreated;
import dev.holdfast.stream.SubscriptionInfo;
import dev.holdfast.stream.SubscriptionKey;
import dev.holdfast.stream.SubscriptionWake;
import dev.holdfast.stream.Subscriptions;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The requests about subscriptions. */
final class SubscriptionRoutes {
    /** The name of the path parameter with a subscription's id. */
    static final String ID = "id";

    /** The name of the path parameter with a stream's name. */
    static final String STREAM = "stream";

    private static final ContentType KEYS = ContentType.of("application/jwk-set+json");
    private static final String NAMESPACE = "/ns/";

    private final Holdfast holdfast;
    private final String base;
    private final WebhookTargets targets;

    SubscriptionRoutes(Holdfast holdfast, String base, WebhookTargets targets) {
        this.holdfast = holdfast;
        this.base = base;
        this.targets = targets;
    }

    void create(Exchange exchange) throws IOException {
        Subscriptions subscriptions = subscriptions(exchange);
        JsonNode body = SubscriptionRequests.body(exchange);
        SubscriptionCreated made =
                subscriptions.create(id(exchange), SubscriptionRequests.spec(body, targets), address(exchange));
        exchange.respondJson(
                made.created() ? 201 : 200, SubscriptionJson.info(made.info(), subscriptions.key(), address(exchange)));
    }

    void get(Exchange exchange) {
        Subscriptions subscriptions = subscriptions(exchange);
        Optional<SubscriptionInfo> info =
                subscriptions.find(id(exchange), exchange.queryParam("after").orElse(""));
        if (info.isEmpty()) {
            SubscriptionRefusals.notFound(exchange);
            return;
        }
        exchange.setHeader("Cache-Control", "no-store");
        exchange.respondJson(200, SubscriptionJson.info(info.get(), subscriptions.key(), address(exchange)));
    }

    void delete(Exchange exchange) {
        subscriptions(exchange).delete(id(exchange));
        exchange.respond(204);
    }

    void link(Exchange exchange) throws IOException {
        JsonNode body = SubscriptionRequests.body(exchange);
        subscriptions(exchange).link(id(exchange), SubscriptionRequests.paths(body));
        exchange.respond(204);
    }

    void unlink(Exchange exchange) {
        subscriptions(exchange).unlink(id(exchange), SubscriptionRequests.path(exchange.pathParam(STREAM)));
        exchange.respond(204);
    }

    void claim(Exchange exchange) throws IOException {
        JsonNode body = SubscriptionRequests.body(exchange);
        SubscriptionWake wake = subscriptions(exchange).claim(id(exchange), SubscriptionRequests.worker(body));
        exchange.respondJson(200, SubscriptionJson.claimed(wake));
    }

    void callback(Exchange exchange) throws IOException {
        String token = SubscriptionRequests.token(exchange);
        Subscriptions subscriptions = byToken(exchange, token);
        JsonNode body = SubscriptionRequests.body(exchange);
        acknowledged(
                exchange,
                subscriptions.callback(
                        id(exchange),
                        SubscriptionRequests.receipt(token, body),
                        SubscriptionRequests.acks(body),
                        SubscriptionRequests.done(body)));
    }

    void ack(Exchange exchange) throws IOException {
        String token = SubscriptionRequests.token(exchange);
        Subscriptions subscriptions = byToken(exchange, token);
        JsonNode body = SubscriptionRequests.body(exchange);
        acknowledged(
                exchange,
                subscriptions.ack(
                        id(exchange),
                        SubscriptionRequests.receipt(token, body),
                        SubscriptionRequests.acks(body),
                        SubscriptionRequests.done(body)));
    }

    void release(Exchange exchange) throws IOException {
        String token = SubscriptionRequests.token(exchange);
        Subscriptions subscriptions = byToken(exchange, token);
        subscriptions.release(id(exchange), SubscriptionRequests.receipt(token, SubscriptionRequests.body(exchange)));
        exchange.respond(204);
    }

    private static void acknowledged(Exchange exchange, boolean more) {
        exchange.respondJson(
                200, Json.mapper().createObjectNode().put("ok", true).put("next_wake", more));
    }

    void keys(Exchange exchange) {
        Optional<SubscriptionKey> key = subscriptions(exchange).key();
        exchange.setHeader("Cache-Control", key.isPresent() ? "public, max-age=300" : "no-store");
        exchange.respond(200, KEYS, Json.bytes(SubscriptionJson.keys(key)));
    }

    private static String id(Exchange exchange) {
        return exchange.pathParam(ID);
    }

    private Subscriptions subscriptions(Exchange exchange) {
        return holdfast.namespace(exchange.namespace()).present().subscriptions();
    }

    /** The subscriptions of the namespace that a token of a wake names, once it is proved; nothing was read before. */
    private Subscriptions byToken(Exchange exchange, String token) {
        Subscriptions.namespaceOf(token).ifPresent(exchange::enter);
        Subscriptions subscriptions = subscriptions(exchange);
        subscriptions.requireToken(id(exchange), token);
        return subscriptions;
    }

    /** The mount as this client writes it, with the namespace in it unless that is the default one. */
    private String address(Exchange exchange) {
        String url = exchange.url();
        String below = exchange.path();
        String server = url.endsWith(below) ? url.substring(0, url.length() - below.length()) : url;
        String namespace = exchange.namespace();
        boolean named = namespace.equals("default") || namesNamespace(server, namespace);
        return server + (named ? "" : NAMESPACE + encoded(namespace)) + base;
    }

    private static boolean namesNamespace(String server, String namespace) {
        int at = server.lastIndexOf(NAMESPACE);
        return at >= 0
                && Percent.decodePath(server.substring(at + NAMESPACE.length())).equals(namespace);
    }

    private static String encoded(String namespace) {
        return URLEncoder.encode(namespace, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
