package dev.holdfast.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

class BrowserRulesTest {
    private static final Mount ROOT = TestServer.root(
            Route.get("/x", "getX", x -> x.respondText(200, "x")),
            Route.get("/taken", "takeX", x -> x.respond(204)).needs(Scope.WRITE),
            Route.put("/x", "putX", x -> x.respond(204)));
    private static final Mount OPEN = Mount.at("/open", "open")
            .cors(Cors.open(
                    List.of("GET", "PUT"), List.of("content-type", "stream-seq"), List.of("Stream-Next-Offset")))
            .route(Route.get("/x", "openGet", x -> x.respond(204)))
            .route(Route.put("/x", "openPut", x -> x.respond(204)));

    private static TestServer server(HttpServerOptions options) {
        return new TestServer(options, b -> b.mount(ROOT).mount(OPEN));
    }

    @Test
    void withoutATokenForeignPagesMayNotWrite() throws Exception {
        try (TestServer server = server(TestServer.options())) {
            for (String origin :
                    List.of("https://evil.example", "null", "http://127.0.0.1.evil.example", "%", "file://")) {
                var answer = server.ask("PUT", "/x", "Origin: " + origin);

                assertThat(answer.status()).as(origin).isEqualTo(403);
                assertThat(answer.text()).contains("http.origin_refused");
                assertThat(server.ask("PUT", "/open/x", "Origin: " + origin).status())
                        .isEqualTo(403);
            }
        }
    }

    @Test
    void withoutATokenForeignPagesMayNotGetWhatIsTakenByIt() throws Exception {
        try (TestServer server = server(TestServer.options())) {
            assertThat(server.ask("GET", "/taken", "Origin: https://evil.example")
                            .status())
                    .isEqualTo(403);
            // An image or a link has no origin.
            assertThat(server.ask("GET", "/taken", "Sec-Fetch-Site: cross-site").status())
                    .isEqualTo(403);
            assertThat(server.ask("GET", "/taken", "Sec-Fetch-Site: none").status())
                    .isEqualTo(204);
            assertThat(server.ask("GET", "/taken", "Origin: http://localhost:3000", "Sec-Fetch-Site: cross-site")
                            .status())
                    .isEqualTo(204);
            assertThat(server.ask("GET", "/x", "Sec-Fetch-Site: cross-site").status())
                    .isEqualTo(200);
        }
    }

    @Test
    void withoutATokenLoopbackPagesMayWrite() throws Exception {
        try (TestServer server = server(TestServer.options())) {
            for (String origin : List.of(
                    "http://localhost:3000",
                    "https://127.0.0.1",
                    "http://[::1]:8080",
                    "http://app.localhost",
                    "http://127.9.9.9")) {
                assertThat(server.ask("PUT", "/x", "Origin: " + origin).status())
                        .as(origin)
                        .isEqualTo(204);
            }
            assertThat(server.ask("PUT", "/x").status()).isEqualTo(204);
            assertThat(server.ask("GET", "/x", "Origin: https://evil.example").status())
                    .isEqualTo(200);
        }
    }

    @Test
    void evenConfiguredOriginsMayNotWriteWithoutAToken() throws Exception {
        try (TestServer server = server(TestServer.options().withCorsOrigins(List.of("https://app.example")))) {
            assertThat(server.ask("PUT", "/x", "Origin: https://app.example").status())
                    .isEqualTo(403);
        }
    }

    @Test
    void withATokenOriginsDoNotMatter() throws Exception {
        try (TestServer server = new TestServer(
                TestServer.options(), b -> b.mount(ROOT).authenticator(Authenticator.bearer(TokenLookup.admin("t"))))) {
            var answer = server.ask("PUT", "/x", "Origin: https://app.example", "Authorization: Bearer t");

            assertThat(answer.status()).isEqualTo(204);
        }
    }

