package dev.holdfast.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.client.ClientException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How readings go on, fail and end, against a server that does what it is told. */
class ReadingTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String NEXT = "Stream-Next-Offset";
    private static final String TYPE = "Content-Type";

    private final FakeServer server = new FakeServer();
    private final StreamClient client = StreamClient.open(
            server.base(),
            ClientOptions.defaults().withRetry(RetryPolicy.defaults().withFirstDelay(Duration.ofMillis(1))));

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void catchesUpPageByPage() {
        server.thenBody("ab", NEXT, "0_2", TYPE, "text/plain")
                .thenBody("c", NEXT, "0_3", TYPE, "text/plain", "Stream-Up-To-Date", "true");

        try (Reading<RemoteChunk> reading = stream().read(ReadOptions.beginning())) {
            assertThat(reading.next().text()).isEqualTo("ab");
            RemoteChunk last = reading.next();
            assertThat(last.text() + last.next() + last.upToDate() + last.atEnd())
                    .isEqualTo("c0_3truefalse");
            assertThat(reading.hasNext()).isFalse();
            assertThatThrownBy(reading::next).isInstanceOf(NoSuchElementException.class);
        }

        assertThat(uris()).containsExactly("/v1/stream/a?offset=-1", "/v1/stream/a?offset=0_2");
    }

    @Test
    void pollsWithTheLastOffsetAndCursor() {
        server.then(200, NEXT, "0_0", TYPE, "text/plain", "Stream-Up-To-Date", "true")
                .then(204, NEXT, "0_0", "Stream-Cursor", "7", "Stream-Up-To-Date", "true")
                .thenBody("a", NEXT, "0_1", TYPE, "text/plain", "Stream-Cursor", "8", "Stream-Up-To-Date", "true")
                .then(204, NEXT, "0_1", "Stream-Closed", "true");

        List<RemoteChunk> chunks = all(ReadOptions.beginning().live(Live.LONG_POLL));

        assertThat(chunks).extracting(RemoteChunk::text).containsExactly("", "a", "");
        assertThat(chunks).extracting(RemoteChunk::atEnd).containsExactly(false, false, true);
        assertThat(uris())
                .containsExactly(
                        "/v1/stream/a?offset=-1",
                        "/v1/stream/a?offset=0_0&live=long-poll",
                        "/v1/stream/a?offset=0_0&live=long-poll&cursor=7",
                        "/v1/stream/a?offset=0_1&live=long-poll&cursor=8");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void eventsGoOnBehindTheLastControlEvent(boolean cut) {
        server.thenEvents("""
                        event: data
                        data:a

                        event: control
                        data:{"streamNextOffset":"0_1","streamCursor":"5"}

                        event: data
                        data:b

                        """, cut).thenEvents("""
                        event: other
                        data:?

                        event: data
                        data:b

                        event: control
                        data:{"streamNextOffset":"0_2","streamClosed":true}

                        """, cut);

        List<RemoteChunk> chunks = all(ReadOptions.beginning().live(Live.SSE).directly());

        assertThat(chunks).extracting(RemoteChunk::text).containsExactly("a", "b");
        assertThat(uris())
                .containsExactly("/v1/stream/a?offset=-1&live=sse", "/v1/stream/a?offset=0_1&live=sse&cursor=5");
    }

    @Test
    void eventsOfBytesAreDecoded() {
        server.thenEvents("""
                event: data
                data:/f7/
                data:AA==

                event: data
                data:

                event: control
                data:{"streamNextOffset":"0_4","streamClosed":true}

                """, false, "Stream-SSE-Data-Encoding", "base64");

        List<RemoteChunk> chunks = all(ReadOptions.beginning().live(Live.SSE).directly());

        assertThat(chunks).hasSize(1);
        assertThat(chunks.getFirst().content()).containsExactly(0xfd, 0xfe, 0xff, 0x00);
    }

    @Test
    void eventsOfMessagesBecomeOneArray() {
        server.thenEvents("""
                event: data
                data:[1,
                data:2]

                event: data
                data:[3]

                event: control
                data:{"streamNextOffset":"0_3","streamClosed":true}

                """, false);

        try (Reading<RemoteMessages<Integer>> reading = client.stream("a")
                .ofType("application/json")
                .as(Integer.class)
                .read(ReadOptions.beginning().live(Live.SSE).directly())) {
            assertThat(reading.next().values()).containsExactly(1, 2, 3);
            assertThat(reading.hasNext()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{oops", "", "[]", "{\"streamNextOffset\":1}", "{}"})
    void aControlEventThatIsNoneEndsTheReading(String data) {
        server.thenEvents("event: control\ndata:" + data + "\n\n", false);

        assertMalformed(ReadOptions.beginning().live(Live.SSE).directly());
    }

    @Test
    void contentThatIsNoBase64EndsTheReading() {
        server.thenEvents("event: data\ndata:?!\n\n", false, "Stream-SSE-Data-Encoding", "base64");

        assertMalformed(ReadOptions.beginning().live(Live.SSE).directly());
    }

    @Test
    void anAnswerWithoutAnOffsetEndsTheReading() {
        server.thenBody("a", TYPE, "text/plain");

        assertMalformed(ReadOptions.beginning());
    }

    @Test
    void anAnswerThatDoesNotMoveOnEndsTheReading() {
        server.thenBody("a", NEXT, "0_1", TYPE, "text/plain").thenBody("a", NEXT, "0_1", TYPE, "text/plain");

        try (Reading<RemoteChunk> reading = stream().read(ReadOptions.beginning())) {
            assertThat(reading.next().text()).isEqualTo("a");
            assertThat(reading.next().text()).isEqualTo("a");
            assertThatThrownBy(reading::hasNext).hasMessageStartingWith("client.malformed");
        }
    }

    @Test
    void anErrorIsThrownAgainAndAgain() {
        server.then(404);

        try (Reading<RemoteChunk> reading = stream().read(ReadOptions.beginning())) {
            assertThatThrownBy(reading::hasNext).hasMessageStartingWith("client.not_found");
            assertThatThrownBy(reading::next).hasMessageStartingWith("client.not_found");
            assertThatThrownBy(() -> reading.poll(Duration.ZERO)).hasMessageStartingWith("client.not_found");
        }
    }

    @Test
    void pollWaitsForATimeOnly() {
        server.then(200, NEXT, "0_0", TYPE, "text/plain", "Stream-Up-To-Date", "true")
                .thenSilence();

        try (Reading<RemoteChunk> reading =
                stream().read(ReadOptions.beginning().live(Live.LONG_POLL))) {
            assertThat(reading.poll(LIMIT)).map(RemoteChunk::isEmpty).contains(true);
            assertThat(reading.poll(Duration.ofMillis(50))).isEmpty();
        }
    }

    @Test
    void closingEndsAWait() {
        server.thenSilence();
        Reading<RemoteChunk> reading = stream().read(ReadOptions.beginning());
        CompletableFuture<Boolean> more = CompletableFuture.supplyAsync(reading::hasNext);
        server.awaitRequests(1);

        reading.close();

        assertThat(more.join()).isFalse();
    }

    @Test
    void aSilentEventStreamIsLeft() {
        server.then(exchange -> {
                    exchange.getResponseHeaders().set(TYPE, "text/event-stream");
                    exchange.sendResponseHeaders(200, 0);
                    exchange.getResponseBody().flush();
                })
                .thenEvents("""
                        event: data
                        data:a

                        event: control
                        data:{"streamNextOffset":"0_1","streamClosed":true}

                        """, false);

        try (StreamClient impatient = StreamClient.open(
                        server.base(), ClientOptions.defaults().withLiveTimeout(Duration.ofMillis(200)));
                Reading<RemoteChunk> reading = impatient.stream("a")
                        .ofType("text/plain")
                        .read(ReadOptions.beginning().live(Live.SSE).directly())) {
            assertThat(reading.next().text()).isEqualTo("a");
        }
    }

    @Test
    void aSubscriberGetsWhatItAsksFor() {
        server.thenBody("a", NEXT, "0_1", TYPE, "text/plain")
                .thenBody("b", NEXT, "0_2", TYPE, "text/plain")
                .thenBody("c", NEXT, "0_3", TYPE, "text/plain", "Stream-Up-To-Date", "true");
        Collecting subscriber = new Collecting();

        stream().publish(ReadOptions.beginning()).subscribe(subscriber);
        subscriber.subscription.join().request(2);
        await().atMost(LIMIT).until(() -> subscriber.got.size() == 2);
        assertThat(subscriber.ended).isNotDone();
        subscriber.subscription.join().request(Long.MAX_VALUE);

        assertThat(subscriber.ended.join()).isEqualTo("complete");
        assertThat(subscriber.got).containsExactly("a", "b", "c");
    }

    @Test
    void theEndNeedsNoDemand() {
        server.thenBody("a", NEXT, "0_1", TYPE, "text/plain", "Stream-Up-To-Date", "true")
                .then(404);
        Collecting whole = new Collecting();
        Collecting failed = new Collecting();

        stream().publish(ReadOptions.beginning()).subscribe(whole);
        whole.subscription.join().request(1);
        assertThat(whole.ended.join()).isEqualTo("complete");
        stream().publish(ReadOptions.beginning()).subscribe(failed);

        assertThat(whole.got).containsExactly("a");
        assertThat(failed.ended.join()).startsWith("client.not_found");
    }

    @Test
    void askingForNothingEndsASubscriptionThatWaits() {
        server.thenSilence();
        Collecting subscriber = new Collecting();
        stream().publish(ReadOptions.beginning()).subscribe(subscriber);
        server.awaitRequests(1);

        subscriber.subscription.join().request(0);

        assertThat(subscriber.ended.join()).contains("one or more");
    }

    @Test
    void aSubscriberThatAsksForNothingIsToldThatTheClientWasClosed() {
        server.thenBody("a", NEXT, "0_1", TYPE, "text/plain", "Stream-Up-To-Date", "true");
        Collecting subscriber = new Collecting();
        stream().publish(ReadOptions.beginning()).subscribe(subscriber);
        Thread told = subscriber.thread.join();
        // While it waits for what is read its wait has an end.
        await().atMost(LIMIT).until(() -> told.getState() == Thread.State.WAITING);

        client.close();

        assertThat(subscriber.ended.orTimeout(30, TimeUnit.SECONDS).join()).startsWith("client.closed");
        assertThat(subscriber.got).isEmpty();
    }

    @Test
    void aSubscriberThatHasCancelledIsToldNothing() {
        server.thenSilence().then(404);
        Collecting subscriber = new Collecting();
        stream().publish(ReadOptions.beginning()).subscribe(subscriber);
        server.awaitRequests(1);

        subscriber.subscription.join().cancel();

        assertThatThrownBy(() -> stream().read(ReadOptions.beginning()).next())
                .hasMessageStartingWith("client.not_found");
        assertThat(subscriber.ended).isNotDone();
    }

    @Test
    void aSubscriberIsToldOfErrorsAndMustAskForOneOrMore() {
        server.then(404);
        Collecting first = new Collecting();
        Collecting second = new Collecting();

        stream().publish(ReadOptions.beginning()).subscribe(first);
        first.subscription.join().request(1);
        stream().publish(ReadOptions.beginning()).subscribe(second);
        second.subscription.join().request(0);

        assertThat(first.ended.join()).startsWith("client.not_found");
        assertThat(second.ended.join()).contains("one or more");
    }

    private RemoteStream stream() {
        return client.stream("a").ofType("text/plain");
    }

    private List<RemoteChunk> all(ReadOptions how) {
        List<RemoteChunk> chunks = new ArrayList<>();
        try (Reading<RemoteChunk> reading = stream().read(how)) {
            reading.forEachRemaining(chunks::add);
        }
        return chunks;
    }

    private void assertMalformed(ReadOptions how) {
        assertThatThrownBy(() -> all(how))
                .isInstanceOfSatisfying(
                        ClientException.class,
                        failure -> assertThat(failure.reason()).isEqualTo(Reason.MALFORMED));
    }

    private List<String> uris() {
        return server.requests().stream().map(FakeServer.Request::uri).toList();
    }

    /** Keeps what it is told. */
    private static final class Collecting implements Flow.Subscriber<RemoteChunk> {
        private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
        private final CompletableFuture<Thread> thread = new CompletableFuture<>();
        private final CompletableFuture<String> ended = new CompletableFuture<>();
        private final List<String> got = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription.complete(given);
            thread.complete(Thread.currentThread());
        }

        @Override
        public void onNext(RemoteChunk chunk) {
            got.add(chunk.text());
        }

        @Override
        public void onError(Throwable failure) {
            ended.complete(String.valueOf(failure.getMessage()));
        }

        @Override
        public void onComplete() {
            ended.complete("complete");
        }
    }
}
