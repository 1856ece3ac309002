package dev.holdfast.client;

import static java.util.Objects.requireNonNull;

import dev.holdfast.engine.InvalidInputException;
import java.net.URI;
import java.net.http.HttpClient;

/**
 * A server of streams. It opens no connection until something is asked; its handles may be used by many threads.
 *
 * <p>Over TLS it speaks HTTP/2 where the server does, and everything shares a connection. In clear text it speaks
 * HTTP/1.1, where each reader that waits has a connection of its own; hand in a client of your own to change that.
 */
public final class StreamClient implements AutoCloseable {
    private final URI base;
    private final ClientOptions options;
    private final Transport transport;

    private StreamClient(URI base, ClientOptions options, Transport transport) {
        this.base = base;
        this.options = options;
        this.transport = transport;
    }

    /** Opens with the default options. */
    public static StreamClient open(URI base) {
        return open(base, ClientOptions.defaults());
    }

    /**
     * Opens on the address below which the streams of a server are.
     *
     * @param base such as {@code http://127.0.0.1:4437/v1/stream}; http or https, without query and fragment
     * @throws InvalidInputException {@code client.address}
     */
    public static StreamClient open(URI base, ClientOptions options) {
        URI checked = checked(base);
        requireNonNull(options, "options");
        HttpClient http = HttpClient.newBuilder()
                .version(
                        "https".equalsIgnoreCase(checked.getScheme())
                                ? HttpClient.Version.HTTP_2
                                : HttpClient.Version.HTTP_1_1)
                .connectTimeout(options.connectTimeout())
                .build();
        return new StreamClient(checked, options, new Transport(http, true, options));
    }

    /** The same over an HTTP client of the caller, who closes it; the time to connect is that of the client. */
    public static StreamClient open(URI base, ClientOptions options, HttpClient http) {
        return new StreamClient(
                checked(base),
                requireNonNull(options, "options"),
                new Transport(requireNonNull(http, "http"), false, options));
    }

    /** One on a transport of a test. */
    static StreamClient over(URI base, ClientOptions options, Transport transport) {
        return new StreamClient(checked(base), options, transport);
    }

    /**
     * The stream of a name, which need not exist. Handles are cheap, but overlapping appends share a request only when
     * they go through the same one.
     *
     * @param name not empty; slashes part it as the server sees fit
     * @throws InvalidInputException {@code client.name}
     */
    public RemoteStream stream(String name) {
        if (requireNonNull(name, "name").isEmpty()) {
            throw new InvalidInputException("client.name", "the name of a stream is not empty");
        }
        return new RemoteStream(transport, options, new StreamAddress(base, name, options.headers(), options.params()));
    }

    /**
     * Ends every request and every reading; what an append that was under way came to is not known then. Handles fail
     * from now on with {@code client.closed}. May be called again without effect.
     */
    @Override
    public void close() {
        transport.close();
    }

    private static URI checked(URI base) {
        requireNonNull(base, "base");
        String scheme = base.getScheme();
        boolean known = "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
        if (!known || base.getHost() == null || base.getRawQuery() != null || base.getRawFragment() != null) {
            throw new InvalidInputException(
                    "client.address",
                    "the address of a server is http or https with a host, without query and fragment (length="
                            + base.toString().length() + ")");
        }
        String text = base.toString();
        return text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : base;
    }
}
