package dev.holdfast.server.http;

import static java.util.Objects.requireNonNullElse;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * The address of a request as its client wrote it. Where no public url is set, a proxy is believed: all that it could
 * spoil is an address that is told to nobody but its own client.
 */
final class ClientUrl {
    private static final Pattern HOST =
            Pattern.compile("[A-Za-z0-9._-]{1,255}(:[0-9]{1,5})?|\\[[0-9A-Fa-f:.]+](:[0-9]{1,5})?");
    private static final Pattern SCHEME = Pattern.compile("https?");

    private ClientUrl() {}

    /** Scheme, host and path; without the query. */
    static String of(Request request, Optional<URI> publicUrl) {
        String path = requireNonNullElse(request.getHttpURI().getPath(), "/");
        if (publicUrl.isPresent()) {
            String base = publicUrl.get().toString();
            return (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path;
        }
        String scheme = forwarded(request, "X-Forwarded-Proto", SCHEME);
        String host = forwarded(request, "X-Forwarded-Host", HOST);
        return (scheme == null ? requireNonNullElse(request.getHttpURI().getScheme(), "http") : scheme)
                + "://"
                + (host == null ? host(request) : host)
                + path;
    }

    /** What the proxy nearest to the client said, when it can be what it should be. */
    private static @Nullable String forwarded(Request request, String header, Pattern form) {
        String value = request.getHeaders().get(header);
        if (value == null) {
            return null;
        }
        int comma = value.indexOf(',');
        String first = (comma < 0 ? value : value.substring(0, comma)).strip();
        return form.matcher(first).matches() ? first : null;
    }

    private static String host(Request request) {
        String name = Request.getServerName(request);
        int port = Request.getServerPort(request);
        boolean usual =
                port <= 0 || port == ("https".equals(request.getHttpURI().getScheme()) ? 443 : 80);
        return usual ? name : name + ":" + port;
    }
}
