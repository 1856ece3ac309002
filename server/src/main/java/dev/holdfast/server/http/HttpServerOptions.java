package dev.holdfast.server.http;

import static java.util.Objects.requireNonNull;

import dev.holdfast.engine.InvalidInputException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where and how a server listens.
 *
 * @param host address or name to listen on; anything but loopback needs an {@link Authenticator} that asks for a token
 * @param port 1 to 65,535, or 0 for any free one
 * @param tls key and certificate; empty for clear text
 * @param limits what one client may ask
 * @param corsOrigins browser origins that may read answers, {@code scheme://host} or {@code scheme://host:port}, or
 *     {@code *} alone for all; kept as browsers write them, in lower case and without the port that a scheme has
 *     anyway; none by default; a mount with rules of its own does not use them
 * @param stopTimeout how long {@link HttpServer#close()} waits for requests that are being answered, 0 to 1 hour
 * @param idleTimeout how long a connection may be silent in both directions, 1 second to 1 day
 * @param pingInterval how often an idle event stream gets a sign of life, 10 milliseconds to 1 hour; it is also how
 *     long it takes to notice a reader that has gone
 * @param publicUrl the address that clients use when a proxy stands in front; empty when there is none
 */
public record HttpServerOptions(
        String host,
        int port,
        Optional<Tls> tls,
        HttpLimits limits,
        List<String> corsOrigins,
        Duration stopTimeout,
        Duration idleTimeout,
        Duration pingInterval,
        Optional<URI> publicUrl) {
    /** The port that a server listens on unless told otherwise. */
    public static final int PORT_DEFAULT = 4437;

    /** Checks every range. */
    public HttpServerOptions {
        requireNonNull(host, "host");
        requireNonNull(tls, "tls");
        requireNonNull(limits, "limits");
        corsOrigins = Cors.origins(requireNonNull(corsOrigins, "corsOrigins"));
        requireNonNull(publicUrl, "publicUrl");
        if (host.isBlank()) {
            throw invalid("host", "''", "a name or an address");
        }
        if (port < 0 || port > 65_535) {
            throw invalid("port", port, "0 to 65535");
        }
        between("stopTimeout", stopTimeout, Duration.ZERO, Duration.ofHours(1));
        between("idleTimeout", idleTimeout, Duration.ofSeconds(1), Duration.ofDays(1));
        between("pingInterval", pingInterval, Duration.ofMillis(10), Duration.ofHours(1));
        publicUrl.ifPresent(HttpServerOptions::requireHttp);
    }

    /** 127.0.0.1:4437 in clear text, 5 seconds to stop, 10 minutes of silence, a sign of life every 15 seconds. */
    public static HttpServerOptions defaults() {
        return new HttpServerOptions(
                "127.0.0.1",
                PORT_DEFAULT,
                Optional.empty(),
                HttpLimits.defaults(),
                List.of(),
                Duration.ofSeconds(5),
                Duration.ofMinutes(10),
                Duration.ofSeconds(15),
                Optional.empty());
    }

    /** These options with another host. */
    public HttpServerOptions withHost(String name) {
        return new HttpServerOptions(
                name, port, tls, limits, corsOrigins, stopTimeout, idleTimeout, pingInterval, publicUrl);
    }

    /** These options with another port; 0 takes any free one. */
    public HttpServerOptions withPort(int number) {
        return new HttpServerOptions(
                host, number, tls, limits, corsOrigins, stopTimeout, idleTimeout, pingInterval, publicUrl);
    }

    /** These options with TLS. */
    public HttpServerOptions withTls(Tls keys) {
        return new HttpServerOptions(
                host,
                port,
                Optional.of(requireNonNull(keys, "keys")),
                limits,
                corsOrigins,
                stopTimeout,
                idleTimeout,
                pingInterval,
                publicUrl);
    }

    /** These options with other limits. */
    public HttpServerOptions withLimits(HttpLimits other) {
        return new HttpServerOptions(
                host, port, tls, other, corsOrigins, stopTimeout, idleTimeout, pingInterval, publicUrl);
    }

    /** These options with the browser origins that may read answers. */
    public HttpServerOptions withCorsOrigins(List<String> origins) {
        return new HttpServerOptions(
                host, port, tls, limits, origins, stopTimeout, idleTimeout, pingInterval, publicUrl);
    }

    /** These options with another time for stopping. */
    public HttpServerOptions withStopTimeout(Duration time) {
        return new HttpServerOptions(host, port, tls, limits, corsOrigins, time, idleTimeout, pingInterval, publicUrl);
    }

    /** These options with another time that a connection may be silent. */
    public HttpServerOptions withIdleTimeout(Duration time) {
        return new HttpServerOptions(host, port, tls, limits, corsOrigins, stopTimeout, time, pingInterval, publicUrl);
    }

    /** These options with another interval between signs of life on event streams. */
    public HttpServerOptions withPingInterval(Duration time) {
        return new HttpServerOptions(host, port, tls, limits, corsOrigins, stopTimeout, idleTimeout, time, publicUrl);
    }

    /** These options with the address that clients use, {@code http} or {@code https}. */
    public HttpServerOptions withPublicUrl(URI url) {
        return new HttpServerOptions(
                host,
                port,
                tls,
                limits,
                corsOrigins,
                stopTimeout,
                idleTimeout,
                pingInterval,
                Optional.of(requireNonNull(url, "url")));
    }

    private static void between(String name, Duration value, Duration min, Duration max) {
        if (requireNonNull(value, name).compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw invalid(name, value, min + " to " + max);
        }
    }

    private static void requireHttp(URI url) {
        boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        if (!http || url.getHost() == null) {
            throw invalid("publicUrl", url, "http://HOST or https://HOST");
        }
    }

    private static InvalidInputException invalid(String name, Object value, String expected) {
        return new InvalidInputException(
                "http.option_invalid",
                "an option has no usable value (" + name + "=" + value + ", expected " + expected + ")");
    }
}
