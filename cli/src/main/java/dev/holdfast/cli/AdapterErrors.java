package dev.holdfast.cli;

import dev.holdfast.client.ClientException;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import tools.jackson.databind.node.ObjectNode;

/** Errors in the words of the suite. */
final class AdapterErrors {
    private AdapterErrors() {}

    static ObjectNode of(String command, RuntimeException failure) {
        ObjectNode error = of(command, code(failure), String.valueOf(failure.getMessage()));
        if (failure instanceof ClientException answered && answered.status() >= 300) {
            error.put("status", answered.status());
        } else if (failure instanceof InvalidInputException refused
                && refused.code().equals("client.empty")) {
            // The client does not send it; the suite asks for what a server would have said.
            error.put("status", 400);
        }
        return error;
    }

    /** An error of the adapter itself. */
    static ObjectNode of(String command, String code, String message) {
        return Json.mapper()
                .createObjectNode()
                .put("type", "error")
                .put("success", false)
                .put("commandType", command)
                .put("errorCode", code)
                .put("message", message);
    }

    private static String code(RuntimeException failure) {
        if (failure instanceof ClientException client) {
            return code(client.reason());
        }
        return failure instanceof InvalidInputException ? "INVALID_ARGUMENT" : "INTERNAL_ERROR";
    }

    private static String code(ClientException.Reason reason) {
        return switch (reason) {
            case NETWORK -> "NETWORK_ERROR";
            case INTERRUPTED -> "TIMEOUT";
            case MALFORMED -> "PARSE_ERROR";
            case BAD_REQUEST -> "INVALID_OFFSET";
            case NOT_FOUND -> "NOT_FOUND";
            case OCCUPIED, CONTENT_TYPE -> "CONFLICT";
            case CLOSED -> "STREAM_CLOSED";
            case GAP, SEQUENCE -> "SEQUENCE_CONFLICT";
            case UNAUTHORIZED, FORBIDDEN, STALE_EPOCH, GONE, TOO_LARGE, RATE_LIMITED, SERVER, UNEXPECTED ->
                "UNEXPECTED_STATUS";
        };
    }
}
