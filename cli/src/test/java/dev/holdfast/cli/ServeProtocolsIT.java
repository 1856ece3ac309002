package dev.holdfast.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the packaged server speaks on its one port: HTTP/1.1 and HTTP/2, in clear text and with TLS. */
class ServeProtocolsIT {
    private static final String PASSWORD = "changeit";
    private static final String ALIAS = "server";
    private static final String LIVE = "/health/live";
    private static final int FRAME_HEAD = 9;
    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final byte STATUS_200 = (byte) 0x88; // behind the size of the table, which may stand first

    @TempDir
    Path folder;

    @Test
    void clearTextIsHttp1OrHttp2WithPriorKnowledge() throws Exception {
        try (ServerProcess server = ServerProcess.serve(folder);
                HttpClient http1 = client(HttpClient.Version.HTTP_1_1, null);
                Socket http2 = new Socket(
                        InetAddress.getLoopbackAddress(), server.awaitBase().getPort())) {
            var answer = get(http1, server.at(LIVE));
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);

            http2.getOutputStream().write(priorKnowledgeRequest());

            DataInputStream in = new DataInputStream(http2.getInputStream());
            assertThat(frame(in).type()).isEqualTo(SETTINGS);
            assertThat(frame(in, HEADERS).payload()).contains(STATUS_200);
        }
    }

    @Test
    void tlsWithAKeystoreIsHttp2OrHttp1() throws Exception {
        Path keystore = keystore();

        speaksBothOverTls(keystore, "--tls-keystore", keystore.toString());
    }

    @Test
    void tlsWithPemFilesIsHttp2OrHttp1() throws Exception {
        Path keystore = keystore();
        KeyStore keys = load(keystore);
        Path certificate = pem("CERTIFICATE", keys.getCertificate(ALIAS).getEncoded());
        Path key = pem("PRIVATE KEY", keys.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded());

        speaksBothOverTls(keystore, "--tls-cert", certificate.toString(), "--tls-key", key.toString());
    }

    @Test
    void aWrongPasswordOfTheKeystoreIsOneLine() throws Exception {
        try (ServerProcess server =
                start("not-" + PASSWORD, "--tls-keystore", keystore().toString())) {
            assertThat(server.awaitExit()).isEqualTo(2);
            assertThat(server.out()).isEmpty();
            assertThat(server.err().lines()).singleElement().asString().contains("password");
        }
    }

    private void speaksBothOverTls(Path keystore, String... flags) throws Exception {
        SSLContext trust = trust(keystore);
        try (ServerProcess server = start(PASSWORD, flags);
                HttpClient http2 = client(HttpClient.Version.HTTP_2, trust);
                HttpClient http1 = client(HttpClient.Version.HTTP_1_1, trust)) {
            assertThat(server.awaitBase().getScheme()).isEqualTo("https");

            for (HttpClient client : new HttpClient[] {http2, http1}) {
                var answer = get(client, server.at(LIVE));
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.version()).isEqualTo(client.version());
            }
            server.terminate();
            assertThat(server.awaitExit()).isZero();
            assertThat(server.err()).isEmpty();
        }
    }

    private ServerProcess start(String password, String... flags) throws IOException {
        String[] words = Stream.concat(Stream.of("serve", "--db", "app.db", "--port", "0"), Stream.of(flags))
                .toArray(String[]::new);
        return ServerProcess.start(folder, Map.of("HOLDFAST_TLS_PASSWORD", password), words);
    }

    /** The preface, no settings, and GET /health/live of localhost as stream 1. */
    private static byte[] priorKnowledgeRequest() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        head.write(0x82); // :method GET
        head.write(0x86); // :scheme http
        head.write(0x04); // :path, as follows
        head.write(LIVE.length());
        head.write(LIVE.getBytes(US_ASCII));
        head.write(0x01); // :authority, as follows
        head.write("localhost".length());
        head.write("localhost".getBytes(US_ASCII));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
        all.write(new byte[] {0, 0, 0, SETTINGS, 0, 0, 0, 0, 0});
        all.write(new byte[] {0, 0, (byte) head.size(), HEADERS, 0x05, 0, 0, 0, 1}); // ends headers and stream
        all.write(head.toByteArray());
        return all.toByteArray();
    }

    private record Frame(int type, byte[] payload) {}

    /** The next frame of a type. */
    private static Frame frame(DataInputStream in, int type) throws IOException {
        Frame frame = frame(in);
        while (frame.type() != type) {
            frame = frame(in);
        }
        return frame;
    }

    private static Frame frame(DataInputStream in) throws IOException {
        byte[] head = new byte[FRAME_HEAD];
        in.readFully(head);
        byte[] payload = new byte[((head[0] & 0xff) << 16) | ((head[1] & 0xff) << 8) | (head[2] & 0xff)];
        in.readFully(payload);
        return new Frame(head[3], payload);
    }

    private static HttpClient client(HttpClient.Version version, @Nullable SSLContext trust) {
        HttpClient.Builder client = HttpClient.newBuilder().version(version);
        return trust == null ? client.build() : client.sslContext(trust).build();
    }

    private static HttpResponse<String> get(HttpClient client, URI uri) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    /** A keystore with a key for 127.0.0.1 that it has signed itself, made by the JDK's own tool. */
    private Path keystore() throws IOException, InterruptedException {
        Path file = folder.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        ALIAS,
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        assertThat(keytool.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(keytool.exitValue())
                .as(Files.readString(folder.resolve("keytool.log")))
                .isZero();
        return file;
    }

    private Path pem(String what, byte[] encoded) throws IOException {
        String lines = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(encoded);
        return Files.writeString(
                folder.resolve(what.replace(' ', '-') + ".pem"),
                "-----BEGIN " + what + "-----\n" + lines + "\n-----END " + what + "-----\n");
    }

    private static KeyStore load(Path keystore) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keystore)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    private static SSLContext trust(Path keystore) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(ALIAS, load(keystore).getCertificate(ALIAS));
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }
}
