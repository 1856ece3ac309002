package dev.holdfast.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventStreamTest {
    private static final Duration RARELY = Duration.ofMinutes(10);
    private static final Duration OFTEN = Duration.ofMillis(20);
    private static final int WAITING_MAX = 64 * 1024;

    private final BlockingQueue<EventStream> opened = new LinkedBlockingQueue<>();
    private TestServer server = TestServer.of();

    private void start(Duration ping, Route... routes) {
        server.close();
        server = new TestServer(
                TestServer.options()
                        .withPingInterval(ping)
                        .withLimits(HttpLimits.defaults().withStreamBytes(WAITING_MAX)),
                b -> b.mount(TestServer.root(routes)));
    }

    private Route events() {
        return Route.get("/events", "events", x -> opened.add(x.events()));
    }

    private EventStream next() throws InterruptedException {
        EventStream stream = opened.poll(20, TimeUnit.SECONDS);
        assertThat(stream).as("an opened stream").isNotNull();
        return java.util.Objects.requireNonNull(stream);
    }

    private static RawClient listen(RawClient raw) throws Exception {
        raw.send("GET /events HTTP/1.1\nHost: localhost\n\n");
        return raw;
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void sendsItsHeadersBeforeTheFirstEvent() throws Exception {
        start(RARELY, events());

        try (RawClient raw = listen(server.raw())) {
            var head = raw.head();

            assertThat(head.status()).isEqualTo(200);
            assertThat(head.header("content-type")).contains("text/event-stream");
            assertThat(head.header("cache-control")).contains("no-cache");
            assertThat(head.header("x-accel-buffering")).contains("no");
            assertThat(head.header("x-content-type-options")).contains("nosniff");
            assertThat(head.header("content-length")).isEmpty();
            assertThat(head.header("transfer-encoding")).contains("chunked");
        }
    }

    @Test
    void eachEventLeavesInOneWriteAndInOrder() throws Exception {
        start(RARELY, events());

        try (RawClient raw = listen(server.raw())) {
            raw.head();
            EventStream stream = next();
            for (int i = 0; i < 1_000; i++) {
                assertThat(stream.send(SseEvent.of("change", "[" + i + "]"))).isTrue();
            }
            stream.close();

            for (int i = 0; i < 1_000; i++) {
                assertThat(raw.textChunk()).isEqualTo("event: change\ndata: [" + i + "]\n\n");
            }
            assertThat(raw.chunk()).isEmpty();
        }
    }

    @Test
    void aConnectionServesOtherRequestsAfterAStreamHasEnded() throws Exception {
        start(RARELY, events(), Route.get("/plain", "plain", x -> x.respondText(200, "plain")));

        try (RawClient raw = listen(server.raw())) {
            raw.head();
            next().close();

            assertThat(raw.chunk()).isEmpty();
            assertThat(raw.ask("GET", "/plain").text()).isEqualTo("plain");
        }
    }

    @Test
    void manySendersLoseNothing() throws Exception {
        start(RARELY, events());
        int senders = 8;
        int each = 200;

        try (RawClient raw = listen(server.raw())) {
            raw.head();
            EventStream stream = next();
            AtomicInteger taken = new AtomicInteger();
            for (int s = 0; s < senders; s++) {
                Thread.startVirtualThread(() -> {
                    for (int i = 0; i < each; i++) {
                        if (stream.send(SseEvent.of("", "x")) && taken.incrementAndGet() == senders * each) {
                            stream.close();
                        }
                    }
                });
            }

            int received = 0;
            while (raw.chunk().length > 0) {
                received++;
            }
            assertThat(received).isEqualTo(senders * each);
        }
    }

    @Test
    void idleStreamsShowSignsOfLife() throws Exception {
        start(OFTEN, events(), Route.get("/own", "own", x -> opened.add(x.events(() -> SseEvent.of("ping", "")))));

        try (RawClient comments = listen(server.raw());
                RawClient own = server.raw().send("GET /own HTTP/1.1\nHost: localhost\n\n")) {
            comments.head();
            own.head();

            assertThat(comments.textChunk()).isEqualTo(": ping\n\n");
            assertThat(comments.textChunk()).isEqualTo(": ping\n\n");
            assertThat(own.textChunk()).isEqualTo("event: ping\ndata: \n\n");
        }
    }

    @Test
    void aHeartbeatThatFailsEndsItsStreamInOrder() throws Exception {
        start(
                OFTEN,
                Route.get(
                        "/events",
                        "events",
                        x -> opened.add(x.events(() -> {
                            throw new IllegalStateException("no heart");
                        }))));

        try (RawClient raw = listen(server.raw())) {
            raw.head();

            assertThat(raw.chunk()).isEmpty();
        }
    }

    @Test
    void takesNoMoreThanItsLimitForASlowReader() throws Exception {
        start(RARELY, events());
        SseEvent kilobyte = SseEvent.of("", "x".repeat(1024));

        try (RawClient raw = listen(server.raw())) {
            raw.head();
            EventStream stream = next();
            int taken = 0;
            while (stream.send(kilobyte)) {
                taken++;
            }

            assertThat(taken).isGreaterThan(WAITING_MAX / 2048);
            assertThat(stream.isOpen()).isTrue();
            stream.close();
            int received = 0;
            while (raw.chunk().length > 0) {
                received++;
            }
            assertThat(received).isEqualTo(taken);
        }
    }

    @Test
    void saysWhenThereIsRoomAgain() throws Exception {
        start(RARELY, events());
        SseEvent kilobyte = SseEvent.of("", "x".repeat(1024));

        try (RawClient raw = listen(server.raw())) {
            raw.head();
            EventStream stream = next();
            stream.onRoom(() -> {
                stream.send(SseEvent.of("", "latest"));
                stream.close();
            });
            while (stream.send(kilobyte)) {}

            String last = "";
            for (String chunk = raw.textChunk(); !chunk.isEmpty(); chunk = raw.textChunk()) {
                last = chunk;
            }
            assertThat(last).isEqualTo("data: latest\n\n");
        }
    }

    @Test
    void anEventLargerThanTheLimitIsTakenWhenNothingWaits() throws Exception {
        start(RARELY, events());

        try (RawClient raw = listen(server.raw())) {
            raw.head();
            String large = "x".repeat(10 * WAITING_MAX);

            assertThat(next().send(SseEvent.of("", large))).isTrue();
            assertThat(raw.textChunk()).isEqualTo("data: " + large + "\n\n");
        }
    }

    @Test
    void aReaderThatHasGoneClosesTheStream() throws Exception {
        start(OFTEN, events());
        CountDownLatch closed = new CountDownLatch(2);

        try (RawClient raw = listen(server.raw())) {
            raw.head();
        }
        EventStream stream = next();
        stream.onClose(closed::countDown);

        stream.onClose(() -> stream.onClose(closed::countDown)); // also after the end
        assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(stream.isOpen()).isFalse();
        assertThat(stream.send(SseEvent.of("", "x"))).isFalse();
    }

    @Test
    void oldStreamsEndInOrder() throws Exception {
        start(OFTEN, Route.get("/events", "events", x -> {
            EventStream stream = x.events();
            stream.send(SseEvent.of("", "first"));
            stream.endAfter(Duration.ZERO);
        }));

        try (RawClient raw = listen(server.raw())) {
            raw.head();

            assertThat(behindPings(raw)).isEqualTo("data: first\n\n");
            assertThat(behindPings(raw)).isEmpty();
        }
    }

    /** The next chunk that is no sign of life; those come whenever they like. */
    private static String behindPings(RawClient raw) throws IOException {
        String chunk = raw.textChunk();
        while (chunk.equals(": ping\n\n")) {
            chunk = raw.textChunk();
        }
        return chunk;
    }

    @Test
    void aHandlerThatFailsAfterOpeningEndsTheStreamInOrder() throws Exception {
        start(RARELY, Route.get("/events", "events", x -> {
            x.events().send(SseEvent.of("", "first"));
            throw new IllegalStateException("afterwards");
        }));

        try (RawClient raw = listen(server.raw())) {
            raw.head();

            assertThat(raw.textChunk()).isEqualTo("data: first\n\n");
            assertThat(raw.chunk()).isEmpty();
        }
    }

    @Test
    void headOfAStreamHasNoBodyAndEnds() throws Exception {
        start(RARELY, events(), Route.get("/plain", "plain", x -> x.respondText(200, "plain")));

        try (RawClient raw = server.raw()) {
            var head = raw.ask("HEAD", "/events");

            assertThat(head.header("content-type")).contains("text/event-stream");
            assertThat(raw.ask("GET", "/plain").text()).isEqualTo("plain");
            assertThat(next().send(SseEvent.of("", "x"))).isFalse();
        }
    }

    @Test
    void oneEncodedEventServesAllReaders() throws Exception {
        start(RARELY, events());
        SseEvent pair =
                SseEvent.tight("data", "[1]".getBytes(UTF_8)).and(SseEvent.tight("control", "{}".getBytes(UTF_8)));

        try (RawClient one = listen(server.raw());
                RawClient two = listen(server.raw())) {
            one.head();
            two.head();
            next().send(pair);
            next().send(pair);

            assertThat(one.textChunk()).isEqualTo("event: data\ndata:[1]\n\nevent: control\ndata:{}\n\n");
            assertThat(two.textChunk()).isEqualTo("event: data\ndata:[1]\n\nevent: control\ndata:{}\n\n");
        }
    }
}
