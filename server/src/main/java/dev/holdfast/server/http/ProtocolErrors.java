package dev.holdfast.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNullElse;

import java.nio.ByteBuffer;
import java.util.List;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * Answers what is no request yet: a broken request line, headers beyond the limit, a path with impossible escapes.
 * Jetty finds these before any handler is asked, and often it does not tell the path, which it could not read; where it
 * does, the mount's shape is used, else one that the clients of every mount can read.
 */
final class ProtocolErrors implements Request.Handler {
    private static final String UNREADABLE =
            "its first line cannot be read, as with %00 or a broken escape in the path";

    private final HttpCore core;

    ProtocolErrors(HttpCore core) {
        this.core = core;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = response.getStatus();
        String id = RequestIds.of(request.getHeaders().get(RequestIds.HEADER));
        Failure failure = failure(request, status, id);
        String path = requireNonNullElse(request.getHttpURI().getPath(), "/");
        Mount mount = core.router().place(path).mount();
        ErrorRenderer.Body body = (mount.base().isEmpty() ? ErrorRenderer.general() : mount.errors()).render(failure);
        response.setStatus(status);
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        response.getHeaders().put(RequestIds.HEADER, id);
        response.getHeaders().put(body.type().field());
        response.getHeaders().put(HttpHeader.CONNECTION, "close");
        core.metrics().record(core.metrics().unrouted(), "none", "none", status, 0);
        response.write(true, ByteBuffer.wrap(body.text().getBytes(UTF_8)), callback);
        return true;
    }

    private Failure failure(Request request, int status, String id) {
        int max = core.limits().headerBytes();
        return switch (status) {
            case 414 ->
                of(status, "http.url_too_long", "the URL is longer than the limit (headerBytes=" + max + ")", id);
            case 431 ->
                of(
                        status,
                        "http.headers_too_large",
                        "the headers are larger than the limit (headerBytes=" + max + ")",
                        id);
            case 500 -> Statuses.of(new IllegalStateException(), id);
            default -> {
                Object reason = request.getAttribute(ErrorHandler.ERROR_MESSAGE);
                boolean told = reason != null && !reason.equals(Statuses.title(status));
                yield of(status, "http.malformed", "the request is malformed: " + (told ? reason : UNREADABLE), id);
            }
        };
    }

    private static Failure of(int status, String code, String detail, String id) {
        return new Failure(status, code, detail, id, List.of());
    }
}
