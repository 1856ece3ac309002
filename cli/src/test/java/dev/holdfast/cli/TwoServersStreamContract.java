package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Two packaged servers on one store: what is appended on one is handed to the readers of the other, nothing missing, in
 * order. How soon is printed; a test does not judge it.
 */
abstract class TwoServersStreamContract {
    private static final int ONE_BY_ONE = 100;
    private static final int WARM_UP = 30;
    private static final int AT_ONCE = 400;
    private static final int WRITERS = 8;
    private static final String STREAM = "two";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newHttpClient();

    /** The name of an empty store. */
    abstract String database();

    @Test
    void readersOfOneAreHandedWhatIsAppendedOnEither() throws Exception {
        String db = database();
        LinkedBlockingQueue<String> byEvents = new LinkedBlockingQueue<>();
        LinkedBlockingQueue<String> byPolls = new LinkedBlockingQueue<>();
        TailingReader events = new TailingReader(http, STREAM, true, byEvents::add);
        TailingReader polls = new TailingReader(http, STREAM, false, byPolls::add);
        List<Thread> readers;
        try (ServedStore written = ServedStore.start(db);
                ServedStore read = ServedStore.start(db)) {
            send(written, "PUT", "");
            readers = List.of(
                    Thread.ofVirtual().start(() -> events.run(read)),
                    Thread.ofVirtual().start(() -> polls.run(read)));
            double[] eventMillis = new double[ONE_BY_ONE];
            double[] pollMillis = new double[ONE_BY_ONE];
            for (int i = -WARM_UP; i < ONE_BY_ONE; i++) {
                long begun = System.nanoTime();
                send(written, "POST", "{\"one\":" + i + "}");
                double[] millis = {
                    millis(byEvents, "{\"one\":" + i + "}", begun), millis(byPolls, "{\"one\":" + i + "}", begun)
                };
                if (i >= 0) {
                    eventMillis[i] = millis[0];
                    pollMillis[i] = millis[1];
                }
            }
            print("events", eventMillis);
            print("long-poll", pollMillis);
            appendAtOnce(written, read);
            int all = WARM_UP + ONE_BY_ONE + AT_ONCE;
            await().atMost(LIMIT).until(() -> byEvents.size() == AT_ONCE && byPolls.size() == AT_ONCE);
            List<String> stored = stored(written);
            assertThat(stored).hasSize(all).doesNotHaveDuplicates().isEqualTo(stored(read));
            read.kill();
            for (Thread reader : readers) {
                reader.join();
            }
            assertThat(events.seen()).isEqualTo(stored);
            assertThat(polls.seen()).isEqualTo(stored);
        }
    }

    private void appendAtOnce(ServedStore one, ServedStore other) throws InterruptedException {
        List<Thread> writers = IntStream.range(0, WRITERS)
                .mapToObj(writer -> Thread.ofVirtual().start(() -> {
                    for (int i = writer; i < AT_ONCE; i += WRITERS) {
                        send(i % 2 == 0 ? one : other, "POST", "{\"many\":" + i + "}");
                    }
                }))
                .toList();
        for (Thread writer : writers) {
            writer.join();
        }
    }

    /** How long a message has been on its way when a reader has it. */
    private static double millis(LinkedBlockingQueue<String> reader, String message, long begun)
            throws InterruptedException {
        assertThat(reader.poll(LIMIT.toSeconds(), TimeUnit.SECONDS)).isEqualTo(message);
        return (System.nanoTime() - begun) / 1e6;
    }

    private static void print(String how, double[] millis) {
        Arrays.sort(millis);
        System.out.printf(
                "two servers: stream by %s: appends %d, milliseconds p50 %.1f, p90 %.1f, p99 %.1f%n",
                how,
                millis.length,
                millis[millis.length / 2],
                millis[millis.length * 9 / 10],
                millis[millis.length * 99 / 100]);
    }

    private List<String> stored(ServedStore server) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>();
        String offset = "-1";
        HttpResponse<String> answer;
        do {
            answer = http.send(
                    HttpRequest.newBuilder(URI.create(server.stream(STREAM) + "?offset=" + offset))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            for (JsonNode message : Json.parse(answer.body())) {
                all.add(message.toString());
            }
            offset = answer.headers().firstValue("Stream-Next-Offset").orElseThrow();
        } while (answer.headers().firstValue("Stream-Up-To-Date").isEmpty());
        return all;
    }

    private void send(ServedStore server, String method, String body) {
        HttpRequest request = HttpRequest.newBuilder(server.stream(STREAM))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            int status =
                    http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            assertThat(status).isLessThan(300);
        } catch (IOException e) {
            throw new AssertionError("a server is gone", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
