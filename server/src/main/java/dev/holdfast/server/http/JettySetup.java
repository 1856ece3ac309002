package dev.holdfast.server.http;

import dev.holdfast.engine.InvalidInputException;
import java.nio.file.Files;
import java.util.Optional;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.server.AbstractHTTP2ServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.WindowRateControl;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.VirtualThreadPool;

/** How Jetty is set up for us: HTTP/1.1 and HTTP/2 on one port, virtual threads, paths left as they are. */
final class JettySetup {
    private static final int FAREWELL_MILLIS = 500;
    private static final int STREAMS_MAX = 1_000;
    // Pings, window updates, settings, resets. Beyond that a connection does nothing else and is closed.
    private static final int CONTROL_FRAMES_PER_SECOND = 20_000;

    private JettySetup() {}

    /** Threads without a bound of their own: connections and their limits bound what runs. */
    static VirtualThreadPool threads() {
        VirtualThreadPool threads = new VirtualThreadPool(0);
        threads.setName("holdfast-http");
        return threads;
    }

    static ServerConnector connect(Server server, HttpCore core) {
        HttpServerOptions options = core.options();
        ServerConnector connector = new CountingConnector(server, core.connections(), protocols(options));
        connector.setHost(options.host());
        connector.setPort(options.port());
        connector.setAcceptQueueSize(ListeningSocket.ACCEPT_QUEUE);
        connector.setIdleTimeout(options.idleTimeout().toMillis());
        server.addConnector(connector);
        server.setHandler(new Dispatcher(core));
        server.setErrorHandler(new ProtocolErrors(core));
        return connector;
    }

    /** Stops Jetty. When everything is answered its connections are idle and told so; else they are cut. */
    static void stop(Server server, ServerConnector connector, boolean answered) throws Exception {
        server.setStopTimeout(answered ? FAREWELL_MILLIS : 1);
        connector.setShutdownIdleTimeout(1);
        server.stop();
    }

    private static ConnectionFactory[] protocols(HttpServerOptions options) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(options.limits().headerBytes());
        // We split and decode paths ourselves, so that an escaped slash is part of a key.
        http.setUriCompliance(UriCompliance.UNSAFE);
        Optional<Tls> tls = options.tls();
        if (tls.isEmpty()) {
            return new ConnectionFactory[] {
                new HttpConnectionFactory(http), generous(new HTTP2CServerConnectionFactory(http))
            };
        }
        // Clients reach a server by many names; which certificate fits is for them to judge.
        http.addCustomizer(new SecureRequestCustomizer(false));
        HttpConnectionFactory http1 = new HttpConnectionFactory(http);
        ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
        alpn.setDefaultProtocol(http1.getProtocol());
        return new ConnectionFactory[] {
            new SslConnectionFactory(keys(tls.get()), alpn.getProtocol()),
            alpn,
            generous(new HTTP2ServerConnectionFactory(http)),
            http1
        };
    }

    /**
     * Lets one connection carry many requests at once and a great many one after the other: Deno opens one for a whole
     * program, in which every watch is a stream of its own.
     */
    private static <T extends AbstractHTTP2ServerConnectionFactory> T generous(T http2) {
        http2.setMaxConcurrentStreams(STREAMS_MAX);
        http2.setRateControlFactory(new WindowRateControl.Factory(CONTROL_FRAMES_PER_SECOND));
        return http2;
    }

    /** Reads the keys once, to see that they are some. */
    static void tryKeys(HttpServerOptions options) throws Exception {
        if (options.tls().isPresent()) {
            SslContextFactory.Server ssl = keys(options.tls().get());
            ssl.start();
            ssl.stop();
        }
    }

    private static SslContextFactory.Server keys(Tls tls) {
        SslContextFactory.Server ssl = new SslContextFactory.Server();
        switch (tls) {
            case Tls.Keystore keystore -> {
                if (!Files.isReadable(keystore.file())) {
                    throw new InvalidInputException(
                            "http.keystore_unreadable", "the keystore cannot be read (file=" + keystore.file() + ")");
                }
                ssl.setKeyStorePath(keystore.file().toUri().toString());
                ssl.setKeyStorePassword(keystore.password());
            }
            case Tls.Pem files -> {
                ssl.setKeyStore(PemFiles.load(files));
                ssl.setKeyStorePassword("");
            }
        }
        return ssl;
    }

    /** Tells of connections before any byte of theirs has been read. */
    private static final class CountingConnector extends ServerConnector {
        private final Connections connections;

        CountingConnector(Server server, Connections connections, ConnectionFactory[] protocols) {
            super(server, 1, 1, protocols);
            this.connections = connections;
        }

        @Override
        protected void onEndPointOpened(EndPoint connection) {
            super.onEndPointOpened(connection);
            connections.opened(connection);
        }

        @Override
        protected void onEndPointClosed(EndPoint connection) {
            connections.closed(connection);
            super.onEndPointClosed(connection);
        }
    }
}
