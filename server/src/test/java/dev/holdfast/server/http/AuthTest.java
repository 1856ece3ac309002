package dev.holdfast.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.InvalidInputException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AuthTest {
    private static final String ADMIN = "s3cret-admin-token";
    private static final Map<String, Principal> TOKENS = Map.of(
            "reader", new Principal("reader", Set.of(Scope.READ), Optional.empty(), List.of()),
            "writer", new Principal("writer", Set.of(Scope.WRITE), Optional.empty(), List.of()),
            "tenant", new Principal("tenant", Set.of(Scope.READ), Optional.of("acme"), List.of()),
            "limited",
                    new Principal(
                            "limited",
                            Set.of(Scope.READ),
                            Optional.empty(),
                            List.of(new Grant(Grant.Kind.KEY, "users/"))));
    private static TestServer server;

    @BeforeAll
    static void start() {
        TokenLookup known = token -> Optional.ofNullable(TOKENS.get(token));
        server = new TestServer(
                TestServer.options(),
                b -> b.authenticator(
                                Authenticator.bearer(TokenLookup.admin(ADMIN).or(known)))
                        .mount(TestServer.root(
                                Route.get(
                                        "/who",
                                        "who",
                                        x -> x.respondText(200, x.principal().name() + "@" + x.namespace())),
                                Route.put("/data", "write", x -> x.respond(204)),
                                Route.get("/admin", "admin", x -> x.respond(204))
                                        .needs(Scope.ADMIN),
                                Route.get(
                                                "/keys/{key...}",
                                                "key",
                                                x -> x.respond(
                                                        x.principal().mayTouch(Grant.Kind.KEY, x.pathParam("key"))
                                                                ? 200
                                                                : 403))
                                        .checkingGrants(),
                                Route.get("/kv/{ns}", "kv", x -> {
                                    x.enter(x.pathParam("ns"));
                                    x.respondText(200, x.namespace());
                                }))));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static RawClient.Answer as(String token, String method, String target) throws Exception {
        return server.ask(method, target, "Authorization: Bearer " + token);
    }

    @Test
    void whoSendsNoTokenIsAskedForOne() throws Exception {
        for (String target : List.of("/who", "/nowhere", "/openapi.json")) {
            var answer = server.ask("GET", target);

            assertThat(answer.status()).as(target).isEqualTo(401);
            assertThat(answer.header("www-authenticate")).contains("Bearer realm=\"holdfast\"");
            assertThat(answer.text()).contains("http.token_missing");
        }
        assertThat(server.ask("GET", "/who", "Authorization: Basic abc").status())
                .isEqualTo(401);
        assertThat(server.ask("GET", "/who", "Authorization: Bearer ").status()).isEqualTo(401);
    }

    @Test
    void aWrongTokenIsRefusedWithoutBeingShown() throws Exception {
        var answer = as(ADMIN + "x", "GET", "/who");

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.text()).contains("http.token_invalid").doesNotContain(ADMIN);
        assertThat(as(ADMIN.substring(1), "GET", "/who").status()).isEqualTo(401);
        assertThat(as(ADMIN.toUpperCase(java.util.Locale.ROOT), "GET", "/who").status())
                .isEqualTo(401);
    }

    @Test
    void theAdministratorMayDoEverything() throws Exception {
        assertThat(as(ADMIN, "GET", "/who").text()).isEqualTo("admin@default");
        assertThat(as(ADMIN, "PUT", "/data").status()).isEqualTo(204);
        assertThat(as(ADMIN, "GET", "/admin").status()).isEqualTo(204);
        assertThat(server.ask("GET", "/who", "authorization: bearer   " + ADMIN).status())
                .isEqualTo(200);
    }

    @Test
    void scopesAreNeededAndNamed() throws Exception {
        assertThat(as("reader", "GET", "/who").status()).isEqualTo(200);
        assertThat(as("reader", "PUT", "/data").status()).isEqualTo(403);
        assertThat(as("reader", "PUT", "/data").text()).contains("needed=write");
        assertThat(as("writer", "PUT", "/data").status()).isEqualTo(204);
        assertThat(as("writer", "GET", "/who").status()).isEqualTo(403);
        assertThat(as("writer", "GET", "/admin").status()).isEqualTo(403);
    }

    @Test
    void theNamespaceComesFromTheTokenOrThePath() throws Exception {
        assertThat(as(ADMIN, "GET", "/ns/acme/who").text()).isEqualTo("admin@acme");
        assertThat(as(ADMIN, "GET", "/ns/a%20b/who").text()).isEqualTo("admin@a b");
        assertThat(as("tenant", "GET", "/who").text()).isEqualTo("tenant@acme");
        assertThat(as("tenant", "GET", "/ns/acme/who").text()).isEqualTo("tenant@acme");
        assertThat(as("tenant", "GET", "/ns/other/who").status()).isEqualTo(403);
        assertThat(as("tenant", "GET", "/kv/other").status()).isEqualTo(403);
        assertThat(as(ADMIN, "GET", "/kv/other").text()).isEqualTo("other");
        assertThat(as(ADMIN, "GET", "/ns/acme").status()).isEqualTo(404);
    }

    @Test
    void aLimitedTokenReachesOnlyRoutesThatCheckIt() throws Exception {
        assertThat(as("limited", "GET", "/keys/users/1").status()).isEqualTo(200);
        assertThat(as("limited", "GET", "/keys/other").status()).isEqualTo(403);
        assertThat(as("limited", "GET", "/who").status()).isEqualTo(403);
        assertThat(as("reader", "GET", "/keys/other").status()).isEqualTo(200);
    }

    @Test
    void grantsAreOfAKind() {
        Principal limited = java.util.Objects.requireNonNull(TOKENS.get("limited"));

        assertThat(limited.mayTouch(Grant.Kind.KEY, "users/7")).isTrue();
        assertThat(limited.mayTouch(Grant.Kind.COLLECTION, "users/7")).isFalse();
        assertThat(Principal.local().mayTouch(Grant.Kind.STREAM, "any")).isTrue();
    }

    @Test
    void preflightsNeedNoToken() throws Exception {
        try (TestServer open = new TestServer(
                TestServer.options().withCorsOrigins(List.of("*")),
                b -> b.authenticator(Authenticator.bearer(TokenLookup.admin(ADMIN))))) {
            var answer = open.ask("OPTIONS", "/x", "Origin: https://app.example", "Access-Control-Request-Method: PUT");

            assertThat(answer.status()).isEqualTo(204);
            assertThat(answer.header("access-control-allow-origin")).contains("*");
            assertThat(open.ask("OPTIONS", "/x").status()).isEqualTo(401);
            assertThat(open.ask("GET", "/x", "Origin: https://app.example").header("access-control-allow-origin"))
                    .contains("*");
        }
    }

    @Test
    void withoutATokenOnlyLoopbackIsListenedOn() {
        for (String host : List.of("0.0.0.0", "::", "192.0.2.1")) {
            HttpServer refused =
                    HttpServer.builder(TestServer.options().withHost(host)).build();

            assertThatThrownBy(refused::start)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("http.host_without_token")
                    .hasMessageContaining("host=" + host);
            refused.close();
        }
    }

    @Test
    void withATokenAnyHostIsListenedOn() throws Exception {
        try (TestServer any = new TestServer(
                TestServer.options().withHost("0.0.0.0"),
                b -> b.authenticator(Authenticator.bearer(TokenLookup.admin(ADMIN))))) {
            assertThat(any.ask("GET", "/x").status()).isEqualTo(401);
            assertThat(any.http.baseUrl().toString()).isEqualTo("http://0.0.0.0:" + any.http.port());
        }
    }

    @Test
    void aTokenThatCannotBeSentIsRefused() {
        for (String token : List.of("", "a b", "tökén", "a\nb", "x".repeat(4097))) {
            assertThatThrownBy(() -> TokenLookup.admin(token))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("length=" + token.length());
        }
    }
}
