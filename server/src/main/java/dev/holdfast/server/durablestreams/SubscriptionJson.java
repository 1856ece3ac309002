package dev.holdfast.server.durablestreams;

import dev.holdfast.json.Json;
import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.StreamOffset;
import dev.holdfast.stream.SubscriptionInfo;
import dev.holdfast.stream.SubscriptionKey;
import dev.holdfast.stream.SubscriptionLink;
import dev.holdfast.stream.SubscriptionSpec;
import dev.holdfast.stream.SubscriptionWake;
import dev.holdfast.stream.WebhookDelivery;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Subscriptions as the protocol prints them. */
final class SubscriptionJson {
    private SubscriptionJson() {}

    /** A subscription as it stands. */
    static ObjectNode info(SubscriptionInfo info, Optional<SubscriptionKey> key, String address) {
        ObjectNode body = Json.mapper().createObjectNode();
        body.put("id", info.id()).put("subscription_id", info.id());
        switch (info.target()) {
            case SubscriptionSpec.Webhook webhook -> {
                body.put("type", SubscriptionRequests.WEBHOOK);
                ObjectNode signing =
                        body.putObject("webhook").put("url", webhook.url()).putObject("signing");
                signing.put("alg", "ed25519");
                key.ifPresent(known -> signing.put("kid", known.kid()));
                signing.put("jwks_url", address + "/__ds/jwks.json");
            }
            case SubscriptionSpec.PullWake wake ->
                body.put("type", SubscriptionRequests.PULL_WAKE).put("wake_stream", wake.stream());
        }
        info.pattern().ifPresent(pattern -> body.put("pattern", pattern));
        ArrayNode streams = body.putArray("streams");
        info.links().forEach(link -> streams.add(link(link)));
        if (info.more()) {
            body.put("streams_after", info.links().getLast().path());
        }
        body.put("lease_ttl_ms", info.lease().toMillis())
                .put("created_at", info.createdAt().toString())
                .put("status", info.failed() ? "failed" : "active");
        info.description().ifPresent(text -> body.put("description", text));
        return body;
    }

    private static ObjectNode link(SubscriptionLink link) {
        return Json.mapper()
                .createObjectNode()
                .put("path", link.path())
                .put("link_type", link.named() ? "explicit" : "glob")
                .put("acked_offset", offset(link.acked()));
    }

    private static String offset(long offset) {
        return offset == DurableStream.BEGINNING ? "-1" : StreamOffset.text(offset);
    }

    /** What a webhook is told. */
    static ObjectNode notification(WebhookDelivery delivery) {
        SubscriptionWake wake = delivery.wake();
        ObjectNode body = Json.mapper()
                .createObjectNode()
                .put("subscription_id", wake.subscription())
                .put("wake_id", wake.wakeId())
                .put("generation", wake.generation());
        body.set("streams", streams(wake.links()));
        String id =
                URLEncoder.encode(wake.subscription(), StandardCharsets.UTF_8).replace("+", "%20");
        return body.put("callback_url", delivery.address() + "/__ds/subscriptions/" + id + "/callback")
                .put("callback_token", wake.token());
    }

    /** What a worker has claimed. */
    static ObjectNode claimed(SubscriptionWake wake) {
        ObjectNode body = Json.mapper()
                .createObjectNode()
                .put("wake_id", wake.wakeId())
                .put("generation", wake.generation())
                .put("token", wake.token());
        body.set("streams", streams(wake.links()));
        return body.put("lease_ttl_ms", wake.lease().toMillis());
    }

    private static ArrayNode streams(List<SubscriptionLink> links) {
        ArrayNode streams = Json.mapper().createArrayNode();
        links.forEach(link ->
                streams.add(link(link).put("tail_offset", offset(link.tail())).put("has_pending", link.pending())));
        return streams;
    }

    /** The keys that webhooks are checked with. */
    static ObjectNode keys(Optional<SubscriptionKey> key) {
        ObjectNode body = Json.mapper().createObjectNode();
        ArrayNode keys = body.putArray("keys");
        key.ifPresent(known -> keys.addObject()
                .put("kty", "OKP")
                .put("crv", "Ed25519")
                .put("x", known.x())
                .put("kid", known.kid())
                .put("use", "sig")
                .put("alg", "EdDSA"));
        return body;
    }
}
