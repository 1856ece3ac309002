package dev.holdfast.server.keyval;

import dev.holdfast.filter.Filter;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyJson;
import dev.holdfast.key.KeyPath;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.kv.KvSelection;
import dev.holdfast.server.http.Exchange;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a request selects, from its query or from its body; its caller may touch all of it. */
final class KeyvalSelection {
    private KeyvalSelection() {}

    static KvSelection fromQuery(Exchange exchange) {
        return new KvSelection(
                KeyvalGrants.of(exchange)
                        .require(exchange.rawQueryParam("prefix")
                                .map(KeyPath::prefix)
                                .orElseGet(KeyPrefix::all)),
                key(exchange.rawQueryParam("start")),
                key(exchange.rawQueryParam("end")),
                exchange.queryParam("reverse").filter("true"::equals).isPresent(),
                Optional.empty(),
                0);
    }

    static KvSelection fromBody(Exchange exchange, ObjectNode body, Instant now) {
        Optional<Filter> where = KeyvalJson.where(body, now);
        KeyPrefix prefix = body.has("prefix") ? KeyJson.prefix(body.get("prefix")) : KeyPrefix.all();
        return new KvSelection(
                KeyvalGrants.of(exchange).require(prefix),
                key(body.path("start")),
                key(body.path("end")),
                body.path("reverse").asBoolean(false),
                where,
                0);
    }

    private static Optional<Key> key(Optional<String> path) {
        return path.filter(text -> !text.isEmpty()).map(KeyPath::key);
    }

    private static Optional<Key> key(JsonNode node) {
        return node.isMissingNode() || node.isNull() ? Optional.empty() : Optional.of(KeyJson.key(node));
    }
}
