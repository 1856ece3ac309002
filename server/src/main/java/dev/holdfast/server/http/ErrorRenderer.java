package dev.holdfast.server.http;

import static java.util.Objects.requireNonNull;

import dev.holdfast.json.Json;
import tools.jackson.databind.node.ObjectNode;

/**
 * The shape that a mount gives its errors. It must not fail, and must take what it shows from the {@link Failure}
 * alone, which is already free of internals.
 */
@FunctionalInterface
public interface ErrorRenderer {
    /** The status and body of an answer. */
    Body render(Failure failure);

    /**
     * A rendered error.
     *
     * @param status of the answer
     * @param type of the body
     * @param text the body, sent as UTF-8
     */
    record Body(int status, ContentType type, String text) {
        /** Checks that nothing is missing. */
        public Body {
            requireNonNull(type, "type");
            requireNonNull(text, "text");
        }

        /** A JSON body. */
        public static Body json(int status, ObjectNode body) {
            return new Body(status, ContentType.JSON, Json.text(requireNonNull(body, "body")));
        }
    }

    /** Problem details of RFC 9457, with the members {@code code} and {@code requestId} besides the standard ones. */
    static ErrorRenderer problem() {
        return failure -> new Body(failure.status(), ContentType.PROBLEM, Json.text(problem(failure)));
    }

    /**
     * Problem details that also have the member {@code error} of small REST services: for what may have been meant for
     * any mount.
     */
    static ErrorRenderer general() {
        return failure -> new Body(
                failure.status(),
                ContentType.PROBLEM,
                Json.text(problem(failure).put("error", failure.detail())));
    }

    private static ObjectNode problem(Failure failure) {
        ObjectNode body = Json.mapper().createObjectNode();
        body.put("type", "urn:holdfast:error:" + failure.code());
        body.put("title", Statuses.title(failure.status()));
        body.put("status", failure.status());
        body.put("detail", failure.detail());
        body.put("code", failure.code());
        body.put("requestId", failure.requestId());
        return body;
    }

    /** One object with the member {@code error}, and {@code code} where asked: the shape of small REST services. */
    static ErrorRenderer plain(boolean withCode) {
        return failure -> {
            ObjectNode body = Json.mapper().createObjectNode();
            body.put("error", failure.detail());
            if (withCode) {
                body.put("code", failure.code());
            }
            return Body.json(failure.status(), body);
        };
    }
}
