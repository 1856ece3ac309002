package dev.holdfast.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.json.Json;
import java.io.EOFException;
import java.net.SocketException;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Requests made of random pieces, right and wrong. Whatever comes, the server answers in shape or closes the
 * connection, keeps its books and goes on serving others.
 */
class RandomRequestsTest {
    private static final List<String> METHODS =
            List.of("GET", "PUT", "POST", "HEAD", "OPTIONS", "DELETE", "BREW", "get", "G\u0001T", "");
    private static final List<String> PIECES = List.of(
            "/",
            "//",
            "/keys",
            "/a b",
            "/%41",
            "/%zz",
            "/%",
            "/%00",
            "/%C3%28",
            "/..",
            "/.",
            "/;x",
            "/{x}",
            "/é",
            "?a=1",
            "?",
            "&b=%zz",
            "#f",
            "/ns/",
            "/ns/x",
            "\\",
            "|",
            "\"",
            "*",
            "http://x/",
            "/" + "y".repeat(300));
    private static final List<String> HEADERS = List.of(
            "Host: localhost",
            "Host: localhost",
            "Host: localhost",
            "Host:",
            "Host: evil.example",
            "X-Request-Id: ok",
            "X-Request-Id: \u0001",
            "Origin: https://evil.example",
            "Origin: http://localhost",
            "Content-Length: 5",
            "Content-Length: -1",
            "Content-Length: 99999999999999999999",
            "Transfer-Encoding: chunked",
            "Expect: 100-continue",
            "Connection: close",
            "Access-Control-Request-Method: PUT",
            "Authorization: Bearer x",
            "no colon",
            " folded",
            "X-Long: " + "z".repeat(3000));
    private static final List<String> BODIES =
            List.of("", "hello", "5\r\nhello\r\n0\r\n\r\n", "zz\r\n", "0\r\n\r\n", "{\"a\":1}", "\u0000\u00ff");
    // The shapes of our own errors; 426 and 417 are Jetty's, in our shape as well.
    private static final Set<Integer> EXPECTED =
            Set.of(100, 200, 204, 400, 403, 404, 405, 408, 411, 413, 414, 417, 426, 431, 501, 505);

    @Test
    void whateverComesIsAnsweredInShapeOrCut() throws Exception {
        long seed = Long.getLong("holdfast.seed", System.nanoTime());
        Random random = new Random(seed);
        HttpServerOptions options = TestServer.options()
                .withLimits(HttpLimits.defaults().withHeaderBytes(2048).withBodyBytes(4));
        HttpHandler echo = x -> x.respond(200, ContentType.BYTES, x.body());
        try (TestServer server = new TestServer(
                options,
                b -> b.mount(TestServer.root(
                        Route.get(
                                "/keys/{path...}",
                                "get",
                                x -> x.respondText(
                                        200,
                                        x.pathParts("path") + x.queryParams("b").toString())),
                        Route.put("/keys/{path...}", "put", echo),
                        Route.post("/", "post", echo))))) {
            int answered = 0;
            for (int i = 0; i < 1_500; i++) {
                String request = request(random);
                int status = status(server, request);
                answered += status > 0 ? 1 : 0;

                assertThat(status)
                        .as("seed %d, request %d: %s", seed, i, request)
                        .isIn(allowed());
            }

            assertThat(answered).as("seed %d", seed).isGreaterThan(500);
            assertThat(server.ask("GET", "/keys/still/here?b=1").text()).isEqualTo("[still, here][1]");
            assertThat(server.http.metrics().scrape()).contains("status=\"4xx\"");
        }
    }

    private static Set<Integer> allowed() {
        Set<Integer> all = new java.util.HashSet<>(EXPECTED);
        all.add(0);
        return all;
    }

    private static String pick(Random random, List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private static String request(Random random) {
        StringBuilder request = new StringBuilder(pick(random, METHODS)).append(' ');
        int pieces = 1 + random.nextInt(4);
        for (int i = 0; i < pieces; i++) {
            request.append(pick(random, PIECES));
        }
        request.append(random.nextInt(20) == 0 ? " HTTP/9.9" : " HTTP/1.1").append("\r\n");
        int headers = random.nextInt(5);
        for (int i = 0; i < headers; i++) {
            request.append(pick(random, HEADERS)).append("\r\n");
        }
        return request.append("\r\n").append(pick(random, BODIES)).toString();
    }

    /**
     * The status of the answer, 0 when the connection was closed without one. Half-closed, so that no request stays
     * incomplete.
     */
    private static int status(TestServer server, String request) throws Exception {
        try (RawClient raw = server.raw()) {
            raw.send(request.getBytes(ISO_8859_1)).endOutput();
            var head = raw.head();
            if (head.status() >= 400 && head.header("content-length").isPresent() && !request.startsWith("HEAD")) {
                var body = Json.parse(
                        raw.bytes(Integer.parseInt(head.header("content-length").get())));
                assertThat(body.get("status").asInt()).isEqualTo(head.status());
                assertThat(head.header("x-content-type-options")).contains("nosniff");
                assertThat(head.header("x-request-id")).isPresent();
            }
            return head.status();
        } catch (EOFException | SocketException e) {
            return 0;
        }
    }
}
