package dev.holdfast.server.durablestreams;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import dev.holdfast.server.http.Exchange;
import dev.holdfast.stream.StreamOffset;
import dev.holdfast.stream.SubscriptionAck;
import dev.holdfast.stream.SubscriptionLimits;
import dev.holdfast.stream.SubscriptionReceipt;
import dev.holdfast.stream.SubscriptionSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/** The bodies of requests about subscriptions. */
final class SubscriptionRequests {
    static final String WEBHOOK = "webhook";
    static final String PULL_WAKE = "pull-wake";

    private static final int BODY_BYTES_MAX = 4 << 20;
    private static final String BEARER = "Bearer ";

    private SubscriptionRequests() {}

    /** How a subscription is made. */
    static SubscriptionSpec spec(JsonNode body, WebhookTargets targets) {
        Duration lease = SubscriptionSpec.LEASE_DEFAULT;
        JsonNode millis = body.path("lease_ttl_ms");
        if (!missing(millis)) {
            lease = Duration.ofMillis(number("lease_ttl_ms", millis, SubscriptionLimits.LEASE_MAX.toMillis() + 1));
        }
        return new SubscriptionSpec(
                text(body, "pattern").map(SubscriptionRequests::path),
                missing(body.path("streams")) ? List.of() : paths(body),
                target(body, targets),
                lease,
                text(body, "description"));
    }

    private static SubscriptionSpec.Target target(JsonNode body, WebhookTargets targets) {
        String type = text(body, "type").orElse("");
        return switch (type) {
            case WEBHOOK -> {
                String url = text(body.path("webhook"), "url")
                        .orElseThrow(() -> malformed("a subscription with a webhook needs webhook.url"));
                targets.requireUrl(url);
                yield new SubscriptionSpec.Webhook(url);
            }
            case PULL_WAKE ->
                new SubscriptionSpec.PullWake(path(text(body, "wake_stream")
                        .orElseThrow(() -> malformed("a subscription that is claimed needs wake_stream"))));
            default -> throw malformed("the type of a subscription is webhook or pull-wake");
        };
    }

    /** The streams that a body names. */
    static List<String> paths(JsonNode body) {
        JsonNode streams = body.path("streams");
        if (!streams.isArray()) {
            throw malformed("streams is an array of paths");
        }
        List<String> paths = new ArrayList<>();
        for (JsonNode stream : streams) {
            if (!stream.isString()) {
                throw malformed("streams is an array of paths");
            }
            paths.add(path(stream.stringValue()));
        }
        return paths;
    }

    /** A path without the slashes around it. */
    static String path(String text) {
        int begin = 0;
        int end = text.length();
        while (begin < end && text.charAt(begin) == '/') {
            begin++;
        }
        while (end > begin && text.charAt(end - 1) == '/') {
            end--;
        }
        return text.substring(begin, end);
    }

    /** Who claims. */
    static String worker(JsonNode body) {
        return text(body, "worker").orElseThrow(() -> malformed("a claim needs the name of its worker"));
    }

    /** What somebody shows who was woken. */
    static SubscriptionReceipt receipt(String token, JsonNode body) {
        JsonNode generation = body.path("generation");
        if (missing(generation)) {
            throw malformed("generation is missing");
        }
        return new SubscriptionReceipt(
                token,
                text(body, "wake_id").orElseThrow(() -> malformed("wake_id is missing")),
                number("generation", generation, Long.MAX_VALUE));
    }

    /** The token of a wake; empty when there is none. */
    static String token(Exchange exchange) {
        return exchange.header("Authorization")
                .filter(header -> header.regionMatches(true, 0, BEARER, 0, BEARER.length()))
                .map(header -> header.substring(BEARER.length()).strip())
                .orElse("");
    }

    /** How far streams were processed. */
    static List<SubscriptionAck> acks(JsonNode body) {
        JsonNode acks = body.path("acks");
        if (missing(acks)) {
            return List.of();
        }
        if (!acks.isArray()) {
            throw malformed("acks is an array of a stream and an offset each");
        }
        List<SubscriptionAck> all = new ArrayList<>();
        for (JsonNode ack : acks) {
            String stream = text(ack, "stream")
                    .or(() -> text(ack, "path"))
                    .orElseThrow(() -> malformed("an acknowledgement needs a stream"));
            String offset = text(ack, "offset").orElseThrow(() -> malformed("an acknowledgement needs an offset"));
            OptionalLong place = StreamOffset.parse(offset);
            // What is no offset is below all of them, and refused as such.
            all.add(new SubscriptionAck(path(stream), place.orElse(-1)));
        }
        return all;
    }

    /** Whether everything is done. */
    static boolean done(JsonNode body) {
        JsonNode done = body.path("done");
        if (!missing(done) && !done.isBoolean()) {
            throw malformed("done is true or false");
        }
        return done.isBoolean() && done.booleanValue();
    }

    /** The body of a request, an object. */
    static JsonNode body(Exchange exchange) throws IOException {
        byte[] bytes = exchange.body(BODY_BYTES_MAX);
        JsonNode body = Json.parse(bytes);
        if (!body.isObject()) {
            throw malformed("the body is a JSON object");
        }
        return body;
    }

    private static Optional<String> text(JsonNode body, String name) {
        JsonNode value = body.path(name);
        if (missing(value)) {
            return Optional.empty();
        }
        if (!value.isString()) {
            throw malformed(name + " is a text");
        }
        return Optional.of(value.stringValue());
    }

    private static long number(String name, JsonNode value, long max) {
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() > max) {
            throw malformed(name + " is a whole number within its range");
        }
        return value.longValue();
    }

    private static boolean missing(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    static InvalidInputException malformed(String message) {
        return new InvalidInputException("subscription.request", message);
    }
}
