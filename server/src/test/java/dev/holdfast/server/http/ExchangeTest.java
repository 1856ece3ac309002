package dev.holdfast.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.json.Json;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ExchangeTest {
    private static final ContentType BINARY = ContentType.BYTES;
    private static TestServer server;

    @BeforeAll
    static void start() {
        HttpServerOptions options = TestServer.options()
                .withLimits(HttpLimits.defaults().withBodyBytes(1000).withJsonDepth(4));
        server = new TestServer(
                options,
                b -> b.mount(TestServer.root(
                        Route.get(
                                "/path/{a}/{b...}",
                                "path",
                                x -> x.respondText(
                                        200, x.pathParam("a") + "|" + x.rawPathParam("b") + "|" + x.pathParts("b"))),
                        Route.get(
                                "/query",
                                "query",
                                x -> x.respondText(
                                        200,
                                        x.queryParam("a").orElse("-") + "|"
                                                + x.rawQueryParam("a").orElse("-") + "|" + x.queryParams("a") + "|"
                                                + x.queryNames() + "|"
                                                + x.query().orElse("-"))),
                        Route.get("/headers", "headers", x -> {
                            x.setHeader("X-One", x.header("x-in").orElse("-"));
                            x.addHeader("X-Two", "a");
                            x.addHeader("X-Two", x.headers("X-In").toString());
                            x.respond(204);
                        }),
                        Route.post("/echo", "echo", x -> x.respond(201, BINARY, x.body())),
                        Route.post("/small", "small", x -> x.respond(200, BINARY, x.body(10))),
                        Route.post("/upload", "upload", x -> {
                            long size = x.bodyStream(5_000_000).transferTo(java.io.OutputStream.nullOutputStream());
                            x.respondText(200, Long.toString(size));
                        }),
                        Route.post("/json", "json", x -> x.respondJson(200, x.json())),
                        Route.get("/silent", "silent", x -> {}),
                        Route.get("/twice", "twice", x -> {
                            x.respondText(200, "first");
                            x.respondText(200, "second");
                        }),
                        Route.get("/broken", "broken", x -> {
                            x.setHeader("X-Leftover", "1");
                            throw new IllegalStateException("secret of the house");
                        }),
                        Route.get(
                                "/given",
                                "given",
                                x -> x.respondError(HttpException.of(418, "test.teapot", "no coffee"))))));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void showsThePathAsItWasSentAndDecodesItsParts() throws Exception {
        var answer = server.ask("GET", "/path/a%2Fb%20c/x%2Fy/%C3%A4//z+1;p=1");

        assertThat(answer.text()).isEqualTo("a/b c|x%2Fy/%C3%A4//z+1;p=1|[x/y, ä, , z+1;p=1]");
    }

    @Test
    void brokenEscapesAreBadRequests() throws Exception {
        assertThat(server.ask("GET", "/path/%C3/x").status()).isEqualTo(400);
        assertThat(server.ask("GET", "/path/%zz/x").status()).isEqualTo(400);
        assertThat(server.ask("GET", "/path/a%00b/x").status()).isEqualTo(400);
        assertThat(server.ask("GET", "/query?a=%2").status()).isEqualTo(400);
    }

    @Test
    void readsQueriesWithoutLosingWhatWasSent() throws Exception {
        var answer = server.ask("GET", "/query?a=1%2C2,3&&b&a=x+y&%61=z&c=");

        assertThat(answer.text()).isEqualTo("1,2,3|1%2C2,3|[1,2,3, x y, z]|[a, b, c]|a=1%2C2,3&&b&a=x+y&%61=z&c=");
        assertThat(server.ask("GET", "/query").text()).isEqualTo("-|-|[]|[]|-");
    }

    @Test
    void readsAndWritesHeaders() throws Exception {
        var answer = server.ask("GET", "/headers", "X-In: 1", "x-in: 2");

        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.header("x-one")).contains("1");
        assertThat(answer.headers().get("x-two")).containsExactly("a", "[1, 2]");
    }

    @Test
    void everyAnswerForbidsSniffingAndNamesTheRequest() throws Exception {
        for (String target : List.of("/headers", "/broken", "/nowhere", "/path/%C3/x", "/path/%zz/x")) {
            var answer = server.ask("GET", target, "X-Request-Id: my.id-1");

            assertThat(answer.headers().get("x-content-type-options"))
                    .as(target)
                    .containsExactly("nosniff");
            assertThat(answer.headers().get("x-request-id")).as(target).hasSize(1);
        }
        assertThat(server.ask("GET", "/headers", "X-Request-Id: my.id-1").header("x-request-id"))
                .contains("my.id-1");
        assertThat(server.ask("GET", "/headers", "X-Request-Id: a b<script>").header("x-request-id"))
                .hasValueSatisfying(id -> assertThat(id).matches("[0-9a-f]{16}"));
    }

    @Test
    void answersBytesAsTheyAre() throws Exception {
        byte[] bytes = {0, 1, (byte) 0xff, 13, 10};

        var answer = server.client.send(
                server.request("/echo")
                        .POST(java.net.http.HttpRequest.BodyPublishers.ofByteArray(bytes))
                        .build(),
                java.net.http.HttpResponse.BodyHandlers.ofByteArray());

        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.body()).isEqualTo(bytes);
        assertThat(answer.headers().firstValue("content-length")).contains("5");
    }

    @Test
    void takesBodiesUpToTheLimitAndRefusesMore() throws Exception {
        byte[] most = new byte[1000];
        Arrays.fill(most, (byte) 'x');

        assertThat(server.post("/echo", most).body()).hasSize(1000);
        assertThat(server.post("/echo", new byte[1001]).statusCode()).isEqualTo(413);
        assertThat(server.post("/small", new byte[10]).statusCode()).isEqualTo(200);
        assertThat(server.post("/small", new byte[11]).statusCode()).isEqualTo(413);
    }

    @Test
    void refusesATooLargeBodyWithoutALengthAsWell() throws Exception {
        try (RawClient raw = server.raw()) {
            raw.send("POST /echo HTTP/1.1\nHost: localhost\nTransfer-Encoding: chunked\n\n");
            String chunk = Integer.toHexString(600) + "\n" + "x".repeat(600) + "\n";

            var answer = raw.send(chunk + chunk + "0\n\n").answer(false);

            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.text()).contains("http.body_too_large").contains("bodyBytesMax=1000");
        }
    }

    @Test
    void aClientThatIsStillSendingSeesTheRefusal() throws Exception {
        var answer = server.post("/echo", new byte[40_000_000]);

        assertThat(answer.statusCode()).isEqualTo(413);
    }

    @Test
    void anAnnouncedBodyIsRefusedBeforeItIsSent() throws Exception {
        try (RawClient raw = server.raw()) {
            raw.send("POST /echo HTTP/1.1\nHost: localhost\nContent-Length: 5000\nExpect: 100-continue\n\n");

            var answer = raw.answer(false);

            assertThat(answer.status()).isEqualTo(413);
            assertThat(raw.ended()).isTrue();
        }
    }

    @Test
    void streamsUploadsWithALimitOfTheirOwn() throws Exception {
        assertThat(server.post("/upload", new byte[3_000_000]).body()).isEqualTo("3000000");
        assertThat(server.post("/upload", new byte[5_000_001]).statusCode()).isEqualTo(413);
    }

    @Test
    void readsJsonAndSaysWhenItIsNone() throws Exception {
        var exact = server.post("/json", "{\"n\":12345678901234567890.10}".getBytes(UTF_8));
        var broken = server.post("/json", "{\"n\":".getBytes(UTF_8));
        var empty = server.post("/json", new byte[0]);
        var deep = server.post("/json", "[[[[[]]]]]".getBytes(UTF_8));
        var flat = server.post("/json", "[[[[\"[[[[[\\\"[\"]]]]".getBytes(UTF_8));

        assertThat(exact.body()).isEqualTo("{\"n\":12345678901234567890.10}");
        assertThat(List.of(broken.statusCode(), empty.statusCode(), deep.statusCode()))
                .containsExactly(400, 400, 400);
        assertThat(Json.parse(broken.body()).get("code").asString()).isEqualTo("json.malformed");
        assertThat(Json.parse(deep.body()).get("code").asString()).isEqualTo("http.json_too_deep");
        assertThat(flat.statusCode()).isEqualTo(200);
    }

    @Test
    void headGetsTheHeadersOfGet() throws Exception {
        try (RawClient raw = server.raw()) {
            var head = raw.ask("HEAD", "/query?a=1");
            var get = raw.ask("GET", "/query?a=1");

            assertThat(head.status()).isEqualTo(200);
            assertThat(head.header("content-length")).isEqualTo(get.header("content-length"));
            assertThat(get.text()).startsWith("1|");
        }
    }

    @Test
    void handlersThatDoNotAnswerAreFaults() throws Exception {
        assertThat(server.ask("GET", "/silent").status()).isEqualTo(500);
        assertThat(server.ask("GET", "/twice").text()).isEqualTo("first");
    }

    @Test
    void aFaultShowsNothingOfTheInside() throws Exception {
        var answer = server.ask("GET", "/broken", "X-Request-Id: abc");

        var problem = Json.parse(answer.text());
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.header("x-leftover")).isEmpty();
        assertThat(answer.header("content-type")).contains("application/problem+json");
        assertThat(answer.text()).doesNotContain("secret").doesNotContain("Exception");
        assertThat(problem.get("requestId").asString()).isEqualTo("abc");
        assertThat(problem.get("status").asInt()).isEqualTo(500);
    }

    @Test
    void handlersMayAnswerWithAnError() throws Exception {
        var answer = server.ask("GET", "/given");

        assertThat(answer.status()).isEqualTo(418);
        assertThat(answer.text()).contains("\"code\":\"test.teapot\"").contains("no coffee");
    }
}
