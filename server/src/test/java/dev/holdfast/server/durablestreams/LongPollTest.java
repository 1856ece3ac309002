package dev.holdfast.server.durablestreams;

import static dev.holdfast.server.durablestreams.StreamServer.JSON;
import static dev.holdfast.server.durablestreams.StreamServer.TEXT;
import static dev.holdfast.server.durablestreams.StreamServer.header;
import static dev.holdfast.server.durablestreams.StreamServer.next;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.stream.StreamOffset;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Readers that wait in a long-poll. */
@Timeout(60)
class LongPollTest {
    private static final String NOW = "?offset=now&live=long-poll";

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void anAppendThatClosesReachesAWaitingReaderWithItsContent(HttpClient.Version version) throws Exception {
        try (StreamServer server = StreamServer.open(version)) {
            server.create("s", TEXT, "one");
            CompletableFuture<HttpResponse<String>> waiting =
                    server.later("s?offset=" + StreamOffset.text(3) + "&live=long-poll");
            server.awaitReaders(1);

            server.send("POST", "s", "two", "Content-Type", TEXT, "Stream-Closed", "true");

            HttpResponse<String> answer = waiting.get();
            assertThat(answer.version()).isEqualTo(version);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("two");
            assertThat(header(answer, "Stream-Closed")).isEqualTo("true");
            assertThat(next(answer)).isEqualTo(StreamOffset.text(6));
            HttpResponse<String> end = server.get("s?live=long-poll&offset=" + next(answer));
            assertThat(end.statusCode()).isEqualTo(204);
            assertThat(header(end, "Stream-Closed")).isEqualTo("true");
        }
    }

    @Test
    void closingAloneEndsTheWait() throws Exception {
        try (StreamServer server = StreamServer.open()) {
            server.create("s", TEXT, "one");
            CompletableFuture<HttpResponse<String>> waiting = server.later("s" + NOW);
            server.awaitReaders(1);

            server.send("POST", "s", "", "Stream-Closed", "true");

            HttpResponse<String> answer = waiting.get();
            assertThat(answer.statusCode()).isEqualTo(204);
            assertThat(header(answer, "Stream-Closed")).isEqualTo("true");
            assertThat(header(answer, "Stream-Up-To-Date")).isEqualTo("true");
            assertThat(next(answer)).isEqualTo(StreamOffset.text(3));
        }
    }

    @Test
    void deletionEndsTheWait() throws Exception {
        try (StreamServer server = StreamServer.open()) {
            server.create("s", TEXT, "one");
            CompletableFuture<HttpResponse<String>> waiting = server.later("s" + NOW);
            server.awaitReaders(1);

            server.send("DELETE", "s", "");

            assertThat(waiting.get().statusCode()).isEqualTo(404);
            server.awaitReaders(0);
        }
    }

    @Test
    void deletionOfASourceEndsTheWaitWithGone() throws Exception {
        try (StreamServer server = StreamServer.open()) {
            server.create("s", TEXT, "one");
            server.send("PUT", "fork", "", "Stream-Forked-From", "/v1/stream/s");
            CompletableFuture<HttpResponse<String>> waiting = server.later("s" + NOW);
            CompletableFuture<HttpResponse<String>> fork = server.later("fork" + NOW);
            server.awaitReaders(2);

            server.send("DELETE", "s", "");
            server.append("fork", TEXT, "two");

            assertThat(waiting.get().statusCode()).isEqualTo(410);
            assertThat(fork.get().body()).isEqualTo("two");
        }
    }

    @Test
    void timeEndsTheWait() throws Exception {
        try (StreamServer server =
                StreamServer.open(StreamServer.patient().withLongPollTimeout(Duration.ofMillis(50)))) {
            server.create("s", JSON, "1");

            HttpResponse<String> answer = server.get("s?cursor=99999999&live=long-poll&offset=now");

            assertThat(answer.statusCode()).isEqualTo(204);
            assertThat(next(answer)).isEqualTo(StreamOffset.text(1));
            assertThat(header(answer, "Stream-Up-To-Date")).isEqualTo("true");
            assertThat(Long.parseLong(header(answer, "Stream-Cursor"))).isBetween(100_000_000L, 100_000_179L);
            assertThat(header(answer, "ETag")).isEmpty();
            assertThat(header(answer, "Cache-Control")).isEmpty();
            server.awaitReaders(0);
        }
    }

    @Test
    void theEndOfALifetimeEndsTheWait() throws Exception {
        try (StreamServer server =
                StreamServer.open(StreamServer.patient().withLongPollTimeout(Duration.ofMillis(300)))) {
            server.send(
                    "PUT",
                    "s",
                    "x",
                    "Stream-Expires-At",
                    Instant.now().plusMillis(200).toString());

            int status = server.get("s" + NOW).statusCode();

            assertThat(status).isIn(204, 404);
            assertThat(server.get("s" + NOW).statusCode()).isEqualTo(404);
        }
    }

