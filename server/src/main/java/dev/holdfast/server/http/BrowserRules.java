package dev.holdfast.server.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What keeps web pages out of a server that asks for no token. A browser on the same machine reaches loopback, so any
 * page could otherwise write to the store, and a page whose host name is made to point at loopback could read it.
 */
final class BrowserRules {
    private static final String CROSS_SITE = "cross-site";

    private final Optional<String> publicHost;

    BrowserRules(Optional<URI> publicUrl) {
        this.publicHost = publicUrl.map(URI::getHost);
    }

    /** Whether a method changes nothing. */
    static boolean reads(String method) {
        return "GET".equals(method) || "HEAD".equals(method) || "OPTIONS".equals(method);
    }

    /**
     * Refuses what comes from a foreign page.
     *
     * @param writes whether the request may change something, by its method or by what its route needs
     * @param site what a browser says of the page when it names no origin, as with an image: {@code Sec-Fetch-Site}
     */
    void check(boolean writes, @Nullable String host, @Nullable String origin, @Nullable String site) {
        if (host != null && !isLoopback(host) && !isPublic(host)) {
            throw HttpException.forbidden(
                    "http.host_refused",
                    "without a token this server answers only to loopback names and its public url");
        }
        boolean foreign = origin == null ? CROSS_SITE.equals(site) : !isLoopbackOrigin(origin);
        if (writes && foreign) {
            throw HttpException.forbidden(
                    "http.origin_refused", "without a token pages of other origins than loopback may not write");
        }
    }

    private boolean isPublic(String host) {
        return publicHost.isPresent() && publicHost.get().equalsIgnoreCase(host);
    }

    private static boolean isLoopbackOrigin(String origin) {
        try {
            String host = new URI(origin).getHost();
            return host != null && isLoopback(host);
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** Whether a name or address is loopback by its text alone; nothing is looked up. */
    static boolean isLoopback(String host) {
        if ("127.0.0.1".equals(host) || "localhost".equals(host) || "[::1]".equals(host) || "::1".equals(host)) {
            return true;
        }
        String name = host.toLowerCase(Locale.ROOT);
        return name.equals("localhost") || name.endsWith(".localhost") || name.matches("127(\\.\\d{1,3}){3}");
    }
}
