package dev.holdfast.server.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.ConflictException;
import dev.holdfast.engine.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProtocolsTest {
    private static final String PASSWORD = "changeit";
    private static final int CLOSED = -1;

    private final BlockingQueue<EventStream> opened = new LinkedBlockingQueue<>();
    private final BlockingQueue<Parked.Wake> wakes = new LinkedBlockingQueue<>();
    private final CountDownLatch parked = new CountDownLatch(1);
    private final Mount mount = TestServer.root(
            Route.get("/park", "park", x -> {
                x.park(Duration.ofMinutes(5), (y, why) -> {
                    wakes.add(why);
                    y.respond(204);
                });
                parked.countDown();
            }),
            Route.get("/hello", "hello", x -> x.respondText(200, "hello")),
            Route.post("/echo", "echo", x -> x.respond(200, ContentType.BYTES, x.body())),
            Route.get("/events", "events", x -> opened.add(x.events())));

    @Test
    void oneConnectionOfHttp1CarriesManyRequests() throws Exception {
        try (TestServer server = new TestServer(TestServer.options(), b -> b.mount(mount));
                RawClient raw = server.raw()) {
            String request = "GET /hello HTTP/1.1\nHost: localhost\n\n";

            raw.send(request + request + request);

            for (int i = 0; i < 3; i++) {
                assertThat(raw.answer(false).text()).isEqualTo("hello");
            }
            assertThat(raw.send("GET /hello HTTP/1.1\nHost: localhost\nConnection: close\n\n")
                            .answer(false)
                            .text())
                    .isEqualTo("hello");
            assertThat(raw.ended()).isTrue();
        }
    }

    @Test
    void clearTextIsUpgradedToHttp2() throws Exception {
        try (TestServer server = new TestServer(TestServer.options(), b -> b.mount(mount));
                HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_2)
                        .build()) {
            var answer = client.send(server.request("/hello").build(), BodyHandlers.ofString());
            var next = client.send(
                    server.request("/echo")
                            .POST(BodyPublishers.ofString("more"))
                            .build(),
                    BodyHandlers.ofString());

            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(answer.body()).isEqualTo("hello");
            assertThat(next.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(next.body()).isEqualTo("more");
        }
    }

    @Test
    void clearTextWithPriorKnowledgeSpeaksHttp2AtOnce() throws Exception {
        try (TestServer server = new TestServer(TestServer.options(), b -> b.mount(mount));
                RawClient raw = server.raw()) {
            byte[] noSettings = {0, 0, 0, 4, 0, 0, 0, 0, 0};

            raw.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII)).send(noSettings);

            byte[] frame = raw.bytes(9);
            assertThat(frame[3]).as("the first frame is SETTINGS").isEqualTo((byte) 4);
            assertThat(frame[4]).as("and acknowledges nothing").isZero();
        }
    }

    @Test
    void tlsOffersHttp2AndHttp1(@TempDir Path folder) throws Exception {
        Path keystore = keystore(folder);
        SSLContext trust = trust(keystore);
        HttpServerOptions options = TestServer.options().withTls(new Tls.Keystore(keystore, PASSWORD));
        try (TestServer server = new TestServer(options, b -> b.mount(mount));
                HttpClient http2 = HttpClient.newBuilder().sslContext(trust).build();
                HttpClient http1 = HttpClient.newBuilder()
                        .sslContext(trust)
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            var two = http2.send(
                    server.request("/echo")
                            .POST(BodyPublishers.ofString("posted"))
                            .build(),
                    BodyHandlers.ofString());
            var one = http1.send(server.request("/hello").build(), BodyHandlers.ofString());

            assertThat(server.http.baseUrl().getScheme()).isEqualTo("https");
            assertThat(two.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(two.body()).isEqualTo("posted");
            assertThat(one.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
            assertThat(one.body()).isEqualTo("hello");
        }
    }

    @Test
    void tlsCarriesEventStreamsOfHttp1(@TempDir Path folder) throws Exception {
        Path keystore = keystore(folder);
        HttpServerOptions options = TestServer.options().withTls(new Tls.Keystore(keystore, PASSWORD));
        BlockingQueue<EventStream> opened = new LinkedBlockingQueue<>();
        Mount events = TestServer.root(Route.get("/events", "events", x -> opened.add(x.events())));
        try (TestServer server = new TestServer(options, b -> b.mount(events));
                RawClient raw = new RawClient(trust(keystore)
                        .getSocketFactory()
                        .createSocket(InetAddress.getLoopbackAddress(), server.http.port()))) {
            for (int i = 0; i < 3; i++) {
                raw.send("GET /events HTTP/1.1\nHost: localhost\n\n").head();
                EventStream stream = Objects.requireNonNull(opened.poll(20, TimeUnit.SECONDS));
                stream.send(SseEvent.of("", "x".repeat(100_000)));
                stream.close();

                assertThat(raw.textChunk()).isEqualTo("data: " + "x".repeat(100_000) + "\n\n");
                assertThat(raw.chunk()).isEmpty();
            }
        }
    }

    @Test
    void aKeystoreThatCannotBeUsedIsRefusedAtStart(@TempDir Path folder) throws Exception {
        Path keystore = keystore(folder);
        HttpServerOptions wrong = TestServer.options().withTls(new Tls.Keystore(keystore, "wrong-password"));
        HttpServerOptions missing =
                TestServer.options().withTls(new Tls.Keystore(folder.resolve("none.p12"), PASSWORD));

        assertThatThrownBy(() -> new TestServer(wrong, b -> b))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("http.cannot_listen")
                .hasMessageNotContaining("wrong-password");
        assertThatThrownBy(() -> new TestServer(missing, b -> b)).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void tlsReadsPemFiles(@TempDir Path folder) throws Exception {
        Path keystore = keystore(folder);
        HttpServerOptions options = TestServer.options().withTls(pem(folder, keystore));
        try (TestServer server = new TestServer(options, b -> b.mount(mount));
                HttpClient client =
                        HttpClient.newBuilder().sslContext(trust(keystore)).build()) {
            var answer = client.send(server.request("/hello").build(), BodyHandlers.ofString());

            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(answer.body()).isEqualTo("hello");
        }
    }

    @Test
    void pemFilesThatAreOfNoUseAreRefusedByName(@TempDir Path folder) throws Exception {
        Tls.Pem good = pem(folder, keystore(folder));
        Path missing = folder.resolve("missing.pem");
        Path noise = Files.writeString(folder.resolve("noise.pem"), "noise");
        Path locked = Files.writeString(
                folder.resolve("locked.pem"),
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n");
        Path broken = Files.writeString(
                folder.resolve("broken.pem"), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");

        refusedPem(new Tls.Pem(missing, good.key()), "missing.pem");
        refusedPem(new Tls.Pem(noise, good.key()), "noise.pem");
        refusedPem(new Tls.Pem(good.certificates(), missing), "missing.pem");
        refusedPem(new Tls.Pem(good.certificates(), locked), "openssl pkcs8");
        refusedPem(new Tls.Pem(good.certificates(), broken), "broken.pem");
    }

    private static void refusedPem(Tls files, String named) {
        assertThatThrownBy(() -> new TestServer(TestServer.options().withTls(files), b -> b))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("http.pem_unusable")
                .hasMessageContaining(named);
    }

    private static Tls.Pem pem(Path folder, Path keystore) throws Exception {
        KeyStore store = KeyStore.getInstance(keystore.toFile(), PASSWORD.toCharArray());
        String alias = store.aliases().nextElement();
        return new Tls.Pem(
                pem(
                        folder.resolve("chain.pem"),
                        "CERTIFICATE",
                        store.getCertificate(alias).getEncoded()),
                pem(
                        folder.resolve("key.pem"),
                        "PRIVATE KEY",
                        store.getKey(alias, PASSWORD.toCharArray()).getEncoded()));
    }

    private static Path pem(Path file, String what, byte[] bytes) throws Exception {
        String text = Base64.getMimeEncoder().encodeToString(bytes);
        return Files.writeString(file, "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
    }

    @Test
    void aPortInUseIsRefusedAtStart() {
        try (TestServer server = new TestServer(TestServer.options(), b -> b)) {
            int taken = server.http.port();

            assertThatThrownBy(() -> new TestServer(TestServer.options().withPort(taken), b -> b))
                    .isInstanceOf(ConflictException.class)
                    .hasMessageStartingWith(
                            "http.port_in_use: the port is in use (host=127.0.0.1, port=" + taken + ")");
        }
    }

    @Test
    void anHttp2ReaderThatGoesAwayIsNoticedAtOnce() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        try (TestServer server = new TestServer(TestServer.options(), b -> b.mount(mount));
                HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_2)
                        .build()) {
            client.send(server.request("/hello").build(), BodyHandlers.discarding());
            var answer = client.send(server.request("/events").build(), BodyHandlers.ofInputStream());
            EventStream stream = opened.poll(20, TimeUnit.SECONDS);
            assertThat(stream).isNotNull();
            stream.onClose(closed::countDown);
            stream.send(SseEvent.of("", "x"));

            try (InputStream body = answer.body()) {
                assertThat(new String(body.readNBytes(9), US_ASCII)).isEqualTo("data: x\n\n");
            }

            // No ping comes within 15 seconds, and none is needed.
            assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
        }
    }

    @Test
    void aParkedHttp2RequestThatIsCancelledGoesOnAtOnce() throws Exception {
        try (TestServer server = new TestServer(TestServer.options(), b -> b.mount(mount));
                HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_2)
                        .build()) {
            client.send(server.request("/hello").build(), BodyHandlers.discarding());
            var answer = client.sendAsync(server.request("/park").build(), BodyHandlers.discarding());
            parked.await();

            answer.cancel(true);

            assertThat(wakes.poll(20, TimeUnit.SECONDS)).isEqualTo(Parked.Wake.GONE);
        }
    }

    @Test
    void limitsHoldForHttp2() throws Exception {
        HttpServerOptions options = TestServer.options()
                .withLimits(HttpLimits.defaults().withBodyBytes(1000).withHeaderBytes(4096));
        try (TestServer server = new TestServer(options, b -> b.mount(mount));
                HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_2)
                        .build()) {
            client.send(server.request("/hello").build(), BodyHandlers.discarding());
            var body = client.send(
                    server.request("/echo")
                            .POST(BodyPublishers.ofByteArray(new byte[5_000_000]))
                            .build(),
                    BodyHandlers.ofString());

            assertThat(body.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(body.statusCode()).isEqualTo(413);
            assertThat(statusOfLongHeader(server, client)).isIn(431, CLOSED);
        }
    }

    /** Beyond the limit the compression state of a connection is lost, so it ends; its client may see that first. */
    private static int statusOfLongHeader(TestServer server, HttpClient client) throws InterruptedException {
        try {
            return client.send(
                            server.request("/hello")
                                    .header("X-Long", "a".repeat(5000))
                                    .build(),
                            BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            return CLOSED;
        }
    }

    private static Path keystore(Path folder) throws Exception {
        Path keystore = folder.resolve("server.p12");
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        Process process = new ProcessBuilder(
                        keytool.toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-validity",
                        "2",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost,ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        keystore.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), US_ASCII);
        assertThat(process.waitFor()).as(output).isZero();
        return keystore;
    }

    private static SSLContext trust(Path keystore) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keystore)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", keys.getCertificate("server"));
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }
}
