package dev.holdfast.server.durablestreams;

import dev.holdfast.json.Json;
import dev.holdfast.server.http.ErrorRenderer;
import dev.holdfast.server.http.Exchange;
import dev.holdfast.server.http.Failure;
import dev.holdfast.server.http.HttpHandler;
import dev.holdfast.stream.SubscriptionException;
import tools.jackson.databind.node.ObjectNode;

/** Refusals as the protocol writes them about subscriptions: an object with a code and a message. */
final class SubscriptionRefusals {
    private SubscriptionRefusals() {}

    /** The shape of all errors below the reserved names. */
    static ErrorRenderer.Body render(Failure failure) {
        return ErrorRenderer.Body.json(failure.status(), body(code(failure), failure.detail()));
    }

    private static ObjectNode body(String code, String message) {
        ObjectNode body = Json.mapper().createObjectNode();
        body.putObject("error").put("code", code).put("message", message);
        return body;
    }

    private static String code(Failure failure) {
        if (failure.code().equals(WebhookTargets.REJECTED)) {
            return "WEBHOOK_URL_REJECTED";
        }
        return switch (failure.status()) {
            case 400 -> "INVALID_REQUEST";
            case 401 -> "UNAUTHORIZED";
            case 403 -> "FORBIDDEN";
            case 404 -> "NOT_FOUND";
            case 405 -> "METHOD_NOT_ALLOWED";
            case 413 -> "TOO_LARGE";
            case 429 -> "TOO_MANY_REQUESTS";
            case 503 -> "UNAVAILABLE";
            case 507 -> "QUOTA_EXCEEDED";
            default -> "ERROR";
        };
    }

    /** A handler whose refusals by subscriptions are answers of the protocol. */
    static HttpHandler told(HttpHandler handler) {
        return exchange -> {
            try {
                handler.handle(exchange);
            } catch (SubscriptionException e) {
                answer(exchange, e);
            }
        };
    }

    private static void answer(Exchange exchange, SubscriptionException e) {
        ObjectNode body = Json.mapper().createObjectNode();
        ObjectNode error = body.putObject("error").put("code", code(e.reason())).put("message", e.detail());
        e.holder().ifPresent(holder -> error.put("current_holder", holder));
        e.generation().ifPresent(generation -> error.put("generation", generation));
        int status = status(e.reason());
        if (status == 401) {
            exchange.setHeader("WWW-Authenticate", "Bearer realm=\"subscription\"");
        }
        exchange.respondJson(status, body);
    }

    private static String code(SubscriptionException.Reason reason) {
        return switch (reason) {
            case NOT_FOUND -> "SUBSCRIPTION_NOT_FOUND";
            case EXISTS -> "SUBSCRIPTION_ALREADY_EXISTS";
            case TOKEN_INVALID -> "TOKEN_INVALID";
            case TOKEN_EXPIRED -> "TOKEN_EXPIRED";
            case FENCED -> "FENCED";
            case INVALID_OFFSET -> "INVALID_OFFSET";
            case ALREADY_CLAIMED -> "ALREADY_CLAIMED";
            case NO_PENDING_WORK -> "NO_PENDING_WORK";
        };
    }

    private static int status(SubscriptionException.Reason reason) {
        return switch (reason) {
            case NOT_FOUND -> 404;
            case TOKEN_INVALID, TOKEN_EXPIRED -> 401;
            case EXISTS, FENCED, INVALID_OFFSET, ALREADY_CLAIMED, NO_PENDING_WORK -> 409;
        };
    }

    /** There is no such subscription. */
    static void notFound(Exchange exchange) {
        exchange.respondJson(404, body(code(SubscriptionException.Reason.NOT_FOUND), "there is no such subscription"));
    }
}
