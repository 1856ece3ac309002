package dev.holdfast.server.http;

import static java.util.Objects.requireNonNull;

import dev.holdfast.engine.ConflictException;
import dev.holdfast.engine.HoldfastException;
import dev.holdfast.engine.InvalidInputException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * The address of a server, taken before there is anything to serve. A program that makes a store first learns here,
 * while nothing was made, that the port is in use, the host is not ours, or the keys cannot be read. Who connects waits
 * until a server starts on it; see {@link HttpServer.Builder#socket}.
 */
public final class ListeningSocket implements AutoCloseable {
    /** As many may wait until a server starts. */
    static final int ACCEPT_QUEUE = 20_000;

    private final ServerSocketChannel channel;

    private ListeningSocket(ServerSocketChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the address that the options name, and reads the keys once to see that they are some.
     *
     * @param open whether the server will ask for no token
     * @throws InvalidInputException the host is not loopback and no token will be asked for, or host and port cannot be
     *     listened on, or the keys cannot be read
     * @throws ConflictException {@code http.port_in_use}: another program listens on the port; take another one
     */
    public static ListeningSocket open(HttpServerOptions options, boolean open) {
        requireNonNull(options, "options");
        requireLoopback(options.host(), open);
        try {
            JettySetup.tryKeys(options);
            return new ListeningSocket(bound(options));
        } catch (HoldfastException e) {
            throw e;
        } catch (Exception e) {
            throw cannotListen(options, e);
        }
    }

    private static ServerSocketChannel bound(HttpServerOptions options) throws IOException {
        InetSocketAddress address = new InetSocketAddress(options.host(), options.port());
        if (address.isUnresolved()) {
            throw unknown(options.host(), null);
        }
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            return channel.bind(address, ACCEPT_QUEUE);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Lets the address go, unless a server has taken it over, which does so itself. */
    @Override
    public void close() throws IOException {
        channel.close();
    }

    ServerSocketChannel channel() {
        return channel;
    }

    /** Without a token nobody but this machine is served. */
    static void requireLoopback(String host, boolean open) {
        if (open && !isLoopback(host)) {
            throw new InvalidInputException(
                    "http.host_without_token",
                    "without a token the server listens on loopback only: set a token, or host 127.0.0.1 (host=" + host
                            + ")");
        }
    }

    /** What to tell of a failure to listen. */
    static HoldfastException cannotListen(HttpServerOptions options, Exception e) {
        String where = " (host=" + options.host() + ", port=" + options.port() + ")";
        return isPortInUse(e)
                ? new ConflictException("http.port_in_use", "the port is in use" + where, e)
                : new InvalidInputException("http.cannot_listen", "cannot listen" + where + ": " + e.getMessage(), e);
    }

    /** Of an address that is not this machine's the JDK throws the same exception; only its text differs. */
    private static boolean isPortInUse(Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException
                    && String.valueOf(cause.getMessage()).contains("already in use")) {
                return true;
            }
        }
        return false;
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw unknown(host, e);
        }
    }

    private static InvalidInputException unknown(String host, @Nullable UnknownHostException e) {
        String told = "the host is not known (host=" + host + ")";
        return e == null
                ? new InvalidInputException("http.host_unknown", told)
                : new InvalidInputException("http.host_unknown", told, e);
    }
}
