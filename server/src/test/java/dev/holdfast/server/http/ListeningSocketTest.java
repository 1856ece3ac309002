package dev.holdfast.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.ConflictException;
import dev.holdfast.engine.InvalidInputException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListeningSocketTest {
    private static final HttpServerOptions OPTIONS =
            HttpServerOptions.defaults().withPort(0);

    @TempDir
    private Path folder;

    @Test
    void whoConnectsBeforeTheServerStartsIsServedByIt() throws Exception {
        try (ListeningSocket socket = ListeningSocket.open(OPTIONS, true);
                RawClient early = new RawClient(port(socket))) {
            early.send("GET /hello HTTP/1.1\nHost: localhost\n\n");
            Mount mount = TestServer.root(Route.get("/hello", "hello", x -> x.respondText(200, "hello")));

            try (TestServer server =
                    new TestServer(OPTIONS, b -> b.socket(socket).mount(mount))) {
                assertThat(early.answer(false).text()).isEqualTo("hello");
                assertThat(server.http.port()).isEqualTo(port(socket));
                assertThat(server.http.baseUrl().getPort()).isEqualTo(port(socket));
            }
            assertThat(socket.channel().isOpen()).isFalse();
        }
    }

    @Test
    void theAddressIsFreeAgainWhenItIsClosed() throws Exception {
        int port;
        try (ListeningSocket socket = ListeningSocket.open(OPTIONS, true)) {
            port = port(socket);
            HttpServerOptions same = OPTIONS.withPort(port);
            assertThatThrownBy(() -> ListeningSocket.open(same, true))
                    .isInstanceOf(ConflictException.class)
                    .hasMessage("http.port_in_use: the port is in use (host=127.0.0.1, port=" + port + ")");
        }
        try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(other.getLocalPort()).isEqualTo(port);
        }
    }

    @Test
    void whatCannotBeServedIsRefused() throws IOException {
        Path noise = Files.writeString(folder.resolve("noise"), "no keys");

        assertRefused("http.host_without_token", OPTIONS.withHost("0.0.0.0"), true);
        assertRefused("http.host_unknown", OPTIONS.withHost("no.such.host.invalid"), true);
        assertRefused("http.host_unknown", OPTIONS.withHost("no.such.host.invalid"), false);
        assertRefused("http.cannot_listen", OPTIONS.withHost("192.0.2.1"), false);
        assertRefused("http.pem_unusable", OPTIONS.withTls(new Tls.Pem(noise, noise)), true);
        assertRefused("http.cannot_listen", OPTIONS.withTls(new Tls.Keystore(noise, "secret")), true);
        assertRefused("http.keystore_unreadable", OPTIONS.withTls(new Tls.Keystore(folder.resolve("none"), "")), true);
    }

    private static void assertRefused(String code, HttpServerOptions options, boolean open) {
        assertThatThrownBy(() -> ListeningSocket.open(options, open))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith(code);
    }

    private static int port(ListeningSocket socket) {
        ServerSocketChannel channel = socket.channel();
        return channel.socket().getLocalPort();
    }
}
