package dev.holdfast.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What silence does to a connection, with the shortest silence that a server can be set to. */
class IdleTest {
    private static final Duration SILENCE = Duration.ofSeconds(1);
    private static final Duration LONGER = Duration.ofMillis(2_500);
    private static final BlockingQueue<EventStream> OPENED = new LinkedBlockingQueue<>();
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer(
                TestServer.options().withIdleTimeout(SILENCE).withPingInterval(Duration.ofHours(1)),
                b -> b.mount(TestServer.root(
                        Route.get("/x", "x", x -> x.respond(204)),
                        Route.post("/body", "body", x -> x.respond(200, ContentType.BYTES, x.body())),
                        Route.get("/park", "park", x -> x.park(LONGER, (y, why) -> y.respondText(200, why.name()))),
                        Route.get("/events", "events", x -> OPENED.add(x.events())))));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aSilentConnectionIsClosed() throws Exception {
        try (RawClient raw = server.raw()) {
            assertThat(raw.ask("GET", "/x").status()).isEqualTo(204);

            assertThat(raw.ended()).isTrue();
        }
    }

    @Test
    void aBodyThatDoesNotArriveIsGivenUp() throws Exception {
        try (RawClient raw = server.raw()) {
            raw.send("POST /body HTTP/1.1\nHost: localhost\nContent-Length: 10\n\nhalf");

            var answer = raw.answer(false);

            assertThat(answer.status()).isEqualTo(408);
            assertThat(answer.text()).contains("http.body_timeout");
        }
    }

    @Test
    void aParkedRequestMayBeSilentForLonger() throws Exception {
        try (RawClient raw = server.raw()) {
            assertThat(raw.ask("GET", "/park").text()).isEqualTo("TIMEOUT");
        }
    }

    @Test
    void anEventStreamMayBeSilentForLonger() throws Exception {
        try (RawClient events = server.raw().send("GET /events HTTP/1.1\nHost: localhost\n\n");
                RawClient clock = server.raw()) {
            events.head();
            EventStream stream = Objects.requireNonNull(OPENED.poll(20, TimeUnit.SECONDS));
            clock.ask("GET", "/park");

            assertThat(stream.send(SseEvent.of("", "still here"))).isTrue();

            assertThat(events.textChunk()).isEqualTo("data: still here\n\n");
        }
    }
}
