package dev.holdfast.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.client.ClientException.Reason;
import dev.holdfast.engine.ClosedException;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.stream.ProducerStamp;
import dev.holdfast.stream.StreamAppend;
import dev.holdfast.stream.StreamSpec;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent again, when, and what becomes of everything else. */
class TransportTest {
    private static final byte[] CONTENT = "content".getBytes(UTF_8);

    private final List<Duration> pauses = Collections.synchronizedList(new ArrayList<>());
    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void sendsAgainWhatFailsOnTheServerAndOnTheNetwork() {
        server.then(503).thenCut().then(429).then(500).then(204, "Stream-Next-Offset", "0_7");

        try (StreamClient client = client(ClientOptions.defaults())) {
            assertThat(stream(client).append(CONTENT).tail()).isEqualTo("0_7");
        }

        assertThat(server.requests())
                .hasSize(5)
                .allMatch(request -> request.body().equals("content"));
        assertThat(pauses).hasSize(4);
    }

    @Test
    void neverSendsAgainSoonerThanTheServerAsks() {
        server.then(503, "Retry-After", "7").then(429, "Retry-After", "3").then(204);

        try (StreamClient client = client(ClientOptions.defaults())) {
            stream(client).append(CONTENT);
        }

        assertThat(pauses).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(3));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 409, 410, 413, 501, 302})
    void refusalsAreFinal(int status) {
        server.then(status);

        try (StreamClient client = client(ClientOptions.defaults())) {
            ClientException refused = catchThrowableOfType(
                    ClientException.class, () -> stream(client).append(CONTENT));

            assertThat(refused.status()).isEqualTo(status);
            assertThat(refused.path()).isEqualTo("/v1/stream/a%20b/c");
            assertThat(refused).hasMessageContaining("/v1/stream/a%20b/c").hasMessageStartingWith(refused.code());
        }
        assertThat(server.requests()).hasSize(1);
        assertThat(pauses).isEmpty();
    }

    @Test
    void givesUpAfterTheLastAttempt() {
        server.then(500).then(502).then(503);
        ClientOptions options =
                ClientOptions.defaults().withRetry(RetryPolicy.defaults().withAttemptsMax(3));

        try (StreamClient client = client(options)) {
            ClientException last = catchThrowableOfType(
                    ClientException.class, () -> stream(client).append(CONTENT));

            assertThat(last.reason()).isEqualTo(Reason.SERVER);
            assertThat(last.status()).isEqualTo(503);
            assertThat(last.getSuppressed()).hasSize(1);
            assertThat(last.getSuppressed()[0]).hasMessageContaining("status=500");
        }
    }

    @Test
    void whatDoesNotComeInTimeIsSentAgain() {
        server.thenSilence().then(204);
        ClientOptions options = ClientOptions.defaults().withRequestTimeout(Duration.ofMillis(200));

        try (StreamClient client = client(options)) {
            stream(client).append(CONTENT);
        }

        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void nobodyListensIsAFailureOfTheNetwork() {
        server.close();
        ClientOptions options =
                ClientOptions.defaults().withRetry(RetryPolicy.defaults().withAttemptsMax(2));

        try (StreamClient client = client(options)) {
            ClientException failure = catchThrowableOfType(
                    ClientException.class, () -> client.stream("a").head());

            assertThat(failure.reason()).isEqualTo(Reason.NETWORK);
            assertThat(failure.status()).isZero();
            assertThat(failure.getCause()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void headersAndParametersAreAskedForWithEveryAttempt() {
        server.then(503).then(204).then(200);
        AtomicInteger token = new AtomicInteger();
        AtomicInteger turn = new AtomicInteger();
        ClientOptions options = ClientOptions.defaults()
                .withToken(() -> "t" + token.incrementAndGet())
                .withParam("turn", () -> Integer.toString(turn.incrementAndGet()));

        try (StreamClient client = client(options)) {
            stream(client).append(CONTENT);
            stream(client).withHeader("X-More", () -> "yes").head();
        }

        assertThat(server.requests())
                .extracting(request -> request.header("Authorization"))
                .containsExactly("Bearer t1", "Bearer t2", "Bearer t3");
        assertThat(server.requests())
                .extracting(FakeServer.Request::uri)
                .containsExactly("/v1/stream/a%20b/c?turn=1", "/v1/stream/a%20b/c?turn=2", "/v1/stream/a%20b/c?turn=3");
        assertThat(server.requests().getLast().header("X-More")).isEqualTo("yes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "\u00e4", "\u65e5"})
    void aHeaderThatCannotBeSentIsRefused(String value) {
        try (StreamClient client = client(ClientOptions.defaults().withHeader("X", value))) {
            assertThatThrownBy(() -> client.stream("a").head())
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageStartingWith("client.request");
        }
    }

    @Test
    void closingEndsAPause() {
        server.then(503, "Retry-After", "3600");
        StreamClient client = StreamClient.open(server.base());
        CompletableFuture<RemoteInfo> head =
                CompletableFuture.supplyAsync(() -> client.stream("a").head());
        server.awaitRequests(1);

        client.close();

        assertThatThrownBy(head::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(ClosedException.class);
        assertThatThrownBy(() -> client.stream("a").head()).isInstanceOf(ClosedException.class);
    }

    @Test
    void closingEndsARequest() {
        server.thenSilence();
        StreamClient client = StreamClient.open(server.base());
        CompletableFuture<RemoteInfo> head =
                CompletableFuture.supplyAsync(() -> client.stream("a").head());
        server.awaitRequests(1);

        client.close();

        assertThatThrownBy(head::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(ClosedException.class);
    }

    /** Its owner may go on to use it, so closing cannot end it. */
    @ParameterizedTest
    @EnumSource(Live.class)
    void closingEndsWhatGoesOverAClientOfTheCaller(Live live) {
        if (live == Live.SSE) {
            server.then(exchange -> {
                exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().flush();
            });
        } else {
            server.thenSilence();
        }
        try (HttpClient http = HttpClient.newHttpClient()) {
            StreamClient client = StreamClient.open(server.base(), ClientOptions.defaults(), http);
            Reading<RemoteChunk> reading =
                    stream(client).read(ReadOptions.beginning().live(live).directly());
            CompletableFuture<Boolean> more = CompletableFuture.supplyAsync(reading::hasNext);
            server.awaitRequests(1);

            client.close();

            assertThatThrownBy(more::join)
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(ClosedException.class);
            server.close();
        }
    }

    @Test
    void aClientThatItsOwnerHasClosedIsNotAskedForEver() {
        HttpClient http = HttpClient.newHttpClient();
        StreamClient client = StreamClient.open(server.base(), ClientOptions.defaults(), http);

        http.close();

        assertThatThrownBy(() -> client.stream("a").head()).isInstanceOf(ClosedException.class);
    }

    /** The JDK's asynchronous requests are completed there. */
    @Test
    void answersComeAlsoWhenThePoolThatAllShareIsBusy() {
        CountDownLatch done = new CountDownLatch(1);
        int threads = ForkJoinPool.getCommonPoolParallelism() + 2;
        List<CompletableFuture<Void>> busy = IntStream.range(0, threads)
                .mapToObj(i -> CompletableFuture.runAsync(() -> awaitUninterruptibly(done)))
                .toList();
        server.then(503).then(200, "Content-Type", "text/plain");

        try (StreamClient client =
                client(ClientOptions.defaults().withRetry(RetryPolicy.defaults().withAttemptsMax(2)))) {
            assertThat(client.stream("a").head().contentType()).isEqualTo("text/plain");
        } finally {
            done.countDown();
        }
        busy.forEach(CompletableFuture::join);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void anAnswerHasABound() {
        server.thenBody("12345", "Stream-Next-Offset", "0_5", "Stream-Up-To-Date", "true")
                .thenBody("123456", "Stream-Next-Offset", "0_6", "Stream-Up-To-Date", "true");

        try (StreamClient client = client(ClientOptions.defaults().withAnswerBytesMax(5))) {
            assertThat(stream(client).read(ReadOptions.beginning()).next().text())
                    .isEqualTo("12345");
            assertThatThrownBy(
                            () -> stream(client).read(ReadOptions.beginning()).next())
                    .hasMessageStartingWith("client.too_large")
                    .hasMessageContaining("answerBytesMax=5");
        }
        assertThat(server.requests()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "event: data\ndata:12345678901234567890\n\n",
                "event: data\ndata:12345678\n\nevent: data\ndata:123456789\n\n",
                "data:a\ndata:b\ndata:c\ndata:d\n\n"
            })
    void whatAnEventStreamTellsAtOnceHasABound(String events) {
        server.thenEvents(events, false);

        try (StreamClient client = client(ClientOptions.defaults().withAnswerBytesMax(18));
                Reading<RemoteChunk> reading = stream(client)
                        .read(ReadOptions.beginning().live(Live.SSE).directly())) {
            assertThatThrownBy(reading::hasNext).hasMessageStartingWith("client.too_large");
        }
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void aServerThatLetsNobodyWaitIsNotAskedWithoutPause() {
        for (int i = 0; i < 9; i++) {
            server.then(204, "Stream-Next-Offset", "0_0", "Stream-Up-To-Date", "true");
        }
        server.then(204, "Stream-Next-Offset", "0_0", "Stream-Closed", "true");

        try (StreamClient client = client(ClientOptions.defaults());
                Reading<RemoteChunk> reading = stream(client)
                        .read(ReadOptions.beginning().live(Live.LONG_POLL).directly())) {
            reading.forEachRemaining(chunk -> assertThat(chunk.isEmpty()).isTrue());
        }

        assertThat(server.requests()).hasSize(10);
        // The first answers of a JVM may take as long as a wait.
        assertThat(pauses).hasSizeBetween(5, 9);
    }

    @Test
    void anInterruptEndsARequest() throws InterruptedException {
        server.thenSilence();
        try (StreamClient client = StreamClient.open(server.base())) {
            CompletableFuture<Throwable> ended = new CompletableFuture<>();
            Thread asking = Thread.ofPlatform().start(() -> {
                try {
                    client.stream("a").head();
                } catch (ClientException e) {
                    ended.complete(e);
                }
            });
            server.awaitRequests(1);

            asking.interrupt();
            asking.join(Duration.ofSeconds(30));

            assertThat(ended.join())
                    .isInstanceOfSatisfying(
                            ClientException.class,
                            failure -> assertThat(failure.reason()).isEqualTo(Reason.INTERRUPTED));
        }
    }

    @ParameterizedTest
    @CsvSource({"Stream-Closed, true, CLOSED", "Producer-Expected-Seq, 3, GAP", "X-Any, 1, CONTENT_TYPE"})
    void conflictsAreToldByTheirHeaders(String header, String value, Reason reason) {
        server.then(409, header, value, "Stream-Next-Offset", "0_9");

        try (StreamClient client = client(ClientOptions.defaults())) {
            ClientException refused = catchThrowableOfType(
                    ClientException.class, () -> stream(client).append(CONTENT));

            assertThat(refused.reason()).isEqualTo(reason);
            assertThat(refused.tail()).contains("0_9");
        }
    }

    @Test
    void conflictsAreToldByTheRequest() {
        server.then(409).then(409);

        try (StreamClient client = client(ClientOptions.defaults())) {
            assertThatThrownBy(
                            () -> stream(client).append(StreamAppend.of(CONTENT).sequence("1")))
                    .hasMessageStartingWith("client.sequence");
            assertThatThrownBy(() -> stream(client).create(StreamSpec.json()))
                    .hasMessageStartingWith("client.occupied");
        }
    }

    @Test
    void aStaleEpochIsToldFromForbidden() {
        server.then(403, "Producer-Epoch", "4").then(403);
        StreamAppend append = StreamAppend.of(CONTENT).by(new ProducerStamp("p", 1, 0));

        try (StreamClient client = client(ClientOptions.defaults())) {
            ClientException stale = catchThrowableOfType(
                    ClientException.class, () -> stream(client).append(append));

            assertThat(stale.reason()).isEqualTo(Reason.STALE_EPOCH);
            assertThat(stale.epoch()).hasValue(4);
            assertThatThrownBy(() -> stream(client).append(append)).hasMessageStartingWith("client.forbidden");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://host/v1", "/v1/stream", "http:opaque", "http://host/v1?x=1", "http://host/v1#x"})
    void refusesWhatIsNoAddress(String address) {
        assertThatThrownBy(() -> StreamClient.open(URI.create(address)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("client.address");
    }

    private static RemoteStream stream(StreamClient client) {
        return client.stream("a b/c").ofType("text/plain");
    }

    private StreamClient client(ClientOptions options) {
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        return StreamClient.over(server.base(), options, new Transport(http, options, pauses::add));
    }
}
