package dev.holdfast.server.http;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;

/**
 * What a client is told about a request that failed, before it has a shape.
 *
 * @param status 400 to 599
 * @param code stable name of the case
 * @param detail what was refused; of a fault of ours only a general sentence
 * @param requestId under which the log has the rest
 * @param headers further headers of the answer
 */
public record Failure(
        int status, String code, String detail, String requestId, List<Map.Entry<String, String>> headers) {
    /** Checks that nothing is missing. */
    public Failure {
        requireNonNull(code, "code");
        requireNonNull(detail, "detail");
        requireNonNull(requestId, "requestId");
        headers = List.copyOf(requireNonNull(headers, "headers"));
    }

    /** The same failure with another status, for protocols that promise one. */
    public Failure withStatus(int other) {
        return new Failure(other, code, detail, requestId, headers);
    }
}
