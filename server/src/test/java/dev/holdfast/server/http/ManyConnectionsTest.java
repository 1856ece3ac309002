package dev.holdfast.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ManyConnectionsTest {
    private static final int READERS = 1_000;

    /** How many do not end within a moment. The thread that handled last may go on to wait for the next request. */
    private static int alive(Set<Thread> threads) throws InterruptedException {
        int alive = 0;
        for (Thread thread : threads) {
            alive += thread.join(Duration.ofMillis(100)) ? 0 : 1;
        }
        return alive;
    }

    private static long platformThreads() {
        return Thread.getAllStackTraces().size();
    }

    @Test
    void aThousandIdleStreamsHoldNoThread() throws Exception {
        Set<EventStream> opened = ConcurrentHashMap.newKeySet();
        Set<Thread> handlers = ConcurrentHashMap.newKeySet();
        List<RawClient> readers = new ArrayList<>();
        CountDownLatch closed = new CountDownLatch(READERS);
        HttpServerOptions options = TestServer.options().withPingInterval(Duration.ofMillis(200));
        try (TestServer server = new TestServer(
                options,
                b -> b.mount(TestServer.root(Route.get("/events", "events", x -> {
                    handlers.add(Thread.currentThread());
                    EventStream stream = x.events();
                    stream.onClose(closed::countDown);
                    opened.add(stream);
                }))))) {
            long before = platformThreads();
            for (int i = 0; i < READERS; i++) {
                readers.add(server.raw().send("GET /events HTTP/1.1\nHost: localhost\n\n"));
            }
            for (RawClient reader : readers) {
                assertThat(reader.head().status()).isEqualTo(200);
            }

            // Every one lives, and no thread lives for it.
            for (RawClient reader : readers) {
                assertThat(reader.textChunk()).isEqualTo(": ping\n\n");
            }
            assertThat(opened).hasSize(READERS);
            assertThat(platformThreads() - before).isLessThan(20);
            assertThat(handlers).allMatch(Thread::isVirtual);
            assertThat(alive(handlers)).isLessThan(10);
            assertThat(server.http.metrics().scrape()).contains("holdfast_http_streams " + READERS + ".0");

            SseEvent news = SseEvent.of("", "news");
            opened.forEach(stream -> stream.send(news));
            for (RawClient reader : readers) {
                String chunk = reader.textChunk();
                while (chunk.startsWith(":")) {
                    chunk = reader.textChunk();
                }
                assertThat(chunk).isEqualTo("data: news\n\n");
            }
        } finally {
            for (RawClient reader : readers) {
                reader.close();
            }
        }
        assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aConnectionTooManyIsToldSo() throws Exception {
        HttpServerOptions options =
                TestServer.options().withLimits(HttpLimits.defaults().withConnections(2));
        Mount mount = TestServer.root(Route.get("/x", "x", x -> x.respond(204)));
        try (TestServer server = new TestServer(options, b -> b.mount(mount));
                RawClient one = server.raw()) {
            assertThat(one.ask("GET", "/x").status()).isEqualTo(204);
            try (RawClient two = server.raw()) {
                assertThat(two.ask("GET", "/x").status()).isEqualTo(204);

                try (RawClient three = server.raw()) {
                    var refused = three.ask("GET", "/x");

                    assertThat(refused.status()).isEqualTo(429);
                    assertThat(refused.header("retry-after")).contains("1");
                    assertThat(refused.text()).contains("connectionsMax=2");
                    assertThat(three.ended()).isTrue();
                }
                assertThat(two.ask("GET", "/x").status()).isEqualTo(204);
            }

            assertThat(answersSoon(server)).isTrue();
        }
    }

    // The server notices a closed connection a moment later.
    private static boolean answersSoon(TestServer server) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (System.nanoTime() < deadline) {
            if (server.ask("GET", "/x").status() == 204) {
                return true;
            }
        }
        return false;
    }
}
