package dev.holdfast.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.client.ClientException.Reason;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Producers whose request was refused after an attempt of which nobody knows what came of it. */
class ProducerUnknownTest {
    private final FakeServer server = new FakeServer();
    private final StreamClient client = StreamClient.open(
            server.base(),
            ClientOptions.defaults()
                    .withRetry(RetryPolicy.defaults()
                            .withFirstDelay(Duration.ofMillis(1))
                            .withAttemptsMax(3)));

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    /** The server may have stored it under its number: what came next under that number would be taken for a repeat. */
    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 409, 413})
    void aRefusalBehindALostAnswerIsTheEnd(int status) {
        StreamProducer producer = producer(false);
        server.then(204).thenCut().then(status).then(204);
        append(producer, "a").join();

        CompletableFuture<RemoteAppended> unknown = append(producer, "b");

        assertThatThrownBy(unknown::join).hasRootCauseInstanceOf(ClientException.class);
        assertThatThrownBy(() -> append(producer, "c"))
                .isInstanceOfSatisfying(
                        ClientException.class,
                        failure -> assertThat(failure.status()).isEqualTo(status));
        assertThat(server.requests())
                .extracting(FakeServer.Request::body)
                .filteredOn(body -> !body.isEmpty())
                .containsExactly("a", "b", "b");
    }

    @Test
    void soIsOneBehindAnErrorOfTheServerAndAfterRefusalsThatMayBeRepeated() {
        StreamProducer producer = producer(false);
        server.then(204).then(429).then(500).then(429).then(204);
        append(producer, "a").join();

        CompletableFuture<RemoteAppended> unknown = append(producer, "b");

        assertThatThrownBy(unknown::join).hasRootCauseInstanceOf(ClientException.class);
        assertThatThrownBy(() -> append(producer, "c")).hasMessageStartingWith("client.rate_limited");
        assertThat(server.requests()).hasSize(4);
    }

    @Test
    void aGapProvesNothingAboutAnAttemptThatMayStillBeUnderWay() {
        StreamProducer producer = producer(false);
        server.then(204).thenCut().then(409, "Producer-Expected-Seq", "1").then(204);
        append(producer, "a").join();

        CompletableFuture<RemoteAppended> unknown = append(producer, "b");

        assertThatThrownBy(unknown::join).hasRootCauseInstanceOf(ClientException.class);
        assertThatThrownBy(() -> append(producer, "c")).hasMessageStartingWith("client.gap");
    }

    @Test
    void whereEachAttemptWasRefusedTheNumberIsUsedAgain() {
        StreamProducer producer = producer(false);
        server.then(204).then(429).then(401).then(204);
        append(producer, "a").join();

        CompletableFuture<RemoteAppended> refused = append(producer, "b");
        assertThatThrownBy(refused::join).hasRootCauseInstanceOf(ClientException.class);
        assertThatThrownBy(producer::flush).hasMessageStartingWith("client.unauthorized");
        append(producer, "c").join();

        assertThat(server.requests())
                .extracting(request -> request.header("Producer-Seq") + request.body())
                .containsExactly("0a", "1b", "1b", "1c");
    }

    /** In a higher epoch nothing is taken for a repeat of what came in another one. */
    @Test
    void aHigherEpochIsClaimedAllTheSame() {
        StreamProducer producer = producer(true);
        server.then(204).thenCut().then(403, "Producer-Epoch", "4").then(204);
        append(producer, "a").join();

        append(producer, "b").join();

        assertThat(producer.epoch()).isEqualTo(5);
        assertThat(server.requests().getLast().header("Producer-Seq")).isEqualTo("0");
    }

    @Test
    void withoutAClaimASupersededProducerIsOfNoMoreUse() {
        StreamProducer producer = producer(false);
        server.then(204).thenCut().then(403, "Producer-Epoch", "4");
        append(producer, "a").join();

        CompletableFuture<RemoteAppended> unknown = append(producer, "b");

        assertThatThrownBy(unknown::join).hasRootCauseInstanceOf(ClientException.class);
        assertThatThrownBy(() -> append(producer, "c"))
                .isInstanceOfSatisfying(
                        ClientException.class,
                        failure -> assertThat(failure.reason()).isEqualTo(Reason.STALE_EPOCH));
    }

    private StreamProducer producer(boolean claims) {
        return client.stream("a")
                .ofType("text/plain")
                .producer("p", ProducerOptions.defaults().withAutoClaim(claims));
    }

    private static CompletableFuture<RemoteAppended> append(StreamProducer producer, String text) {
        return producer.append(text.getBytes(UTF_8));
    }
}
