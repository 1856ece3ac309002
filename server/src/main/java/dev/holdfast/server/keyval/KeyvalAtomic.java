package dev.holdfast.server.keyval;

import static dev.holdfast.server.http.ContentType.JSON;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.json.BigIntegerTag;
import dev.holdfast.json.Json;
import dev.holdfast.key.KeyJson;
import dev.holdfast.kv.Kv;
import dev.holdfast.kv.KvCheck;
import dev.holdfast.kv.KvCommit;
import dev.holdfast.kv.KvMutation;
import dev.holdfast.kv.KvValue;
import dev.holdfast.server.http.Exchange;
import dev.holdfast.server.http.Route;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Atomic commits. */
final class KeyvalAtomic {
    /** A versionstamp that no commit has: what a check with foreign text compares with. */
    private static final Versionstamp NEVER = new Versionstamp(0);

    private final KeyvalStore store;

    KeyvalAtomic(KeyvalStore store) {
        this.store = store;
    }

    List<Route> routes() {
        return List.of(Route.post("/atomic", "keyvalAtomic", store.counted("atomic_commit", this::commit))
                .summary("Checks and mutations in one transaction")
                .body(JSON, "checks and mutations; details: true also tells failed checks and new values")
                .answer(200, JSON, "ok and the versionstamp, or ok false"));
    }

    private void commit(Exchange exchange, Kv kv) throws IOException {
        ObjectNode body = KeyvalJson.object(exchange.json());
        List<KvCheck> checks = new ArrayList<>();
        for (JsonNode check : array(body, "checks", false)) {
            checks.add(check(check));
        }
        List<KvMutation> mutations = new ArrayList<>();
        for (JsonNode mutation : array(body, "mutations", true)) {
            mutations.add(mutation(mutation));
        }
        KeyvalGrants grants = KeyvalGrants.of(exchange);
        grants.requireKeys(checks.stream().map(KvCheck::key).toList());
        grants.requireKeys(mutations.stream().map(KvMutation::key).toList());
        switch (kv.commit(checks, mutations)) {
            case KvCommit.Committed committed ->
                respond(exchange, committed, body.path("details").asBoolean(false));
            case KvCommit.Conflict conflict -> {
                ObjectNode answer = Json.mapper().createObjectNode().put("ok", false);
                if (body.path("details").asBoolean(false)) {
                    ArrayNode failed = answer.putArray("failedChecks");
                    conflict.failedChecks().forEach(failed::add);
                }
                exchange.respondJson(200, answer);
            }
        }
    }

    /**
     * Clients of this interface know exactly two members; the new values of combined keys come when they are asked for.
     */
    private static void respond(Exchange exchange, KvCommit.Committed committed, boolean details) {
        if (!details) {
            exchange.respond(200, JSON, KeyvalJson.written(committed.versionstamp()));
            return;
        }
        ObjectNode answer = Json.mapper().createObjectNode();
        answer.put("ok", true).put("versionstamp", committed.versionstamp().uuid());
        ArrayNode values = answer.putArray("values");
        committed.values().forEach((key, value) -> {
            ObjectNode one = values.addObject();
            one.set("key", KeyJson.tree(key));
            one.set("value", value.json());
        });
        exchange.respondJson(200, answer);
    }

    private static KvCheck check(JsonNode node) {
        JsonNode versionstamp = node.path("versionstamp");
        return new KvCheck(
                KeyJson.key(node.path("key")),
                versionstamp.isMissingNode() || versionstamp.isNull()
                        ? Optional.empty()
                        : Optional.of(parse(versionstamp)));
    }

    private static Versionstamp parse(JsonNode versionstamp) {
        return versionstamp.isString()
                ? Versionstamp.ofUuid(versionstamp.stringValue()).orElse(NEVER)
                : NEVER;
    }

    private static KvMutation mutation(JsonNode node) {
        String type = node.path("type").asString("");
        var key = KeyJson.key(node.path("key"));
        Optional<Duration> ttl = KeyvalJson.expiresIn(node.path("expiresIn"));
        JsonNode value = node.path("value");
        return switch (type) {
            case "set" -> new KvMutation.Set(key, KvValue.json(present(value)), ttl);
            case "delete" -> new KvMutation.Delete(key);
            case "sum" -> new KvMutation.Combine(key, KvMutation.Arithmetic.SUM, integer(type, value), ttl);
            case "max" -> new KvMutation.Combine(key, KvMutation.Arithmetic.MAX, integer(type, value), ttl);
            case "min" -> new KvMutation.Combine(key, KvMutation.Arithmetic.MIN, integer(type, value), ttl);
            case "append" -> new KvMutation.Extend(key, items(type, value), true, ttl);
            case "prepend" -> new KvMutation.Extend(key, items(type, value), false, ttl);
            default ->
                throw new InvalidInputException(
                        "keyval.mutation_type",
                        "mutation type must be one of set, delete, sum, max, min, append, prepend, received "
                                + KeyvalJson.shown(node.path("type")));
        };
    }

    private static JsonNode present(JsonNode value) {
        return value.isMissingNode() ? Json.mapper().nullNode() : value;
    }

    private static List<JsonNode> items(String type, JsonNode value) {
        if (!(value instanceof ArrayNode array)) {
            throw new InvalidInputException("keyval.items", type + " value must be an array");
        }
        List<JsonNode> items = new ArrayList<>();
        array.forEach(items::add);
        return items;
    }

    /** A number, whose fraction is cut off, a tagged big integer, or decimal text. */
    private static BigInteger integer(String type, JsonNode value) {
        if (value.isNumber()) {
            return BigIntegerTag.integerPart(value.decimalValue())
                    .orElseThrow(() -> new InvalidInputException(
                            "keyval.operand",
                            type + " value has too many digits: " + KeyvalJson.shown(value) + " (digitsMax="
                                    + BigIntegerTag.DIGITS_MAX + ")"));
        }
        if (value.isString()) {
            return BigIntegerTag.decimal(value.stringValue().strip())
                    .orElseThrow(() -> new InvalidInputException(
                            "keyval.operand",
                            type + " value is not a valid integer: " + KeyvalJson.shown(value)
                                    + ". Use decimal digits"));
        }
        return BigIntegerTag.read(value)
                .orElseThrow(() -> new InvalidInputException(
                        "keyval.operand",
                        type + " value must be a number, bigint, or numeric string, received " + KeyvalJson.type(value)
                                + ": " + KeyvalJson.shown(value)));
    }

    private static Iterable<JsonNode> array(ObjectNode body, String name, boolean required) {
        JsonNode node = body.path(name);
        if (node instanceof ArrayNode array) {
            return array;
        }
        if (required || !(node.isMissingNode() || node.isNull())) {
            throw new InvalidInputException(
                    "keyval.body",
                    name + " must be an array, received " + KeyvalJson.type(node) + ": " + KeyvalJson.shown(node));
        }
        return List.of();
    }
}
