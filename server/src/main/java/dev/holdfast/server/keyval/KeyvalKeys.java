package dev.holdfast.server.keyval;

import static dev.holdfast.server.http.ContentType.JSON;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.filter.Filter;
import dev.holdfast.json.Json;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyJson;
import dev.holdfast.key.KeyPath;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.kv.Kv;
import dev.holdfast.kv.KvEntry;
import dev.holdfast.kv.KvPage;
import dev.holdfast.kv.KvSelection;
import dev.holdfast.kv.KvValue;
import dev.holdfast.server.http.Exchange;
import dev.holdfast.server.http.HttpException;
import dev.holdfast.server.http.Param;
import dev.holdfast.server.http.Route;
import dev.holdfast.server.http.Scope;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reading, writing, deleting and listing keys. */
final class KeyvalKeys {
    static final int LIMIT = 100;
    static final int LIMIT_MAX = 1_000;
    private static final int BATCH_MAX = 1_000;

    private final KeyvalStore store;

    KeyvalKeys(KeyvalStore store) {
        this.store = store;
    }

    List<Route> routes() {
        Param expiresIn =
                Param.query("expiresIn", Param.Type.STRING, "time to live: milliseconds, or a duration like 1h");
        return List.of(
                Route.get("/keys/count", "keyvalCount", store.counted("count", this::countByQuery))
                        .summary("Counts the entries below a prefix")
                        .param(Param.query("prefix", Param.Type.STRING, "a key as a path; none: everything"))
                        .answer(200, JSON, "the count"),
                Route.get("/keys/paginate", "keyvalPaginate", store.counted("paginate", this::pageByQuery))
                        .summary("One page of the entries below a prefix")
                        .answer(200, JSON, "entries, cursor and hasMore"),
                Route.get("/keys", "keyvalList", store.counted("list", this::listByQuery))
                        .summary("Lists the entries below a prefix")
                        .answer(200, JSON, "an array of entries"),
                Route.get("/keys/{key...}", "keyvalGet", store.counted("get", this::get))
                        .summary("Reads an entry")
                        .answer(200, JSON, "the entry")
                        .answer(404, JSON, "there is none"),
                Route.put("/keys/{key...}", "keyvalSet", store.counted("set", this::set))
                        .summary("Writes an entry")
                        .param(expiresIn)
                        .body(JSON, "any JSON value")
                        .answer(200, JSON, "ok and the versionstamp"),
                Route.delete("/keys/{key...}", "keyvalDelete", store.counted("delete", this::delete))
                        .summary("Deletes a key and everything below it")
                        .answer(200, JSON, "the number of deleted entries"),
                reading("/keys/get", "keyvalGetByBody", "get", this::getByBody, "Reads an entry by its JSON key"),
                Route.post("/keys/set", "keyvalSetByBody", store.counted("set", this::setByBody))
                        .summary("Writes an entry by its JSON key")
                        .body(JSON, "key, value and expiresIn")
                        .answer(200, JSON, "ok and the versionstamp"),
                reading("/keys/batch", "keyvalBatch", "get", this::batch, "Reads several entries"),
                reading(
                        "/keys/list",
                        "keyvalListByBody",
                        "list",
                        this::listByBody,
                        "Lists entries by JSON keys and a filter"),
                reading(
                        "/keys/count",
                        "keyvalCountByBody",
                        "count",
                        this::countByBody,
                        "Counts by JSON keys and a filter"),
                reading(
                        "/keys/paginate",
                        "keyvalPaginateByBody",
                        "paginate",
                        this::pageByBody,
                        "Pages by JSON keys and a filter"),
                Route.post("/keys/delete-batch", "keyvalDeleteBatch", store.counted("delete", this::deleteBatch))
                        .summary("Deletes several keys in one transaction")
                        .body(JSON, "keys, exact and where")
                        .answer(200, JSON, "the number of deleted entries"),
                Route.post("/keys/expire", "keyvalExpire", store.counted("set", this::expire))
                        .summary("Changes when an entry expires, not its value")
                        .body(JSON, "key and expiresIn; none or null: never")
                        .answer(200, JSON, "whether the entry exists"));
    }

