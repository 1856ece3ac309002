package dev.holdfast.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Many clients at once on connections that stay open, each asking for something only it can get. */
class ConcurrentRequestsTest {
    private static final int CLIENTS = 24;
    private static final int REQUESTS = 150;

    private final Queue<Parked> waiting = new ConcurrentLinkedQueue<>();

    private Mount mount() {
        return TestServer.root(
                Route.get("/echo/{text}", "echo", x -> x.respondText(200, x.pathParam("text"))),
                Route.post("/body", "body", x -> x.respond(200, ContentType.BYTES, x.body())),
                Route.get(
                        "/lines/{text}",
                        "lines",
                        x -> x.respond(200, ContentType.TEXT, out -> {
                            for (int i = 0; i < 500; i++) {
                                out.write(
                                        (x.pathParam("text") + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
                            }
                        })),
                Route.get("/park/{text}", "park", x -> {
                    String text = x.pathParam("text");
                    waiting.add(x.park(Duration.ofMillis(20), (y, why) -> y.respondText(200, text)));
                    Parked other = waiting.poll();
                    if (other != null) {
                        other.signal();
                    }
                }),
                Route.get("/refuse/{text}", "refuse", x -> {
                    throw HttpException.notFound("test.refused", x.pathParam("text"));
                }));
    }

    @Test
    void everyClientGetsItsOwnAnswers() throws Exception {
        long seed = Long.getLong("holdfast.seed", System.nanoTime());
        try (TestServer server = new TestServer(TestServer.options(), b -> b.mount(mount()));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> clients = new ArrayList<>();
            for (int c = 0; c < CLIENTS; c++) {
                int client = c;
                clients.add(threads.submit(() -> ask(server, client, new Random(seed + client))));
            }

            int asked = 0;
            for (Future<Integer> client : clients) {
                asked += client.get(120, TimeUnit.SECONDS);
            }

            assertThat(asked).as("seed %d", seed).isEqualTo(CLIENTS * REQUESTS);
            // Each parked request is answered once, by a signal or by its time.
            assertThat(server.http.metrics().scrape()).contains("holdfast_http_requests_seconds_count");
        }
    }

    private static int ask(TestServer server, int client, Random random) throws Exception {
        int asked = 0;
        try (RawClient raw = server.raw()) {
            for (; asked < REQUESTS; asked++) {
                String mine = client + "-" + asked;
                switch (random.nextInt(5)) {
                    case 0 -> assertThat(raw.ask("GET", "/echo/" + mine).text()).isEqualTo(mine);
                    case 1 -> assertThat(post(raw, mine).text()).isEqualTo(mine);
                    case 2 ->
                        assertThat(raw.ask("GET", "/lines/" + mine).text()).isEqualTo((mine + "\n").repeat(500));
                    case 3 -> assertThat(raw.ask("GET", "/park/" + mine).text()).isEqualTo(mine);
                    default ->
                        assertThat(raw.ask("GET", "/refuse/" + mine).text()).contains("\"" + mine + "\"");
                }
            }
        }
        return asked;
    }

    private static RawClient.Answer post(RawClient raw, String body) throws Exception {
        return raw.send("POST /body HTTP/1.1\nHost: localhost\nContent-Length: " + body.length() + "\n\n" + body)
                .answer(false);
    }
}
