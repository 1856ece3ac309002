package dev.holdfast.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.json.Json;
import dev.holdfast.key.Key;
import dev.holdfast.kv.KvValue;
import dev.holdfast.queue.Job;
import dev.holdfast.queue.JobOptions;
import dev.holdfast.queue.Queue;
import dev.holdfast.server.http.HttpServerOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The queue of the KeyVal interface, which is a queue of the room. */
@Timeout(60)
class KeyvalQueueTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final ServedStore served = new ServedStore(Holdfast.MEMORY, HttpServerOptions.defaults());
    private final Queue queue = served.store().queue("default");

    @AfterEach
    void close() {
        served.close();
    }

    @Test
    void javaGetsWhatRestEnqueuedAndTheReverse() throws Exception {
        JsonNode made = post("/queue/enqueue", "{\"value\":{\"n\":1},\"options\":{\"keysIfUndelivered\":[[\"f\",1]]}}");
        Job job = queue.claim(1, LIMIT).getFirst();
        assertThat(job.id()).isEqualTo(made.path("id").asString());
        assertThat(job.attemptsMax()).isEqualTo(4);
        assertThat(queue.ack(job.claim())).isTrue();
        post("/queue/enqueue", "{}");
        assertThat(queue.claim(1, LIMIT).getFirst().value()).hasToString("null");

        queue.enqueue(KvValue.u64(7));

        JsonNode message = get("/queue/poll").path("message");
        assertThat(message.path("value").asInt()).isEqualTo(7);
        assertThat(message.path("attempts").asInt()).isEqualTo(1);
        assertThat(get("/queue/stats").toString()).isEqualTo("{\"pending\":0,\"processing\":2,\"dlq\":0,\"total\":2}");
        assertThat(get("/metrics").path("queue").path("processing").asInt()).isEqualTo(2);
    }

    @Test
    void settlingIsExactWhenItNamesTheAttempt() throws Exception {
        post("/queue/enqueue", "{\"value\":1,\"options\":{\"backoffSchedule\":[0]}}");
        String id = get("/queue/poll").path("message").path("id").asString();
        post("/queue/nack", "{\"id\":\"" + id + "\",\"attempts\":1}");
        assertThat(get("/queue/poll").path("message").path("attempts").asInt()).isEqualTo(2);

        post("/queue/ack", "{\"id\":\"" + id + "\",\"attempts\":1}");
        assertThat(queue.stats().claimed()).isEqualTo(1);
        post("/queue/ack", "{\"id\":\"" + id + "\",\"attempts\":2}");
        assertThat(queue.stats().total()).isZero();
    }

    @Test
    void aHeadRequestTakesNothing() throws Exception {
        queue.enqueue(1);

        assertThat(served.keyval(ServedStore.ADMIN, "HEAD", "/queue/poll", "").status())
                .isEqualTo(200);
        assertThat(served.keyval(ServedStore.ADMIN, "HEAD", "/queue/listen", "").status())
                .isEqualTo(200);

        assertThat(queue.stats().ready()).isEqualTo(1);
    }

    @Test
    void whoListensIsSentNoMoreThanTenThatAreNotSettled() throws Exception {
        queue.enqueueAll(IntStream.range(0, 15).boxed().toList(), JobOptions.defaults());

        try (BufferedReader events = listen()) {
            List<JsonNode> first = messages(events, 10);
            assertThat(queue.stats().claimed()).isEqualTo(10);
            for (JsonNode message : first.subList(0, 3)) {
                post("/queue/ack", "{\"id\":\"" + message.path("id").asString() + "\"}");
            }
            List<JsonNode> next = messages(events, 3);
            assertThat(next.getLast().path("value").asInt()).isEqualTo(12);
            assertThat(queue.stats().ready()).isEqualTo(2);
        }
    }

    @Test
    void whoListensIsToldOfWhatIsEnqueuedMeanwhile() throws Exception {
        try (BufferedReader events = listen()) {
            for (int i = 0; i < 3; i++) {
                queue.enqueue(i);
                JsonNode message = messages(events, 1).getFirst();
                assertThat(message.path("value").asInt()).isEqualTo(i);
                post("/queue/ack", "{\"id\":\"" + message.path("id").asString() + "\"}");
            }
        }
        assertThat(queue.stats().total()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"options\":5}",
                "{\"options\":{\"delay\":-1}}",
                "{\"options\":{\"delay\":\"5\"}}",
                "{\"options\":{\"delay\":1e600000000}}",
                "{\"options\":{\"backoffSchedule\":5}}",
                "{\"options\":{\"backoffSchedule\":[\"5\"]}}",
                "{\"options\":{\"keysIfUndelivered\":[]  ,\"backoffSchedule\":[-1]}}",
                "{\"options\":{\"keysIfUndelivered\":[[]]}}",
                "{\"options\":{\"keysIfUndelivered\":\"a\"}}",
                "[]"
            })
    void whatIsNoOptionIsRefused(String body) throws Exception {
        assertThat(served.keyval(ServedStore.ADMIN, "POST", "/queue/enqueue", body)
                        .status())
                .isEqualTo(400);
        assertThat(queue.stats().total()).isZero();
    }

    @Test
    void deadLettersHaveTheirPagesAndErrors() throws Exception {
        post("/queue/enqueue", "{\"value\":[1],\"options\":{\"backoffSchedule\":[],\"keysIfUndelivered\":[[\"f\"]]}}");
        String id = get("/queue/poll").path("message").path("id").asString();
        post("/queue/nack", "{\"id\":\"" + id + "\"}");

        JsonNode dead = get("/queue/dlq?limit=5&offset=0").path(0);
        assertThat(dead.path("originalId").asString()).isEqualTo(id);
        assertThat(dead.path("errorMessage").asString()).isEqualTo("Max attempts exceeded");
        assertThat(served.store().kv().get(Key.of("f")).orElseThrow().value()).hasToString("[1]");
        assertThat(served.keyval(ServedStore.ADMIN, "GET", "/queue/dlq?offset=x", "")
                        .status())
                .isEqualTo(400);
        assertThat(served.keyval(ServedStore.ADMIN, "GET", "/queue/dlq?limit=x", "")
                        .status())
                .isEqualTo(400);
        assertThat(served.keyval(ServedStore.ADMIN, "GET", "/queue/dlq/none", "")
                        .text())
                .isEqualTo("{\"error\":\"Message not found in DLQ\"}");
    }

    private BufferedReader listen() throws IOException, InterruptedException {
        return new BufferedReader(new InputStreamReader(
                served.open(ServedStore.ADMIN, "/keyval/api/queue/listen"), StandardCharsets.UTF_8));
    }

    /** Reads until so many messages have come. */
    private static List<JsonNode> messages(BufferedReader events, int count) throws IOException {
        List<JsonNode> messages = new ArrayList<>();
        while (messages.size() < count) {
            String line = events.readLine();
            assertThat(line).as("the stream goes on").isNotNull();
            if (line.startsWith("data: {")) {
                messages.add(Json.parse(line.substring(6)));
            }
        }
        return messages;
    }

    private JsonNode post(String path, String body) throws IOException, InterruptedException {
        var answer = served.keyval(ServedStore.ADMIN, "POST", path, body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json();
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        var answer = served.keyval(ServedStore.ADMIN, "GET", path, "");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json();
    }
}