    private Route reading(String path, String id, String operation, KeyvalStore.Operation handler, String summary) {
        return Route.post(path, id, store.counted(operation, handler))
                .needs(Scope.READ)
                .summary(summary)
                .body(JSON, "what is asked for")
                .answer(200, JSON, "what was found");
    }

    private void get(Exchange exchange, Kv kv) {
        answer(exchange, kv, pathKey(exchange));
    }

    private void getByBody(Exchange exchange, Kv kv) throws IOException {
        answer(exchange, kv, bodyKey(exchange, KeyvalJson.object(exchange.json())));
    }

    private static void answer(Exchange exchange, Kv kv, Key key) {
        KvEntry entry = kv.get(key).orElseThrow(() -> HttpException.notFound("keyval.not_found", "Key not found"));
        exchange.respond(200, JSON, KeyvalJson.entry(entry));
    }

    private void set(Exchange exchange, Kv kv) throws IOException {
        Key key = pathKey(exchange);
        var ttl = KeyvalJson.expiresIn(exchange.queryParam("expiresIn"));
        Versionstamp stamp = kv.set(key, KvValue.json(exchange.json()), ttl);
        exchange.respond(200, JSON, KeyvalJson.written(stamp));
    }

    private void setByBody(Exchange exchange, Kv kv) throws IOException {
        ObjectNode body = KeyvalJson.object(exchange.json());
        if (!body.has("value")) {
            throw new InvalidInputException("keyval.value", "value is required");
        }
        Versionstamp stamp = kv.set(
                bodyKey(exchange, body), KvValue.json(body.get("value")), KeyvalJson.expiresIn(body.path("expiresIn")));
        exchange.respond(200, JSON, KeyvalJson.written(stamp));
    }

    private void expire(Exchange exchange, Kv kv) throws IOException {
        ObjectNode body = KeyvalJson.object(exchange.json());
        boolean found = kv.expire(bodyKey(exchange, body), KeyvalJson.expiresIn(body.path("expiresIn")));
        exchange.respondJson(200, Json.mapper().createObjectNode().put("ok", found));
    }

    private void delete(Exchange exchange, Kv kv) throws IOException {
        Key key = pathKey(exchange);
        // Whatever its content type says, a body is understood or refused: a filter that is ignored deletes everything.
        ObjectNode options = exchange.jsonIfAny().map(KeyvalJson::object).orElseGet(Json.mapper()::createObjectNode);
        respondDeleted(exchange, delete(kv, List.of(key), options));
    }

    private void deleteBatch(Exchange exchange, Kv kv) throws IOException {
        ObjectNode body = KeyvalJson.object(exchange.json());
        respondDeleted(exchange, delete(kv, bodyKeys(exchange, body), body));
    }

    private long delete(Kv kv, List<Key> keys, ObjectNode options) {
        JsonNode exact = options.path("exact");
        if (!exact.isMissingNode() && !exact.isBoolean()) {
            throw new InvalidInputException(
                    "keyval.exact", "exact must be a boolean, received " + KeyvalJson.shown(exact));
        }
        Optional<Filter> where = KeyvalJson.where(options, now());
        return exact.asBoolean(false)
                ? kv.deleteExact(keys, where)
                : kv.delete(keys.stream().map(KeyPrefix::of).toList(), where);
    }

    private static void respondDeleted(Exchange exchange, long count) {
        exchange.respondJson(200, Json.mapper().createObjectNode().put("deletedCount", count));
    }

