package dev.holdfast.server.http;

import dev.holdfast.engine.ClosedException;
import dev.holdfast.engine.ConflictException;
import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.HoldfastException;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.SchemaException;
import dev.holdfast.engine.StateException;
import dev.holdfast.engine.TimeoutException;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpStatus;

/**
 * The one table from failures to statuses.
 *
 * <p>A kind of exception has one status. Invalid input is told apart further by its case, the part of the code after
 * the last dot, because what is refused there can be the request's fault in several ways.
 */
final class Statuses {
    /** Cases of invalid input that are not a plain 400. */
    static final Map<String, Integer> INPUT_CASES = Map.ofEntries(
            Map.entry("not_found", 404),
            Map.entry("gone", 410),
            Map.entry("exists", 409),
            Map.entry("already_exists", 409),
            Map.entry("unique", 409),
            Map.entry("changed", 409),
            Map.entry("body_too_large", 413),
            Map.entry("value_too_large", 413),
            Map.entry("document_too_large", 413),
            Map.entry("result_too_large", 413),
            Map.entry("answer_too_large", 413),
            Map.entry("quota", 507));

    /** Not a 503: that one is repeated by many clients on their own, and repeating this may do it twice. */
    private static final String COMMIT_UNKNOWN = "engine.commit_unknown";

    private static final List<Map.Entry<String, String>> SOON = List.of(Map.entry("Retry-After", "1"));

    private Statuses() {}

    /** What the client is told about an exception. */
    static Failure of(Throwable thrown, String requestId) {
        return switch (thrown) {
            case HttpException e -> new Failure(e.status(), e.code(), e.detail(), requestId, e.headers());
            case HoldfastException e -> ofStore(e, requestId);
            default -> internal(requestId);
        };
    }

    private static Failure ofStore(HoldfastException thrown, String requestId) {
        String detail = thrown.detail();
        return switch (thrown) {
            case InvalidInputException e -> told(e, inputStatus(e.code()), detail, requestId);
            case ConflictException e -> told(e, 409, detail, requestId);
            case StateException e -> told(e, 409, detail, requestId);
            case TimeoutException e -> later(e, detail, requestId);
            case ClosedException e -> later(e, detail, requestId);
            case EngineException e
            when e.code().equals(COMMIT_UNKNOWN) ->
                told(e, 500, "the commit may or may not have taken effect; look before you repeat it", requestId);
            // What a driver says may name tables and files, so only the log has it.
            case EngineException e -> later(e, "the database failed", requestId);
            case SchemaException e -> internal(requestId);
        };
    }

    private static Failure told(HoldfastException thrown, int status, String detail, String requestId) {
        return new Failure(status, thrown.code(), detail, requestId, List.of());
    }

    private static Failure later(HoldfastException thrown, String detail, String requestId) {
        return new Failure(503, thrown.code(), detail, requestId, SOON);
    }

    private static Failure internal(String requestId) {
        return new Failure(
                500, "internal", "internal error; the log has it under this request id", requestId, List.of());
    }

    private static int inputStatus(String code) {
        return INPUT_CASES.getOrDefault(code.substring(code.lastIndexOf('.') + 1), 400);
    }

    /** The phrase of a status. */
    static String title(int status) {
        return HttpStatus.getMessage(status);
    }
}
