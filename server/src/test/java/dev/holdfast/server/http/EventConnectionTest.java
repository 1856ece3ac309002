package dev.holdfast.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.eclipse.jetty.server.Request;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of a connection that an event stream takes over from its request. */
class EventConnectionTest {
    private static final String GET = "GET /events HTTP/1.1\nHost: localhost\n\n";

    private final BlockingQueue<EventStream> opened = new LinkedBlockingQueue<>();
    private final BlockingQueue<WeakReference<Request>> requests = new LinkedBlockingQueue<>();
    private final CountDownLatch mayReturn = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private TestServer server = start(Duration.ofMinutes(10), Authenticator.none());

    private TestServer start(Duration ping, Authenticator rules) {
        Route events = Route.get("/events", "events", this::open);
        Route posted = Route.post("/events", "posted", this::open);
        Route staying = Route.get("/staying", "staying", x -> {
            open(x);
            mayReturn.await();
        });
        Route numbers = Route.get("/numbers", "numbers", EventConnectionTest::number)
                .param(Param.query("before", Param.Type.INTEGER, "events sent before the handler returns"))
                .param(Param.query("after", Param.Type.INTEGER, "and by another thread"));
        Route plain = Route.get("/plain", "plain", x -> x.respondText(200, "plain"));
        return new TestServer(
                TestServer.options().withPingInterval(ping).withIdleTimeout(Duration.ofSeconds(1)),
                b -> b.mount(TestServer.root(events, posted, staying, numbers, plain))
                        .authenticator(rules));
    }

    private void open(Exchange exchange) {
        requests.add(new WeakReference<>(((JettyExchange) exchange).request()));
        EventStream stream = exchange.events();
        stream.onClose(closed::countDown);
        opened.add(stream);
    }

    private static void number(Exchange exchange) {
        int before = Integer.parseInt(exchange.queryParam("before").orElseThrow());
        int all = before + Integer.parseInt(exchange.queryParam("after").orElseThrow());
        EventStream stream = exchange.events();
        for (int i = 0; i < before; i++) {
            stream.send(SseEvent.of("", Integer.toString(i)));
        }
        Thread.startVirtualThread(() -> {
            for (int i = before; i < all; i++) {
                stream.send(SseEvent.of("", Integer.toString(i)));
            }
            stream.close();
        });
    }

    private EventStream next() throws InterruptedException {
        return Objects.requireNonNull(opened.poll(20, TimeUnit.SECONDS));
    }