    private void batch(Exchange exchange, Kv kv) throws Exception {
        List<Key> keys = bodyKeys(exchange, KeyvalJson.object(exchange.json()));
        List<Optional<KvEntry>> entries = kv.getAll(keys);
        // Sent as it is written: a key that is named often would fill the memory with copies of its value.
        exchange.respond(200, JSON, out -> {
            out.write('[');
            for (int i = 0; i < keys.size(); i++) {
                if (i > 0) {
                    out.write(',');
                }
                KeyvalJson.write(out, keys.get(i), entries.get(i));
            }
            out.write(']');
        });
    }

    private void listByQuery(Exchange exchange, Kv kv) throws Exception {
        int limit = KeyvalJson.limit(exchange.queryParam("limit"), LIMIT, LIMIT_MAX);
        list(exchange, kv, KeyvalSelection.fromQuery(exchange).limit(limit));
    }

    private void listByBody(Exchange exchange, Kv kv) throws Exception {
        ObjectNode body = KeyvalJson.object(exchange.json());
        int limit = KeyvalJson.limit(body, LIMIT, LIMIT_MAX);
        list(exchange, kv, KeyvalSelection.fromBody(exchange, body, now()).limit(limit));
    }

    private static void list(Exchange exchange, Kv kv, KvSelection selection) throws Exception {
        try (Stream<KvEntry> entries = kv.list(selection)) {
            exchange.respond(200, JSON, out -> KeyvalJson.write(out, entries.iterator()));
        }
    }

    private void countByQuery(Exchange exchange, Kv kv) {
        count(exchange, kv, KeyvalSelection.fromQuery(exchange));
    }

    private void countByBody(Exchange exchange, Kv kv) throws IOException {
        count(exchange, kv, KeyvalSelection.fromBody(exchange, KeyvalJson.object(exchange.json()), now()));
    }

    private static void count(Exchange exchange, Kv kv, KvSelection selection) {
        exchange.respondJson(200, Json.mapper().createObjectNode().put("count", kv.count(selection)));
    }

    private void pageByQuery(Exchange exchange, Kv kv) throws Exception {
        int limit = KeyvalJson.limit(exchange.queryParam("limit"), LIMIT, LIMIT_MAX);
        page(exchange, kv, KeyvalSelection.fromQuery(exchange), exchange.queryParam("cursor"), limit);
    }

    private void pageByBody(Exchange exchange, Kv kv) throws Exception {
        ObjectNode body = KeyvalJson.object(exchange.json());
        Optional<String> cursor =
                Optional.of(body.path("cursor")).filter(JsonNode::isString).map(JsonNode::stringValue);
        int limit = KeyvalJson.limit(body, LIMIT, LIMIT_MAX);
        page(exchange, kv, KeyvalSelection.fromBody(exchange, body, now()), cursor, limit);
    }

    private static void page(Exchange exchange, Kv kv, KvSelection selection, Optional<String> cursor, int limit)
            throws Exception {
        KvPage page = kv.paginate(selection, cursor.filter(text -> !text.isEmpty()), limit);
        String next = page.cursor().map(text -> '"' + text + '"').orElse("null");
        exchange.respond(200, JSON, out -> {
            out.write(KeyvalJson.utf8("{\"entries\":"));
            KeyvalJson.write(out, page.entries().iterator());
            out.write(KeyvalJson.utf8(
                    ",\"cursor\":" + next + ",\"hasMore\":" + page.cursor().isPresent() + "}"));
        });
    }

    private static Key pathKey(Exchange exchange) {
        return KeyvalGrants.of(exchange).require(KeyPath.key(exchange.rawPathParam("key")));
    }

    private static Key bodyKey(Exchange exchange, ObjectNode body) {
        return KeyvalGrants.of(exchange).require(KeyJson.key(body.path("key")));
    }

    private static List<Key> bodyKeys(Exchange exchange, ObjectNode body) {
        List<Key> keys = KeyJson.keys(body.path("keys"), BATCH_MAX);
        KeyvalGrants.of(exchange).requireKeys(keys);
        return keys;
    }

    private Instant now() {
        return store.now();
    }
}
