package dev.holdfast.server.keyval;

import static dev.holdfast.server.http.ContentType.JSON;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import dev.holdfast.key.KeyJson;
import dev.holdfast.key.KeyPath;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.kv.Kv;
import dev.holdfast.kv.KvEntry;
import dev.holdfast.kv.KvSearch;
import dev.holdfast.kv.KvSelection;
import dev.holdfast.search.Tokenizer;
import dev.holdfast.server.http.Exchange;
import dev.holdfast.server.http.Param;
import dev.holdfast.server.http.Route;
import dev.holdfast.server.http.Scope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Full-text indexes and search. Bodies come flat or with an {@code options} object; both are understood. */
final class KeyvalSearch {
    private final KeyvalStore store;

    KeyvalSearch(KeyvalStore store) {
        this.store = store;
    }

    List<Route> routes() {
        Param prefix =
                Param.query("prefix", Param.Type.STRING, "a key as a path").mandatory();
        return List.of(
                Route.post("/indexes", "keyvalCreateIndex", exchange -> create(exchange, store.kv(exchange)))
                        .summary("Makes a full-text index over the entries below a prefix")
                        .body(JSON, "prefix and fields, tokenize, backfill")
                        .answer(200, JSON, "ok"),
                Route.get("/indexes", "keyvalIndexes", exchange -> list(exchange, store.kv(exchange)))
                        .summary("Lists the full-text indexes")
                        .answer(200, JSON, "an array of indexes"),
                Route.delete("/indexes", "keyvalRemoveIndex", exchange -> remove(exchange, store.kv(exchange)))
                        .summary("Removes a full-text index")
                        .param(prefix)
                        .answer(200, JSON, "ok, also when there was none"),
                Route.get("/search", "keyvalSearch", exchange -> byQuery(exchange, store.kv(exchange)))
                        .summary("Finds entries by words")
                        .param(prefix)
                        .param(Param.query("query", Param.Type.STRING, "any text")
                                .mandatory())
                        .answer(200, JSON, "an array of entries")
                        .answer(404, JSON, "the prefix has no index"),
                Route.post("/search", "keyvalSearchByBody", exchange -> byBody(exchange, store.kv(exchange)))
                        .needs(Scope.READ)
                        .summary("Finds entries by words and a filter")
                        .body(JSON, "prefix, query, limit, where, start, end, reverse")
                        .answer(200, JSON, "an array of entries")
                        .answer(404, JSON, "the prefix has no index"));
    }

    private static void create(Exchange exchange, Kv kv) throws IOException {
        ObjectNode body = KeyvalJson.object(exchange.json());
        ObjectNode options = options(body);
        if (!body.has("prefix")) {
            throw new InvalidInputException("keyval.prefix", "prefix is required");
        }
        KeyPrefix prefix = bodyPrefix(exchange, body);
        if (!(options.path("fields") instanceof ArrayNode array)) {
            throw new InvalidInputException("keyval.fields", "options.fields must be a non-empty array");
        }
        List<String> fields = new ArrayList<>();
        for (JsonNode field : array) {
            if (!field.isString()) {
                throw new InvalidInputException(
                        "keyval.fields", "options.fields must be texts, received " + KeyvalJson.shown(field));
            }
            fields.add(field.stringValue());
        }
        JsonNode tokenize = options.path("tokenize");
        Tokenizer tokenizer = tokenize.isMissingNode() || tokenize.isNull()
                ? Tokenizer.UNICODE61
                : Tokenizer.of(tokenize.asString(""));
        kv.search()
                .createIndex(prefix, fields, tokenizer, options.path("backfill").asBoolean(false));
        respondOk(exchange);
    }

    private static void list(Exchange exchange, Kv kv) {
        ArrayNode answer = Json.mapper().createArrayNode();
        KeyvalGrants grants = KeyvalGrants.of(exchange);
        for (KvSearch.Index index : kv.search().indexes()) {
            if (!grants.allows(index.prefix())) {
                continue;
            }
            ObjectNode one = answer.addObject();
            one.set("prefix", KeyJson.tree(index.prefix()));
            ArrayNode fields = one.putArray("fields");
            index.fields().forEach(fields::add);
            one.put("tokenize", index.tokenizer().text());
        }
        exchange.respondJson(200, answer);
    }

    private static void remove(Exchange exchange, Kv kv) {
        kv.search().removeIndex(prefix(exchange));
        respondOk(exchange);
    }

    private static void byQuery(Exchange exchange, Kv kv) throws Exception {
        KeyPrefix prefix = prefix(exchange);
        String query = exchange.queryParam("query").orElseThrow(() -> missing("query"));
        int limit = KeyvalJson.limit(exchange.queryParam("limit"), KeyvalKeys.LIMIT, KeyvalKeys.LIMIT_MAX);
        KvSelection selection = KeyvalSelection.fromQuery(exchange).limit(limit);
        answer(
                exchange,
                kv,
                new KvSelection(
                        prefix, selection.start(), selection.end(), selection.reverse(), Optional.empty(), limit),
                query);
    }

    private void byBody(Exchange exchange, Kv kv) throws Exception {
        ObjectNode body = KeyvalJson.object(exchange.json());
        if (!body.has("prefix")) {
            throw new InvalidInputException("keyval.prefix", "prefix is required");
        }
        if (!body.path("query").isString()) {
            throw new InvalidInputException("keyval.query", "query is required");
        }
        KeyPrefix prefix = bodyPrefix(exchange, body);
        ObjectNode options = options(body);
        int limit = KeyvalJson.limit(options, KeyvalKeys.LIMIT, KeyvalKeys.LIMIT_MAX);
        ObjectNode bounds = options.deepCopy();
        bounds.set("prefix", body.get("prefix"));
        KvSelection selection =
                KeyvalSelection.fromBody(exchange, bounds, store.now()).limit(limit);
        answer(
                exchange,
                kv,
                new KvSelection(
                        prefix, selection.start(), selection.end(), selection.reverse(), selection.where(), limit),
                body.get("query").stringValue());
    }

    private static void answer(Exchange exchange, Kv kv, KvSelection selection, String query) throws Exception {
        List<KvEntry> found = kv.search().find(selection, query);
        exchange.respond(200, JSON, out -> KeyvalJson.write(out, found.iterator()));
    }

    /** The options of a body: its {@code options} object, or the body itself. */
    private static ObjectNode options(ObjectNode body) {
        return body.path("options") instanceof ObjectNode options ? options : body;
    }

    private static KeyPrefix prefix(Exchange exchange) {
        return KeyvalGrants.of(exchange)
                .require(exchange.rawQueryParam("prefix").map(KeyPath::prefix).orElseThrow(() -> missing("prefix")));
    }

    private static KeyPrefix bodyPrefix(Exchange exchange, ObjectNode body) {
        return KeyvalGrants.of(exchange).require(KeyPrefix.of(KeyJson.key(body.get("prefix"))));
    }

    private static void respondOk(Exchange exchange) {
        exchange.respondJson(200, Json.mapper().createObjectNode().put("ok", true));
    }

    static InvalidInputException missing(String name) {
        return new InvalidInputException("keyval.parameter", "Missing '" + name + "' query parameter");
    }
}