    @Test
    void aNameThatIsMadeToPointHereIsRefused() throws Exception {
        try (TestServer server = server(TestServer.options().withPublicUrl(URI.create("https://db.example/")));
                RawClient raw = server.raw()) {
            assertThat(host(raw, "rebound.example")).isEqualTo(403);
            assertThat(host(raw, "127.evil.example")).isEqualTo(403);
            assertThat(host(raw, "localhost:1234")).isEqualTo(200);
            assertThat(host(raw, "[::1]:1234")).isEqualTo(200);
            assertThat(host(raw, "db.example")).isEqualTo(200);
            assertThat(raw.send("GET /x HTTP/1.0\n\n").answer(false).status()).isEqualTo(200);
            assertThat(server.http.baseUrl()).isEqualTo(URI.create("https://db.example"));
        }
    }

    private static int host(RawClient raw, String host) throws Exception {
        return raw.send("GET /x HTTP/1.1\nHost: " + host + "\n\n").answer(false).status();
    }

    @Test
    void corsIsClosedByDefault() throws Exception {
        try (TestServer server = server(TestServer.options())) {
            var get = server.ask("GET", "/x", "Origin: https://app.example");
            var preflight =
                    server.ask("OPTIONS", "/x", "Origin: https://app.example", "Access-Control-Request-Method: PUT");

            assertThat(get.headers().keySet()).noneMatch(h -> h.startsWith("access-control-"));
            assertThat(preflight.status()).isEqualTo(403);
            assertThat(preflight.headers().keySet()).noneMatch(h -> h.startsWith("access-control-"));
        }
    }

    @Test
    void configuredOriginsMayReadEveryAnswer() throws Exception {
        try (TestServer server =
                server(TestServer.options().withCorsOrigins(List.of("https://app.example", "https://b.example")))) {
            for (String target : List.of("/x", "/nowhere")) {
                var allowed = server.ask("GET", target, "Origin: https://app.example");
                var other = server.ask("GET", target, "Origin: https://evil.example");
                var none = server.ask("GET", target);

                assertThat(allowed.header("access-control-allow-origin")).contains("https://app.example");
                assertThat(allowed.header("access-control-expose-headers")).contains("*");
                assertThat(other.header("access-control-allow-origin")).isEmpty();
                assertThat(List.of(allowed, other, none))
                        .allSatisfy(a -> assertThat(a.headers().get("vary")).containsExactly("Origin"));
            }
        }
    }

    @Test
    void preflightsSayWhatAPageMayDo() throws Exception {
        try (TestServer server = server(TestServer.options().withCorsOrigins(List.of("https://app.example")))) {
            var answer = server.ask(
                    "OPTIONS",
                    "/x",
                    "Origin: https://app.example",
                    "Access-Control-Request-Method: PUT",
                    "Access-Control-Request-Headers: authorization,content-type");

            assertThat(answer.status()).isEqualTo(204);
            assertThat(answer.header("access-control-allow-origin")).contains("https://app.example");
            assertThat(answer.header("access-control-allow-methods").orElse("")).contains("PUT");
            assertThat(answer.header("access-control-allow-headers")).contains("authorization,content-type");
            assertThat(answer.header("access-control-max-age")).contains("3600");
        }
    }

    @Test
    void anOpenMountSaysSoOnEveryAnswer() throws Exception {
        try (TestServer server = server(TestServer.options())) {
            for (String target : List.of("/open/x", "/open/nowhere", "/open/%C3")) {
                var answer = server.ask("GET", target);

                assertThat(answer.header("access-control-allow-origin"))
                        .as(target)
                        .contains("*");
                assertThat(answer.header("access-control-allow-methods")).contains("GET, PUT");
                assertThat(answer.header("access-control-allow-headers")).contains("content-type, stream-seq");
                assertThat(answer.header("access-control-expose-headers")).contains("Stream-Next-Offset");
                assertThat(answer.header("cross-origin-resource-policy")).contains("cross-origin");
                assertThat(answer.header("vary")).isEmpty();
            }
            for (String target : List.of("/open/x", "/open/any/path")) {
                var options = server.ask("OPTIONS", target);

                assertThat(options.status()).as(target).isEqualTo(204);
                assertThat(options.header("access-control-allow-origin")).contains("*");
            }
            assertThat(server.ask("GET", "/x").header("access-control-allow-origin"))
                    .isEmpty();
        }
    }
}
