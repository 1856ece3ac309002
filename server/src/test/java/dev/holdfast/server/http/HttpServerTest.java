package dev.holdfast.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.json.Json;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HttpServerTest {
    @Test
    void answersAsItsDocumentationSays() throws Exception {
        HttpServer server = HttpServer.builder(HttpServerOptions.defaults().withPort(0))
                .mount(Mount.at("/hello", "hello")
                        .route(Route.get("/{name}", "hello", x -> x.respondText(200, "Hello " + x.pathParam("name")))))
                .build();
        server.start();

        try (RawClient raw = new RawClient(server.port())) {
            assertThat(raw.ask("GET", "/hello/you").text()).isEqualTo("Hello you");
        } finally {
            server.close();
        }
    }

    @Test
    void takesAnyFreePortAndTellsIt() {
        try (TestServer one = TestServer.of();
                TestServer two = TestServer.of()) {
            assertThat(one.http.port()).isPositive().isNotEqualTo(two.http.port());
            assertThat(one.http.baseUrl()).isEqualTo(URI.create("http://127.0.0.1:" + one.http.port()));
        }
    }

    @Test
    void listensOnIpv6LoopbackAsWell() throws Exception {
        try (TestServer server = new TestServer(
                        TestServer.options().withHost("::1"),
                        b -> b.mount(TestServer.root(Route.get("/x", "x", x -> x.respondText(200, "six")))));
                RawClient raw = new RawClient(new Socket(InetAddress.getAllByName("::1")[0], server.http.port()))) {
            assertThat(raw.ask("GET", "/x").text()).isEqualTo("six");
            assertThat(server.http.baseUrl()).isEqualTo(URI.create("http://[::1]:" + server.http.port()));
        }
    }

    @Test
    void knowsItsPortBeforeAndAfterListening() {
        HttpServer server = HttpServer.builder(HttpServerOptions.defaults()).build();

        assertThat(server.port()).isEqualTo(HttpServerOptions.PORT_DEFAULT);
        assertThat(server.stopping()).isFalse();
        server.close();
        assertThat(server.port()).isEqualTo(HttpServerOptions.PORT_DEFAULT);
    }

    @Test
    void handlersMayBlockInGreatNumber() throws Exception {
        int callers = 500;
        java.util.concurrent.CyclicBarrier all = new java.util.concurrent.CyclicBarrier(callers);
        try (TestServer server = TestServer.of(Route.get("/meet", "meet", x -> {
            all.await(60, TimeUnit.SECONDS);
            x.respond(204);
        }))) {
            CompletableFuture<?>[] answers = new CompletableFuture<?>[callers];
            for (int i = 0; i < callers; i++) {
                answers[i] = server.client
                        .sendAsync(
                                server.request("/meet")
                                        .timeout(Duration.ofSeconds(60))
                                        .build(),
                                java.net.http.HttpResponse.BodyHandlers.discarding())
                        .thenAccept(a -> assertThat(a.statusCode()).isEqualTo(204));
            }

            CompletableFuture.allOf(answers).get(90, TimeUnit.SECONDS);
        }
    }

    @Test
    void aMountWithoutRootStillAnswersInShape() throws Exception {
        try (TestServer server = new TestServer(
                TestServer.options(), b -> b.mount(Mount.at("/only", "only").errors(ErrorRenderer.plain(true))))) {
            var below = server.ask("GET", "/only/x");
            var beside = server.ask("GET", "/x");

            assertThat(Json.parse(below.text()).get("error").asString()).isEqualTo("Not found");
            assertThat(Json.parse(below.text()).get("code").asString()).isEqualTo("http.no_route");
            assertThat(beside.header("content-type")).contains("application/problem+json");
        }
    }

    @Test
    void theBaseOfAMountIsAPathOfItsOwn() throws Exception {
        try (TestServer server = new TestServer(
                TestServer.options(),
                b -> b.mount(Mount.at("/only", "only")
                        .route(Route.get("", "base", x -> x.respondText(200, x.path())))))) {
            assertThat(server.ask("GET", "/only").text()).isEqualTo("/only");
            assertThat(server.ask("GET", "/only?a=1").text()).isEqualTo("/only");
            assertThat(server.ask("GET", "/only/").status()).isEqualTo(404);
            assertThat(server.ask("GET", "/ns/acme/only").text()).isEqualTo("/only");
        }
    }
}
