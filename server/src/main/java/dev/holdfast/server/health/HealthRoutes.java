package dev.holdfast.server.health;

import static java.util.Objects.requireNonNull;

import dev.holdfast.json.Json;
import dev.holdfast.server.http.ContentType;
import dev.holdfast.server.http.Exchange;
import dev.holdfast.server.http.Route;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/**
 * Signs of health. A server that is alive but not ready should get no work and no restart; one that does not answer at
 * all should be restarted.
 */
public final class HealthRoutes {
    private HealthRoutes() {}

    /**
     * {@code GET /health/live} and {@code GET /health/ready}, to be put on the root mount.
     *
     * @param notReady why the server should get no work just now, in one sentence without internals; empty when it
     *     should. Called for each request on its own virtual thread. What it throws counts as an error of the request.
     */
    public static List<Route> of(Supplier<Optional<String>> notReady) {
        requireNonNull(notReady, "notReady");
        return List.of(
                Route.get("/health/live", "live", x -> answer(x, Optional.empty()))
                        .summary("Says that the process answers")
                        .answer(200, ContentType.JSON, "It does"),
                Route.get("/health/ready", "ready", x -> answer(x, notReady.get()))
                        .summary("Says whether the server should get work")
                        .answer(200, ContentType.JSON, "It should")
                        .answer(503, ContentType.JSON, "It should not, with the reason"));
    }

    private static void answer(Exchange exchange, Optional<String> reason) {
        ObjectNode body = Json.mapper().createObjectNode();
        body.put("status", reason.isEmpty() ? "up" : "down");
        reason.ifPresent(text -> body.put("reason", text));
        exchange.setHeader("Cache-Control", "no-store");
        exchange.respondJson(reason.isEmpty() ? 200 : 503, body);
    }
}
