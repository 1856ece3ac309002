package dev.holdfast.server.durablestreams;

import static dev.holdfast.server.http.ContentType.JSON;

import dev.holdfast.Holdfast;
import dev.holdfast.server.http.ContentType;
import dev.holdfast.server.http.HttpHandler;
import dev.holdfast.server.http.Mount;
import dev.holdfast.server.http.Param;
import dev.holdfast.server.http.Route;
import dev.holdfast.server.http.Scope;
import java.util.List;

/** Subscriptions of durable streams as a mount, below the names that the protocol reserves. */
public final class SubscriptionsMount {
    /** Where the reserved names are. */
    public static final String BASE = DurableStreamsMount.BASE + "/__ds";

    private static final String ONE = "/subscriptions/{" + SubscriptionRoutes.ID + "}";

    private static final String NAMED = "/streams/{" + SubscriptionRoutes.STREAM + "...}";

    private SubscriptionsMount() {}

    /**
     * The mount over a store. Somebody must run a {@link WebhookCalls} beside it.
     *
     * @param corsOrigins as of {@link DurableStreamsMount#of}
     */
    public static Mount of(Holdfast holdfast, DurableStreamsOptions options, List<String> corsOrigins) {
        SubscriptionRoutes routes = new SubscriptionRoutes(
                holdfast, DurableStreamsMount.BASE, new WebhookTargets(options.loopbackWebhooks()));
        return Mount.at(BASE, "subscriptions")
                .errors(SubscriptionRefusals::render)
                .cors(WireHeaders.cors(corsOrigins))
                .route(create(routes))
                .route(route("GET", "", "subscription", routes::get)
                        .summary("Tells what a subscription is and how far its streams were processed")
                        .param(Param.query("after", Param.Type.STRING, "only streams whose names come after this one"))
                        .answer(200, JSON, "the subscription")
                        .answer(404, JSON, "there is none"))
                .route(route("DELETE", "", "deleteSubscription", routes::delete)
                        .summary("Deletes a subscription")
                        .answer(204, "there is none any more"))
                .route(route("POST", "/streams", "linkStreams", routes::link)
                        .summary("Adds streams to a subscription by their names")
                        .body(JSON, "streams: their paths")
                        .answer(204, "they belong to it")
                        .answer(404, JSON, "there is no such subscription"))
                .route(route("DELETE", NAMED, "unlinkStream", routes::unlink)
                        .summary("Takes a stream out of a subscription, unless its pattern keeps it")
                        .param(Param.path(SubscriptionRoutes.STREAM, "the name of the stream"))
                        .answer(204, "it is not there by its name")
                        .answer(404, JSON, "there is no such subscription"))
                .route(claim(routes))
                .route(acknowledge("/callback", "callbackSubscription", routes::callback)
                        .summary("Acknowledges what a webhook was told; the bearer's token is that of the wake"))
                .route(acknowledge("/ack", "ackSubscription", routes::ack)
                        .summary("Acknowledges what a worker has claimed; the bearer's token is that of the claim"))
                .route(acknowledge("/release", "releaseSubscription", routes::release)
                        .summary("Gives a claim back; the bearer's token is that of the claim")
                        .answer(204, "it was given back"))
                .route(Route.of("GET", "/jwks.json", "subscriptionKeys", SubscriptionRefusals.told(routes::keys))
                        .forAnybody()
                        .summary("The keys that webhooks are checked with")
                        .answer(200, ContentType.of("application/jwk-set+json"), "a set of JSON Web Keys"));
    }

    private static Route create(SubscriptionRoutes routes) {
        return route("PUT", "", "createSubscription", routes::create)
                .summary("Makes a subscription, or confirms one that was made in the same way")
                .body(JSON, "type, pattern, streams, webhook.url or wake_stream, lease_ttl_ms, description")
                .answer(201, JSON, "it was made")
                .answer(200, JSON, "there is one that was made in the same way")
                .answer(409, JSON, "there is one that was made otherwise");
    }

    private static Route claim(SubscriptionRoutes routes) {
        return route("POST", "/claim", "claimSubscription", routes::claim)
                .needs(Scope.WRITE)
                .summary("Gives a worker the lease of a subscription")
                .body(JSON, "worker: its name")
                .answer(200, JSON, "the wake, and a token for it")
                .answer(404, JSON, "there is no such subscription")
                .answer(409, JSON, "another worker has it, or there is nothing to do");
    }

    private static Route acknowledge(String below, String id, HttpHandler handler) {
        return route("POST", below, id, handler)
                .forAnybody()
                .body(JSON, "wake_id, generation, acks of a stream and an offset each, done")
                .answer(200, JSON, "whether somebody will be woken again")
                .answer(401, JSON, "the token is none of this subscription, or too old")
                .answer(404, JSON, "there is no such subscription")
                .answer(409, JSON, "the wake is over, or an offset cannot be the next one");
    }

    private static Route route(String method, String below, String id, HttpHandler handler) {
        return Route.of(method, ONE + below, id, SubscriptionRefusals.told(handler))
                .param(Param.path(SubscriptionRoutes.ID, "the id of the subscription"));
    }
}