    @Test
    void aReaderFromBeyondTheTailIsToldTheTailAtOnce() throws Exception {
        try (StreamServer server = StreamServer.open()) {
            server.create("s", JSON, "[1,2]");

            HttpResponse<String> answer = server.get("s?live=long-poll&offset=" + StreamOffset.text(99));

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("[]");
            assertThat(header(answer, "Stream-Up-To-Date")).isEqualTo("true");
            assertThat(next(answer)).isEqualTo(StreamOffset.text(2));
            assertThat(next(server.get("s?offset=9999999999999999_0"))).isEqualTo(StreamOffset.text(2));
            try (StreamEvents events = server.events("s?live=sse&offset=" + StreamOffset.text(99))) {
                assertThat(events.next("control").nextOffset()).isEqualTo(StreamOffset.text(2));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void manyReadersOfOneStreamAllGetIt(HttpClient.Version version) throws Exception {
        try (StreamServer server = StreamServer.open(version)) {
            server.create("s", JSON, "");
            server.get("s");
            List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                waiting.add(server.later("s" + NOW));
                server.awaitReaders(i + 1);
            }

            server.append("s", JSON, "{\"n\":1}");

            for (CompletableFuture<HttpResponse<String>> one : waiting) {
                assertThat(one.get().body()).isEqualTo("[{\"n\":1}]");
            }
            server.awaitReaders(0);
        }
    }

    @Test
    void noAppendIsMissedBetweenTwoPolls() throws Exception {
        try (StreamServer server = StreamServer.open()) {
            server.create("s", TEXT, "");
            Thread writer = Thread.ofVirtual().start(() -> {
                for (int i = 0; i < 200; i++) {
                    server.store().stream("s").append((i + ";").getBytes(StandardCharsets.US_ASCII));
                }
                server.store().stream("s").close();
            });
            StringBuilder read = new StringBuilder();
            String offset = "-1";
            HttpResponse<String> answer;
            do {
                answer = server.get("s?live=long-poll&offset=" + offset);
                read.append(answer.body());
                offset = next(answer);
            } while (header(answer, "Stream-Closed").isEmpty());
            writer.join();

            assertThat(read.toString().split(";")).hasSize(200);
            assertThat(read).startsWith("0;1;2;").endsWith(";198;199;");
        }
    }

    @Test
    void tooManyReadersAreToldToComeLater() throws Exception {
        try (StreamServer server = StreamServer.open(StreamServer.patient().withLiveReadersMax(2))) {
            server.create("s", TEXT, "one");
            CompletableFuture<HttpResponse<String>> one = server.later("s" + NOW);
            server.awaitReaders(1);
            try (StreamEvents events = server.events("s?offset=now&live=sse")) {
                server.awaitReaders(2);
                for (String live : List.of("long-poll", "sse")) {
                    HttpResponse<String> refused = server.get("s?offset=now&live=" + live);

                    assertThat(refused.statusCode()).isEqualTo(429);
                    assertThat(Integer.parseInt(header(refused, "Retry-After"))).isPositive();
                    assertThat(header(refused, "Access-Control-Allow-Origin")).isEqualTo("*");
                }
                assertThat(server.get("s?offset=-1&live=long-poll").body()).isEqualTo("one");
                assertThat(server.get("s").body()).isEqualTo("one");
                server.send("POST", "s", "", "Stream-Closed", "true");
                events.awaitEnd();
            }
            assertThat(one.get().statusCode()).isEqualTo(204);
            server.awaitReaders(0);
        }
    }

    @Test
    void aServerThatStopsAnswersAtOnce() throws Exception {
        StreamServer server = StreamServer.open();
        try {
            server.create("s", TEXT, "one");
            CompletableFuture<HttpResponse<String>> waiting = server.later("s" + NOW);
            server.awaitReaders(1);

            server.server().close();

            assertThat(waiting.get().statusCode()).isEqualTo(204);
            assertThat(next(waiting.get())).isEqualTo(StreamOffset.text(3));
        } finally {
            server.close();
        }
    }

    @Test
    void aReaderThatWentAwayLeavesItsPlaceInTheEnd() throws Exception {
        try (StreamServer server =
                StreamServer.open(StreamServer.patient().withLongPollTimeout(Duration.ofMillis(500)))) {
            server.create("s", TEXT, "one");
            try (Socket socket =
                    new Socket(InetAddress.getLoopbackAddress(), server.server().port())) {
                socket.getOutputStream()
                        .write(("GET /v1/stream/s" + NOW + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                server.awaitReaders(1);
            }

            server.awaitReaders(0);
        }
    }
}
