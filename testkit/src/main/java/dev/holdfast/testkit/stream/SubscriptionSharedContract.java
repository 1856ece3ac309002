package dev.holdfast.testkit.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.engine.UnitKind;
import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.StreamSpec;
import dev.holdfast.stream.SubscriptionKey;
import dev.holdfast.stream.SubscriptionLink;
import dev.holdfast.stream.SubscriptionWake;
import dev.holdfast.stream.Subscriptions;
import dev.holdfast.stream.WebhookSender.Answer;
import dev.holdfast.testkit.Store;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What subscriptions promise over restarts, and while two processes run them. For stores that several may open. */
public abstract class SubscriptionSharedContract extends SubscriptionSuite {
    private static final Duration SOON = Duration.ofSeconds(20);
    /** Longer than a few statements take. */
    private static final Duration MEANWHILE = Duration.ofMillis(500);

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

    @Test
    void aStreamThatIsDeletedWhileItIsNamedBeginsAnew() throws Exception {
        subscriptions().create("s", webhook("", "other"), ADDRESS);

        whileDeleted("a", () -> subscriptions().link("s", List.of("b", "a")));

        assertThat(link("s", "a").acked()).isZero();
        assertThat(link("s", "b").acked()).isZero();
        stream("a").create(StreamSpec.bytes().content(bytes("x")));
        assertThat(link("s", "a").pending()).isTrue();
    }

    @Test
    void aStreamThatIsDeletedWhileAPatternTakesItLeavesNothing() throws Exception {
        stream("kept").create(StreamSpec.bytes());

        whileDeleted("a", () -> subscriptions().create("s", webhook("*"), ADDRESS));

        assertThat(subscriptions().find("s").orElseThrow().links())
                .extracting(SubscriptionLink::path)
                .containsExactly("kept");
    }

    /** Runs something while another process has deleted a stream with content, and has not committed that yet. */
    private void whileDeleted(String path, Runnable what) throws Exception {
        stream(path).create(StreamSpec.bytes().content(bytes("old")));
        Store second = store.second();
        CountDownLatch deleted = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CompletableFuture<Void> deleting = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                second.session().write(UnitKind.USER, tx -> {
                    DurableStream.in(tx, path).delete();
                    deleted.countDown();
                    awaitUninterruptibly(goOn);
                    return true;
                });
                deleting.complete(null);
            } catch (RuntimeException | Error e) {
                deleting.completeExceptionally(e);
            }
        });
        assertThat(deleted.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread acting = Thread.ofVirtual().start(() -> {
            try {
                what.run();
                done.complete(null);
            } catch (RuntimeException | Error e) {
                done.completeExceptionally(e);
            }
        });
        // It may come to its end before the commit, or wait for it; what it leaves is the same.
        acting.join(MEANWHILE);
        goOn.countDown();
        deleting.orTimeout(SOON.toSeconds(), TimeUnit.SECONDS).join();
        done.orTimeout(SOON.toSeconds(), TimeUnit.SECONDS).join();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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