    private void awaitForgotten() throws InterruptedException {
        WeakReference<Request> request = Objects.requireNonNull(requests.poll(20, TimeUnit.SECONDS));
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            System.gc();
            return request.refersTo(null);
        });
    }

    @AfterEach
    void stop() {
        mayReturn.countDown();
        server.close();
    }

    @Test
    void theRequestIsForgottenWhileItsStreamGoesOn() throws Exception {
        try (RawClient raw = server.raw().send(GET)) {
            raw.head();
            EventStream stream = next();

            awaitForgotten();

            stream.send(SseEvent.of("", "later"));
            assertThat(raw.textChunk()).isEqualTo("data: later\n\n");
        }
    }

    @Test
    void whoAskedIsStillAskedForTheToken() throws Exception {
        server.close();
        CountDownLatch revoked = new CountDownLatch(1);
        server = start(Duration.ofMillis(20), exchange -> {
            assertThat(exchange.method()).isEqualTo("GET");
            assertThat(exchange.url()).isEqualTo(server.http.baseUrl() + "/events");
            assertThat(exchange.queryParam("a")).contains("b");
            if (revoked.getCount() == 0 || !exchange.header("Authorization").equals(Optional.of("Bearer t"))) {
                throw HttpException.unauthorized("test.revoked", "revoked");
            }
            return Principal.admin("somebody");
        });
        try (RawClient raw = server.raw()
                .send("GET /events?a=b HTTP/1.1\nHost: 127.0.0.1:" + server.http.port()
                        + "\nAuthorization: Bearer t\n\n")) {
            assertThat(raw.head().status()).isEqualTo(200);
            next();
            awaitForgotten();
            assertThat(raw.textChunk()).isEqualTo(": ping\n\n");

            revoked.countDown();

            String chunk = raw.textChunk();
            while (!chunk.isEmpty()) {
                chunk = raw.textChunk();
            }
        }
    }

    @Test
    void whatWasAskedTooEarlyIsAnsweredAfterwards() throws Exception {
        try (RawClient raw = server.raw().send(GET + "GET /plain HTTP/1.1\nHost: localhost\n\n")) {
            raw.head();
            EventStream stream = next();
            awaitForgotten();
            raw.send("GET /plain HTTP/1.1\nHost: localhost\n\n");
            stream.send(SseEvent.of("", "first"));
            stream.close();

            assertThat(raw.textChunk()).isEqualTo("data: first\n\n");
            assertThat(raw.chunk()).isEmpty();
            assertThat(raw.answer(false).text()).isEqualTo("plain");
            assertThat(raw.answer(false).text()).isEqualTo("plain");
        }
    }

    @Test
    void oneConnectionCarriesManyStreams() throws Exception {
        try (RawClient raw = server.raw()) {
            for (int i = 0; i < 20; i++) {
                raw.send(GET).head();
                EventStream stream = next();
                if (i % 2 == 0) {
                    awaitForgotten();
                }
                stream.send(SseEvent.of("", "event " + i));
                stream.close();

                assertThat(raw.textChunk()).isEqualTo("data: event " + i + "\n\n");
                assertThat(raw.chunk()).isEmpty();
            }
            assertThat(server.http.metrics().scrape()).contains("holdfast_http_streams 0.0");
        }
    }

    @Test
    void silenceAfterAStreamEndsItsConnection() throws Exception {
        try (RawClient raw = server.raw().send(GET)) {
            raw.head();
            next().close();
            assertThat(raw.chunk()).isEmpty();

            assertThat(raw.ended()).isTrue();
        }
    }

    @Test
    void aReaderThatTakesNothingIsCutAfterTheSilenceThatIsAllowed() throws Exception {
        server.close();
        server = start(Duration.ofMillis(20), Authenticator.none());
        try (RawClient raw = server.raw().send(GET)) {
            raw.head();
            EventStream stream = next();
            awaitForgotten();

            assertThat(stream.send(SseEvent.of("", "x".repeat(64 << 20)))).isTrue();

            assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(stream.isOpen()).isFalse();
        }
    }

    @Test
    void aHandlerMaySendBeforeItReturns() throws Exception {
        try (RawClient raw = server.raw().send("GET /staying HTTP/1.1\nHost: localhost\n\n")) {
            raw.head();
            EventStream stream = next();
            stream.send(SseEvent.of("", "first"));
            assertThat(raw.textChunk()).isEqualTo("data: first\n\n");

            mayReturn.countDown();
            awaitForgotten();

            stream.send(SseEvent.of("", "second"));
            assertThat(raw.textChunk()).isEqualTo("data: second\n\n");
        }
    }

    @Test
    void aBodyThatNobodyReadsHarmsNoStream() throws Exception {
        try (RawClient raw = server.raw().send("POST /events HTTP/1.1\nHost: localhost\nContent-Length: 10\n\nhalf")) {
            raw.head();
            EventStream stream = next();
            stream.send(SseEvent.of("", "all the same"));

            assertThat(raw.textChunk()).isEqualTo("data: all the same\n\n");
        }
    }

    @Test
    void withoutChunksTheConnectionEndsWithItsStream() throws Exception {
        for (String request :
                new String[] {"GET /events HTTP/1.0\n\n", "GET /events HTTP/1.1\nHost: localhost\nConnection: close\n\n"
                }) {
            try (RawClient raw = server.raw().send(request)) {
                raw.head();
                EventStream stream = next();
                stream.send(SseEvent.of("", "whole"));
                stream.close();

                assertThat(new String(raw.bytes("data: whole\n\n".length()), UTF_8))
                        .isEqualTo("data: whole\n\n");
                assertThat(raw.ended()).isTrue();
            }
        }
    }

    @Test
    void stoppingEndsStreamsInOrderAndThenTheirConnections() throws Exception {
        try (RawClient raw = server.raw().send(GET)) {
            raw.head();
            EventStream stream = next();
            awaitForgotten();
            stream.send(SseEvent.of("", "last"));

            server.http.close();

            assertThat(raw.textChunk()).isEqualTo("data: last\n\n");
            assertThat(raw.chunk()).isEmpty();
            assertThat(raw.ended()).isTrue();
        }
    }

    @Test
    void whenAStreamTakesItsConnectionOverChangesNothingForItsReader() throws Exception {
        long seed = System.nanoTime();
        System.out.println("EventConnectionTest seed " + seed);
        List<Callable<Integer>> readers = IntStream.range(0, 8)
                .<Callable<Integer>>mapToObj(reader -> () -> readNumbers(new Random(seed + reader)))
                .toList();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> read : threads.invokeAll(readers)) {
                assertThat(read.get()).as("seed %s", seed).isGreaterThanOrEqualTo(200);
            }
        }
    }

    /** Reads streams on one connection, sometimes asking for the next before the end of one; returns how many. */
    private int readNumbers(Random random) throws Exception {
        int read = 0;
        try (RawClient raw = server.raw()) {
            while (read < 200) {
                int before = random.nextInt(3);
                int after = random.nextInt(5);
                String ask = "GET /numbers?before=" + before + "&after=" + after + " HTTP/1.1\nHost: localhost\n\n";
                int times = 1 + random.nextInt(2);
                raw.send(ask.repeat(times));
                for (int t = 0; t < times; t++) {
                    assertThat(raw.head().status()).isEqualTo(200);
                    for (int i = 0; i < before + after; i++) {
                        assertThat(raw.textChunk()).isEqualTo("data: " + i + "\n\n");
                    }
                    assertThat(raw.chunk()).isEmpty();
                    read++;
                }
            }
        }
        return read;
    }
}
