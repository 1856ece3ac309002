package dev.holdfast.cli.load;

import dev.holdfast.engine.InvalidInputException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;

/**
 * A server and a place on it.
 *
 * @param host name or address
 * @param port 1 to 65,535
 * @param path of the URL, without a slash at its end
 * @param token that every request bears
 */
public record LoadTarget(String host, int port, String path, Optional<String> token) {
    private static final int HTTP_PORT = 80;

    /** Checks that nothing is missing. */
    public LoadTarget {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(token, "token");
    }

    /**
     * What a URL means.
     *
     * @throws InvalidInputException it is no URL of HTTP in clear text
     */
    public static LoadTarget of(String url, Optional<String> token) {
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException("cli.url", "this is no URL: " + url, e);
        }
        if (!"http".equals(uri.getScheme()) || uri.getHost() == null) {
            throw new InvalidInputException(
                    "cli.url", "the load generator speaks http://HOST[:PORT]/PATH, without TLS (url=" + url + ")");
        }
        String path = Objects.requireNonNullElse(uri.getRawPath(), "").replaceFirst("/+$", "");
        return new LoadTarget(uri.getHost(), uri.getPort() < 0 ? HTTP_PORT : uri.getPort(), path, token);
    }

    /** Another place on the same server. */
    public LoadTarget at(String other) {
        return new LoadTarget(host, port, other, token);
    }

    /** The place of a name below this one. */
    public LoadTarget below(String name) {
        return at(path + "/" + name);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(host, port);
    }

    /** The end of a request line and the headers of every request, without the empty line. */
    String headers() {
        return " HTTP/1.1\r\nHost: " + host + ":" + port + "\r\n"
                + token.map(secret -> "Authorization: Bearer " + secret + "\r\n")
                        .orElse("");
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
