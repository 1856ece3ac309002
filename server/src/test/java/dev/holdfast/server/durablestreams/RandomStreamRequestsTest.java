package dev.holdfast.server.durablestreams;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests made of random headers, offsets and bodies, right and wrong: none is a fault of the server. */
@Timeout(120)
class RandomStreamRequestsTest {
    private static final int REQUESTS = 3_000;
    private static final List<String> METHODS =
            List.of("GET", "GET", "GET", "PUT", "PUT", "POST", "POST", "HEAD", "DELETE");
    private static final List<String> STREAMS = List.of("a", "b", "c/d", "%20", "a%01", "__ds", "x".repeat(2_000));
    private static final List<String> TEXTS = List.of(
            "",
            "0",
            "-1",
            "now",
            "true",
            "TRUE",
            "1e3",
            "007",
            "+5",
            "3.5",
            "9007199254740991",
            "9007199254740992",
            "99999999999999999999999999",
            "0000000000000000_0000000000000001",
            "0_2",
            "1_0",
            "9999999999999999_9999999999999999",
            "_",
            "a,b",
            "2030-01-01T00:00:00Z",
            "2020-01-01T00:00:00+01:00",
            "-999999999-01-01T00:00:00Z",
            "2030-13-01",
            "/v1/stream/a",
            "/v1/stream/c/d",
            "/v1/stream/%zz",
            "http://127.0.0.1/v1/stream/a",
            "application/json",
            "application/json; charset=utf-8",
            "text/plain",
            "image/png",
            "//",
            "*",
            "\"x\"",
            "long-poll",
            "sse",
            "gzip",
            "z".repeat(5_000));
    private static final List<String> HEADERS = List.of(
            "Content-Type",
            "Content-Type",
            "Stream-TTL",
            "Stream-Expires-At",
            "Stream-Closed",
            "Stream-Seq",
            "Stream-Forked-From",
            "Stream-Fork-Offset",
            "Stream-Fork-Sub-Offset",
            "Producer-Id",
            "Producer-Epoch",
            "Producer-Seq",
            "If-None-Match",
            "Accept-Encoding",
            "X-Forwarded-Host",
            "X-Forwarded-Proto");
    private static final List<String> QUERIES = List.of("offset", "offset", "live", "cursor", "other");
    private static final List<String> BODIES = List.of(
            "", "", "x", "[]", "[1,[2]]", "{\"headers\":{\"operation\":\"insert\"}}", "{\"a\":", "\u0000\u00ff\ud800");
    private static final Set<Integer> EXPECTED = Set.of(200, 201, 204, 304, 400, 403, 404, 409, 410, 413);

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void whateverComesIsAnsweredByTheProtocol(HttpClient.Version version) throws Exception {
        long seed = Long.getLong("holdfast.seed", System.nanoTime());
        Random random = new Random(seed);
        DurableStreamsOptions options =
                StreamServer.patient().withLongPollTimeout(Duration.ofMillis(1)).withChunkBytes(1_024);
        Map<Integer, Integer> answers = new TreeMap<>();
        try (StreamServer server = StreamServer.open(options, version)) {
            for (int i = 0; i < REQUESTS; i++) {
                String target = target(random);
                // Who leaves many streams of one HTTP/2 connection in a second is taken for an attacker.
                boolean left = version == HttpClient.Version.HTTP_2 && target.contains("live=sse");
                String method = left ? "HEAD" : pick(random, METHODS);
                String[] headers = headers(random);
                String body = method.equals("PUT") || method.equals("POST") ? pick(random, BODIES) : "";

                int status = status(server, method, target, body, headers);

                assertThat(status)
                        .as("seed %d, request %d: %s %s %s %s", seed, i, method, target, List.of(headers), body)
                        .isIn(EXPECTED);
                answers.merge(status, 1, Integer::sum);
            }
            assertThat(answers.keySet()).as("seed %d: %s", seed, answers).contains(200, 201, 400, 404, 409);
            server.awaitReaders(0);
            assertThat(server.send("PUT", "still-here", "").statusCode()).isEqualTo(201);
        }
    }

    /** Event streams are asked whether they open, and left. */
    private static int status(StreamServer server, String method, String target, String body, String[] headers)
            throws Exception {
        if (method.equals("GET") && target.contains("live=sse")) {
            try (StreamEvents events = server.events(target, headers)) {
                return events.answer().statusCode();
            }
        }
        return server.send(method, target, body, headers).statusCode();
    }

    private static String target(Random random) {
        StringBuilder target = new StringBuilder(pick(random, STREAMS));
        for (int i = random.nextInt(4); i > 0; i--) {
            target.append(target.indexOf("?") < 0 ? '?' : '&')
                    .append(pick(random, QUERIES))
                    .append('=')
                    .append(URLEncoder.encode(pick(random, TEXTS), StandardCharsets.UTF_8));
        }
        return target.toString();
    }

    private static String[] headers(Random random) {
        List<String> headers = new ArrayList<>(List.of("X-Request-Id", "random"));
        if (random.nextInt(3) == 0) {
            headers.addAll(List.of("Producer-Id", "p", "Producer-Epoch", "1", "Producer-Seq", pick(random, TEXTS)));
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            headers.add(pick(random, HEADERS));
            headers.add(pick(random, TEXTS));
        }
        return headers.toArray(String[]::new);
    }

    private static String pick(Random random, List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
