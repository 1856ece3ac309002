package dev.holdfast.server.http;

import dev.holdfast.engine.InvalidInputException;
import java.nio.file.Files;
import java.util.Optional;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.EndPoint;
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
            return new ConnectionFactory[] {new HttpConnectionFactory(http), new HTTP2CServerConnectionFactory(http)};
        }
        // Clients reach a server by many names; which certificate fits is for them to judge.
        http.addCustomizer(new SecureRequestCustomizer(false));
        HttpConnectionFactory http1 = new HttpConnectionFactory(http);
        ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
        alpn.setDefaultProtocol(http1.getProtocol());
        return new ConnectionFactory[] {
            new SslConnectionFactory(keys(tls.get()), alpn.getProtocol()),
            alpn,
            new HTTP2ServerConnectionFactory(http),
            http1
        };
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
