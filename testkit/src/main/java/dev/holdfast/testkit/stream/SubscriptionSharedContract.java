package dev.holdfast.testkit.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.StreamSpec;
import dev.holdfast.stream.SubscriptionKey;
import dev.holdfast.stream.SubscriptionWake;
import dev.holdfast.stream.Subscriptions;
import dev.holdfast.stream.WebhookSender.Answer;
import dev.holdfast.testkit.Store;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What subscriptions promise over restarts, and while two processes run them. For stores that several may open. */
public abstract class SubscriptionSharedContract extends SubscriptionSuite {
    private static final Duration SOON = Duration.ofSeconds(20);

    /** The suite over the stores of one engine. */
    protected SubscriptionSharedContract() {}

    @Test
    void pausesGenerationsAndKeysSurviveARestart() throws Exception {
        stream("a").create(StreamSpec.bytes());
        subscriptions().create("s", webhook("a"), ADDRESS);
        SubscriptionKey key = subscriptions().key().orElseThrow();
        long failedAt;
        try (Woken woken = new Woken(store, time).answering(Answer.FAILED)) {
            stream("a").append(bytes("x"));
            failedAt = woken.next().wake().generation() == 1 ? time.millis() : -1;
            await().atMost(SOON)
                    .until(() -> subscriptions().find("s").orElseThrow().failed());
        }

        store.reopen(time);

        assertThat(subscriptions().find("s").orElseThrow().failed()).isTrue();
        assertThat(subscriptions().key().orElseThrow().kid()).isEqualTo(key.kid());
        try (Woken woken = new Woken(store, time)) {
            Woken.Call again = woken.nextInTime();
            assertThat(again.at()).isGreaterThanOrEqualTo(failedAt + 800);
            assertThat(again.delivery().wake().generation()).isEqualTo(2);
        }
    }

    @Test
    void ofSeveralProcessesOneWakes() throws Exception {
        Store second = store.second();
        subscriptions().create("s", webhook("a/*"), ADDRESS);
        try (Woken one = new Woken(store, time);
                Woken other = new Woken(second, time)) {
            Set<Long> generations = new HashSet<>();
            for (int i = 0; i < 20; i++) {
                DurableStream.in((i % 2 == 0 ? store : second).session(), "a/" + i)
                        .create(StreamSpec.bytes().content(bytes("x")));
                var wake = eitherOf(one, other);
                assertThat(generations.add(wake.generation())).isTrue();
                wake.links().stream()
                        .filter(link -> link.pending())
                        .forEach(link ->
                                subscriptions().callback("s", receipt(wake), ack(link.path(), link.tail()), false));
                subscriptions().callback("s", receipt(wake), List.of(), true);
            }
            assertThat(generations).hasSize(20);
            assertThat(one.isQuiet() && other.isQuiet()).isTrue();
        }
        assertThat(Subscriptions.in(second.session()).find("s").orElseThrow().links())
                .hasSize(20)
                .allSatisfy(link -> assertThat(link.pending()).isFalse());
    }

    @Test
    void streamsThatAppearWhileASubscriptionIsMadeAreAllLinkedOnce() throws Exception {
        Store second = store.second();
        Thread maker = Thread.ofVirtual()
                .start(() -> IntStream.range(0, 100)
                        .forEach(i -> DurableStream.in(second.session(), "a/" + i)
                                .create(StreamSpec.bytes().content(bytes("x")))));
        subscriptions().create("s", webhook("a/*"), ADDRESS);
        assertThat(maker.join(SOON)).isTrue();

        try (Woken woken = new Woken(store, time).answering(Answer.DONE)) {
            await().atMost(SOON).until(() -> {
                time.advance(Duration.ofSeconds(1));
                return subscriptions().find("s").orElseThrow().links().stream()
                                .filter(link -> !link.pending())
                                .count()
                        == 100;
            });
            assertThat(woken).isNotNull();
        }
    }

    /** The next wake that one of two was given. */
    private SubscriptionWake eitherOf(Woken one, Woken other) {
        BlockingQueue<SubscriptionWake> found = new LinkedBlockingQueue<>();
        await().atMost(SOON).until(() -> {
            // What one process does the other learns from signals, or at the next turn of the clock.
            time.advance(Duration.ofMillis(20));
            Stream.of(one, other)
                    .flatMap(woken -> Stream.ofNullable(woken.poll()))
                    .forEach(found::add);
            return !found.isEmpty();
        });
        assertThat(found).hasSize(1);
        return found.remove();
    }
}
