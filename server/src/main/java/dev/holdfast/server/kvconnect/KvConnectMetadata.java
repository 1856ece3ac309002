package dev.holdfast.server.kvconnect;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import dev.holdfast.server.http.Exchange;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The metadata exchange: where the data path is and which token opens it. That is the token which opened the exchange,
 * so that revoking it ends everything at once. Node's client refuses an answer with any other member.
 */
final class KvConnectMetadata {
    private static final int VERSION_MIN = 2;
    private static final int VERSION_MAX = 3;
    private static final Duration VALID = Duration.ofDays(1);
    private static final String BEARER = "Bearer ";

    private final KvConnectStore store;

    KvConnectMetadata(KvConnectStore store) {
        this.store = store;
    }

    /** Whether a header names a version of the protocol that is spoken here. */
    static boolean isSpoken(String version) {
        return IntStream.rangeClosed(VERSION_MIN, VERSION_MAX)
                .anyMatch(known -> version.equals(Integer.toString(known)));
    }

    void exchange(Exchange exchange) throws IOException {
        int version = version(exchange.json());
        ObjectNode answer = Json.mapper().createObjectNode();
        answer.put("version", version).put("databaseId", store.databaseId(exchange));
        answer.putArray("endpoints")
                .addObject()
                .put("url", endpoint(exchange.path()))
                .put("consistency", "strong");
        answer.put("token", token(exchange))
                .put("expiresAt", store.now().plus(VALID).toString());
        exchange.setHeader("Cache-Control", "no-store");
        exchange.respondJson(200, answer);
    }

    /** The highest version that both sides speak. */
    private static int version(JsonNode body) {
        JsonNode offered = body.path("supportedVersions");
        if (!offered.isArray()) {
            throw new InvalidInputException(
                    "kvconnect.metadata", "Invalid metadata request: supportedVersions must be an array.");
        }
        int best = 0;
        for (JsonNode version : offered) {
            if (version.isIntegralNumber() && version.canConvertToInt()) {
                int number = version.intValue();
                best = number >= VERSION_MIN && number <= VERSION_MAX ? Math.max(best, number) : best;
            }
        }
        if (best == 0) {
            throw new InvalidInputException(
                    "kvconnect.metadata",
                    "None of the protocol versions is supported (supported=" + VERSION_MIN + " to " + VERSION_MAX
                            + ").");
        }
        return best;
    }

    /** Below the address of the request, whatever a proxy has put before it. */
    private static String endpoint(String path) {
        String last = path.substring(path.lastIndexOf('/') + 1);
        return last.isEmpty() ? "./v2" : "./" + last + "/v2";
    }

    /** The caller's own token; where none is asked for, clients still want one that is not empty. */
    private static String token(Exchange exchange) {
        return exchange.header("Authorization")
                .filter(header -> header.regionMatches(true, 0, BEARER, 0, BEARER.length()))
                .map(header -> header.substring(BEARER.length()).strip())
                .filter(token -> !token.isEmpty())
                .orElse("none");
    }
}
