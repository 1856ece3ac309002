package dev.holdfast.server.http;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A refusal that belongs to HTTP and not to the store: no such route, no token, too many requests. What the store
 * refuses is a {@link dev.holdfast.engine.HoldfastException}; both become answers through the same table.
 */
public final class HttpException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final transient List<Map.Entry<String, String>> headers;

    private HttpException(int status, String code, String detail, List<Map.Entry<String, String>> headers) {
        // Part of ordinary traffic: nobody reads its stack trace.
        super(requireNonNull(detail, "detail"), null, false, false);
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("status is no error (status=" + status + ", expected 400 to 599)");
        }
        this.status = status;
        this.code = requireNonNull(code, "code");
        this.headers = headers;
    }

    /**
     * A refusal.
     *
     * @param status 400 to 599
     * @param code stable name of the case, such as {@code http.no_route}
     * @param detail one sentence for the client, without values, keys or credentials
     */
    public static HttpException of(int status, String code, String detail) {
        return new HttpException(status, code, detail, List.of());
    }

    /** 404. */
    public static HttpException notFound(String code, String detail) {
        return of(404, code, detail);
    }

    /** 403. */
    public static HttpException forbidden(String code, String detail) {
        return of(403, code, detail);
    }

    /** 401, with the header that says which kind of credential is wanted. */
    public static HttpException unauthorized(String code, String detail) {
        return of(401, code, detail).withHeader("WWW-Authenticate", "Bearer realm=\"holdfast\"");
    }

    /** 429, with the seconds after which a client may try again. */
    public static HttpException tooMany(String code, String detail, int retryAfterSeconds) {
        return of(429, code, detail).withHeader("Retry-After", Integer.toString(retryAfterSeconds));
    }

    /** This refusal with one more header on its answer. */
    public HttpException withHeader(String name, String value) {
        List<Map.Entry<String, String>> more = new ArrayList<>(headers);
        more.add(Map.entry(name, value));
        return new HttpException(status, code, detail(), List.copyOf(more));
    }

    /** The status of the answer, 400 to 599. */
    public int status() {
        return status;
    }

    /** The stable name of the case. */
    public String code() {
        return code;
    }

    /** What was refused, for the client. */
    public String detail() {
        return String.valueOf(getMessage());
    }

    /** Headers that the answer carries besides the usual ones. */
    public List<Map.Entry<String, String>> headers() {
        return headers;
    }
}
