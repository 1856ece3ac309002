package dev.holdfast.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ErrorShapeTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        HttpHandler refuse = x -> {
            throw new InvalidInputException("kv.value_too_large", "value is larger than the limit (valueBytes=3)");
        };
        Mount plain = Mount.at("/plain", "plain")
                .errors(ErrorRenderer.plain(false))
                .route(Route.put("/refuse", "plainRefuse", refuse))
                .route(Route.get("/item/{id}", "plainItem", x -> x.respondText(200, x.pathParam("id"))));
        Mount coded = Mount.at("/coded", "coded")
                .errors(f -> ErrorRenderer.plain(true).render(f.status() == 413 ? f.withStatus(400) : f))
                .route(Route.put("/refuse", "codedRefuse", refuse));
        Mount shapeless = Mount.at("/shapeless", "shapeless")
                .errors(f -> {
                    throw new IllegalStateException("no shape");
                })
                .route(Route.put("/refuse", "shapelessRefuse", refuse));
        server = new TestServer(
                TestServer.options()
                        .withLimits(HttpLimits.defaults().withHeaderBytes(4096).withUrlBytes(2048)),
                b -> b.mount(plain)
                        .mount(coded)
                        .mount(shapeless)
                        .mount(TestServer.root(
                                Route.put("/refuse", "refuse", refuse),
                                Route.get("/x", "getX", x -> x.respond(204)),
                                Route.delete("/x", "deleteX", x -> x.respond(204)))));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void problemDetailsAreTheDefault() throws Exception {
        var answer = server.ask("PUT", "/refuse", "X-Request-Id: r1");

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.header("content-type")).contains("application/problem+json");
        assertThat(Json.parse(answer.text())).isEqualTo(Json.parse("""
                        {"type":"urn:holdfast:error:kv.value_too_large","title":"Payload Too Large","status":413,
                         "detail":"value is larger than the limit (valueBytes=3)","code":"kv.value_too_large",
                         "requestId":"r1"}"""));
    }

    @Test
    void aMountHasItsOwnShape() throws Exception {
        var plain = server.ask("PUT", "/plain/refuse");
        var coded = server.ask("PUT", "/coded/refuse");

        assertThat(plain.text()).isEqualTo("{\"error\":\"value is larger than the limit (valueBytes=3)\"}");
        assertThat(plain.header("content-type")).contains("application/json");
        assertThat(coded.status()).isEqualTo(400);
        assertThat(Json.parse(coded.text()).get("code").asString()).isEqualTo("kv.value_too_large");
    }

    @Test
    void unknownPathsAndMethodsHaveTheShapeOfTheirMount() throws Exception {
        var unknown = server.ask("GET", "/plain/nowhere");
        var method = server.ask("POST", "/plain/item/7");
        var root = server.ask("GET", "/nowhere");

        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.text()).isEqualTo("{\"error\":\"Not found\"}");
        assertThat(method.status()).isEqualTo(405);
        assertThat(method.header("allow")).contains("GET, HEAD, OPTIONS");
        assertThat(method.text()).isEqualTo("{\"error\":\"method not allowed; allowed methods: GET, HEAD, OPTIONS\"}");
        assertThat(root.status()).isEqualTo(404);
        assertThat(root.text()).contains("http.no_route");
    }

    @Test
    void allowNamesEveryMethodOfThePath() throws Exception {
        assertThat(server.ask("PATCH", "/x").header("allow")).contains("DELETE, GET, HEAD, OPTIONS");
        assertThat(server.ask("BREW", "/x").status()).isEqualTo(405);

        var options = server.ask("OPTIONS", "/x");
        assertThat(options.status()).isEqualTo(204);
        assertThat(options.header("allow")).contains("DELETE, GET, HEAD, OPTIONS");
        assertThat(server.ask("OPTIONS", "/nowhere").status()).isEqualTo(404);
    }

    @Test
    void aShapeThatFailsIsReplacedByProblemDetails() throws Exception {
        var answer = server.ask("PUT", "/shapeless/refuse");

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.header("content-type")).contains("application/problem+json");
    }

    @Test
    void whatIsNoRequestGetsAnAnswerInShape() throws Exception {
        String long414 = "GET /" + "a".repeat(5000) + " HTTP/1.1\nHost: localhost\n\n";
        String long431 = "GET /x HTTP/1.1\nHost: localhost\nX-Long: " + "a".repeat(5000) + "\n\n";

        assertThat(refused(long414, 414)).isEqualTo("http.url_too_long");
        assertThat(refused(long431, 431)).isEqualTo("http.headers_too_large");
        assertThat(refused("GET /x HTTP/1.1\n\n", 400)).isEqualTo("http.malformed");
        assertThat(refused("NONSENSE\n\n", 400)).isEqualTo("http.malformed");
        assertThat(refused("GET * HTTP/1.1\nHost: localhost\n\n", 400)).isEqualTo("http.malformed");
        assertThat(refused("OPTIONS * HTTP/1.1\nHost: localhost\n\n", 404)).isEqualTo("http.no_route");
        assertThat(refused("GET /ns// HTTP/1.1\nHost: localhost\n\n", 404)).isEqualTo("http.no_route");
        assertThat(refused("GET /plain/item/%zz HTTP/1.1\nHost: localhost\n\n", 400))
                .isEqualTo("http.malformed");
        assertThat(refused("POST /x HTTP/1.1\nHost: localhost\nContent-Length: a\n\n", 400))
                .isEqualTo("http.malformed");
    }

    @Test
    void whatMayBeForAnyMountIsToldInAllShapes() throws Exception {
        for (String path : List.of("/plain/item/%00", "/coded/%zz", "/x%00")) {
            var answer = server.ask("GET", path);

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.header("content-type")).contains("application/problem+json");
            JsonNode body = Json.parse(answer.text());
            assertThat(body.get("code").asString()).isEqualTo("http.malformed");
            assertThat(body.get("error")).isEqualTo(body.get("detail"));
        }
    }

    @Test
    void aUrlBeyondItsOwnLimitIsRefusedInTheShapeOfItsMount() throws Exception {
        var fits = server.ask("GET", "/plain/item/" + "a".repeat(2048 - "/plain/item/".length()));
        var path = server.ask("GET", "/plain/item/" + "a".repeat(2048));
        var query = server.ask("GET", "/plain/item/a?q=" + "a".repeat(2048));

        assertThat(fits.status()).isEqualTo(200);
        assertThat(path.status()).isEqualTo(414);
        assertThat(path.text()).startsWith("{\"error\":").contains("urlBytesMax=2048");
        assertThat(query.status()).isEqualTo(414);
    }

    private static String refused(String request, int status) throws Exception {
        try (RawClient raw = server.raw()) {
            var answer = raw.send(request).answer(false);

            assertThat(answer.status()).as(request).isEqualTo(status);
            assertThat(answer.header("content-type")).contains("application/problem+json");
            assertThat(answer.header("x-content-type-options")).contains("nosniff");
            assertThat(answer.header("server")).isEmpty();
            return Json.parse(answer.text()).get("code").asString();
        }
    }
}
