package dev.holdfast.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.ClosedException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ShutdownTest {
    private final CountDownLatch running = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final Route slow = Route.get("/slow", "slow", x -> {
        running.countDown();
        goOn.await();
        x.respondText(200, "done");
    });

    @Test
    void endsEventStreamsInOrder() throws Exception {
        CompletableFuture<EventStream> opened = new CompletableFuture<>();
        TestServer server = TestServer.of(Route.get("/events", "events", x -> opened.complete(x.events())));
        try (RawClient raw = server.raw().send("GET /events HTTP/1.1\nHost: localhost\n\n")) {
            raw.head();
            opened.get(20, TimeUnit.SECONDS).send(SseEvent.of("", "last"));

            server.close();

            assertThat(raw.textChunk()).isEqualTo("data: last\n\n");
            assertThat(raw.chunk()).isEmpty();
            assertThat(raw.ended()).isTrue();
        }
    }

    @Test
    void runsClosersInOrderBeforeStreamsEnd() throws Exception {
        CompletableFuture<EventStream> opened = new CompletableFuture<>();
        List<String> steps = Collections.synchronizedList(new ArrayList<>());
        TestServer server = new TestServer(
                TestServer.options(),
                b -> b.mount(TestServer.root(Route.get("/events", "events", x -> opened.complete(x.events()))))
                        .closer(() -> {
                            steps.add("first");
                            opened.join().send(SseEvent.of("", "bye"));
                        })
                        .closer(() -> {
                            throw new IllegalStateException("a closer that fails");
                        })
                        .closer(() -> steps.add("third")));
        try (RawClient raw = server.raw().send("GET /events HTTP/1.1\nHost: localhost\n\n")) {
            raw.head();

            server.close();

            assertThat(steps).containsExactly("first", "third");
            assertThat(raw.textChunk()).isEqualTo("data: bye\n\n");
            assertThat(raw.chunk()).isEmpty();
        }
    }

    @Test
    void wakesParkedRequestsSoThatTheyAnswer() throws Exception {
        CountDownLatch parked = new CountDownLatch(1);
        TestServer server = TestServer.of(Route.get("/park", "park", x -> {
            x.park(Duration.ofMinutes(5), (y, why) -> y.respondText(200, why.name()));
            parked.countDown();
        }));
        try (RawClient raw = server.raw().send("GET /park HTTP/1.1\nHost: localhost\n\n")) {
            parked.await();

            server.close();

            assertThat(raw.answer(false).text()).isEqualTo("STOPPING");
        }
    }

    @Test
    void waitsForRunningRequestsAndRefusesNewOnes() throws Exception {
        TestServer server = TestServer.of(slow, Route.get("/quick", "quick", x -> x.respond(204)));
        try (RawClient first = server.raw();
                RawClient second = server.raw()) {
            assertThat(second.ask("GET", "/quick").status()).isEqualTo(204);
            first.send("GET /slow HTTP/1.1\nHost: localhost\n\n");
            running.await();

            CompletableFuture<Void> closing = CompletableFuture.runAsync(server::close);
            while (!server.http.stopping()) {
                Thread.onSpinWait();
            }

            var refused = second.ask("GET", "/quick");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("retry-after")).contains("1");
            assertThat(refused.text()).contains("http.stopping");
            assertThat(second.ended()).isTrue();
            assertThat(closing).isNotDone();
            assertThatThrownBy(server::raw).isInstanceOf(ConnectException.class);
            goOn.countDown();
            assertThat(first.answer(false).text()).isEqualTo("done");
            closing.get(20, TimeUnit.SECONDS);
        }
        assertThatThrownBy(server::raw).isInstanceOf(ConnectException.class);
    }

    @Test
    void cutsWhatTakesTooLong() throws Exception {
        TestServer server = new TestServer(
                TestServer.options().withStopTimeout(Duration.ofMillis(50)), b -> b.mount(TestServer.root(slow)));
        try (RawClient raw = server.raw().send("GET /slow HTTP/1.1\nHost: localhost\n\n")) {
            running.await();

            CompletableFuture<Void> closing = CompletableFuture.runAsync(server::close);

            closing.get(20, TimeUnit.SECONDS);
            assertThatThrownBy(() -> raw.answer(false)).isInstanceOf(java.io.IOException.class);
        } finally {
            goOn.countDown();
        }
    }

    @Test
    void isStartedOnceAndClosedAsOftenAsOneLikes() {
        HttpServer server = HttpServer.builder(TestServer.options()).build();
        server.start();

        assertThatThrownBy(server::start).isInstanceOf(ClosedException.class);
        server.close();
        server.close();
        assertThat(server.stopping()).isTrue();
        assertThatThrownBy(server::start).isInstanceOf(ClosedException.class);
    }

    @Test
    void aServerThatWasNeverStartedCanBeClosed() {
        HttpServer server = HttpServer.builder(TestServer.options()).build();

        server.close();

        assertThatThrownBy(server::start).isInstanceOf(ClosedException.class);
    }
}
