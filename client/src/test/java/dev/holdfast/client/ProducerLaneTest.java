package dev.holdfast.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.client.ClientException.Reason;
import dev.holdfast.engine.ClosedException;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** A producer against the table of the protocol: each message once, in order, whatever comes in between. */
@SuppressWarnings("FutureReturnValueIgnored") // what becomes of most appends shows on the server
class ProducerLaneTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String PATH = "/v1/stream/a";

    private final ModelProducers server = new ModelProducers();

    @Test
    void theFirstOfAnEpochGoesAloneAndTheOthersTogetherBehindIt() {
        AtomicInteger requests = new AtomicInteger();
        Semaphore answers = new Semaphore(0);
        ProducerLane lane = lane(ProducerOptions.defaults(), (batch, epoch) -> {
            requests.incrementAndGet();
            answers.acquireUninterruptibly();
            return server.take(batch, epoch);
        });

        for (char c = 'a'; c <= 'j'; c++) {
            add(lane, Character.toString(c));
        }
        await().atMost(LIMIT).until(() -> requests.get() == 1);
        answers.release(10);
        lane.flush();

        assertThat(server.stored()).isEqualTo("abcdefghij");
        assertThat(requests).hasValue(2);
    }

    @Test
    void noMoreRequestsAreUnderWayThanAllowed() {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        ProducerLane lane =
                lane(ProducerOptions.defaults().withInFlightMax(3).withBatchMessagesMax(1), (batch, epoch) -> {
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    LockSupport.parkNanos(1_000);
                    try {
                        return server.take(batch, epoch);
                    } finally {
                        now.decrementAndGet();
                    }
                });

        for (int i = 0; i < 500; i++) {
            add(lane, "x");
        }
        lane.flush();

        assertThat(server.stored()).hasSize(500);
        assertThat(most.get()).isBetween(1, 3);
    }

    @Test
    void oneThatComesTooEarlyWaitsAndIsSentAgain() {
        Semaphore second = new Semaphore(0);
        AtomicInteger gaps = new AtomicInteger();
        ProducerLane lane = lane(ProducerOptions.defaults().withBatchMessagesMax(1), (batch, epoch) -> {
            if (batch.seq() == 1) {
                second.acquireUninterruptibly();
            }
            try {
                return server.take(batch, epoch);
            } catch (ClientException e) {
                gaps.incrementAndGet();
                throw e;
            }
        });

        add(lane, "a").join();
        add(lane, "b");
        add(lane, "c");
        add(lane, "d");
        await().atMost(LIMIT).until(() -> gaps.get() == 2);
        second.release();
        lane.flush();

        assertThat(server.stored()).isEqualTo("abcd");
    }

    @Test
    void theArrayIsTheCallersAgainAtOnce() {
        Semaphore answers = new Semaphore(0);
        ProducerLane lane = lane(ProducerOptions.defaults(), (batch, epoch) -> {
            answers.acquireUninterruptibly();
            return server.take(batch, epoch);
        });
        add(lane, "a");
        byte[] content = "b".getBytes(UTF_8);

        CompletableFuture<RemoteAppended> second = lane.add(content);
        content[0] = 'x';
        answers.release(2);
        second.join();

        assertThat(server.stored()).isEqualTo("ab");
    }

    @Test
    void failsWhenSomebodyHasTakenOver() {
        ProducerLane lane = lane(ProducerOptions.defaults(), server::take);
        add(lane, "a").join();
        server.claim("X");

        CompletableFuture<RemoteAppended> fenced = add(lane, "b");

        assertThatThrownBy(fenced::join).hasCauseInstanceOf(ClientException.class);
        assertThatThrownBy(lane::flush)
                .isInstanceOfSatisfying(
                        ClientException.class,
                        failure -> assertThat(failure.reason()).isEqualTo(Reason.STALE_EPOCH));
        lane.flush();
        assertThat(server.stored()).isEqualTo("aX");
    }

    @Test
    void claimsAHigherEpochAndGoesOn() {
        ProducerLane lane = lane(ProducerOptions.defaults().withAutoClaim(true), server::take);
        add(lane, "a").join();
        server.claim("X");

        add(lane, "b");
        add(lane, "c");
        lane.flush();

        assertThat(server.stored()).isEqualTo("aXbc");
        assertThat(lane.epoch()).isEqualTo(2);
        assertThat(server.epoch()).isEqualTo(2);
    }

    @Test
    void aRefusedAppendTakesThoseBehindItAlongAndItsNumberIsUsedAgain() {
        ProducerLane lane = lane(ProducerOptions.defaults().withBatchMessagesMax(1), server::take);
        add(lane, "a").join();

        CompletableFuture<RemoteAppended> bad = add(lane, "bad");
        assertThatThrownBy(bad::join).hasCauseInstanceOf(ClientException.class);
        assertThatThrownBy(lane::flush).hasMessageStartingWith("client.bad_request");
        add(lane, "b");
        lane.flush();

        assertThat(server.stored()).isEqualTo("ab");
    }

    @Test
    void anUnknownOutcomeIsTheEnd() {
        ProducerLane lane = lane(ProducerOptions.defaults(), (batch, epoch) -> {
            server.take(batch, epoch);
            throw ClientException.network(PATH, new IOException("lost"));
        });

        CompletableFuture<RemoteAppended> lost = add(lane, "a");

        assertThatThrownBy(lost::join).hasCauseInstanceOf(ClientException.class);
        assertThatThrownBy(() -> add(lane, "b")).hasMessageStartingWith("client.network");
    }

    @Test
    void closesBehindEverythingAndAnswersTheSameAgain() {
        ProducerLane lane = lane(ProducerOptions.defaults(), server::take);
        add(lane, "a");
        add(lane, "b");

        RemoteAppended closed = lane.close("c".getBytes(UTF_8)).join();

        assertThat(closed.closed()).isTrue();
        assertThat(lane.close(new byte[0]).join()).isEqualTo(closed);
        assertThat(server.stored()).isEqualTo("abc");
        assertThatThrownBy(() -> add(lane, "d")).isInstanceOf(ClosedException.class);
    }

    @Test
    void takesNoMoreWhenItIsDetached() {
        ProducerLane lane = lane(ProducerOptions.defaults(), server::take);
        add(lane, "a");

        lane.detach();

        assertThat(server.stored()).isEqualTo("a");
        assertThatThrownBy(() -> add(lane, "b")).isInstanceOf(ClosedException.class);
    }

    @Test
    void aFlushWaitsForWhatCameBeforeIt() {
        Semaphore answers = new Semaphore(0);
        ProducerLane lane = lane(ProducerOptions.defaults(), (batch, epoch) -> {
            answers.acquireUninterruptibly();
            return server.take(batch, epoch);
        });
        CompletableFuture<RemoteAppended> first = add(lane, "a");
        CompletableFuture<Boolean> flushed = new CompletableFuture<>();
        Thread flushing = Thread.ofVirtual().start(() -> {
            lane.flush();
            flushed.complete(first.isDone());
        });
        await().atMost(LIMIT).until(() -> flushing.getState() == Thread.State.WAITING);

        CompletableFuture<RemoteAppended> second = add(lane, "b");
        answers.release();

        assertThat(flushed.orTimeout(30, TimeUnit.SECONDS).join()).isTrue();
        assertThat(second).isNotDone();
        answers.release();
        assertThat(second.join().repeated()).isFalse();
    }

    @Test
    void whatACallerDoesToItsFutureDoesNothingToAnother() {
        Semaphore answers = new Semaphore(0);
        ProducerLane lane = lane(ProducerOptions.defaults(), (batch, epoch) -> {
            answers.acquireUninterruptibly();
            return server.take(batch, epoch);
        });
        add(lane, "a");
        CompletableFuture<RemoteAppended> second = add(lane, "b");
        CompletableFuture<RemoteAppended> third = add(lane, "c");

        second.cancel(false);
        answers.release(10);

        assertThat(third.join().repeated()).isFalse();
        assertThat(server.stored()).isEqualTo("abc");
    }

    @Test
    void anErrorOfTheJvmIsToldToWhoeverWaits() {
        ProducerLane lane = lane(ProducerOptions.defaults(), (batch, epoch) -> {
            throw new StackOverflowError("of a test");
        });

        CompletableFuture<RemoteAppended> failed = add(lane, "a");

        assertThatThrownBy(failed::join).hasRootCauseInstanceOf(StackOverflowError.class);
        assertThatThrownBy(lane::flush).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> add(lane, "b")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void waitsForRoom() {
        Semaphore answers = new Semaphore(0);
        ProducerLane lane = lane(ProducerOptions.defaults().withWaitingBytesMax(4), (batch, epoch) -> {
            answers.acquireUninterruptibly();
            return server.take(batch, epoch);
        });
        add(lane, "abc");

        Thread adding = Thread.ofVirtual().start(() -> add(lane, "de"));
        await().atMost(LIMIT).until(() -> adding.getState() == Thread.State.WAITING);
        answers.release(10);
        await().atMost(LIMIT).until(() -> !adding.isAlive());
        lane.flush();

        assertThat(server.stored()).isEqualTo("abcde");
    }

    /** Requests overtake each other, answers are lost, and somebody takes over now and then. */
    @RepeatedTest(20)
    void storesEachMessageOnceInOrder() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        ProducerOptions options = ProducerOptions.defaults()
                .withAutoClaim(true)
                .withInFlightMax(1 + random.nextInt(8))
                .withBatchMessagesMax(1 + random.nextInt(4));
        ProducerLane lane = lane(options, (batch, epoch) -> {
            int delay = threadRandom(seed, batch.seq()).nextInt(200);
            LockSupport.parkNanos(delay * 1_000L);
            RemoteAppended answer = server.take(batch, epoch);
            // A lost answer is asked for again by the transport.
            return delay % 5 == 0 ? server.take(batch, epoch) : answer;
        });
        StringBuilder expected = new StringBuilder();

        for (int i = 0; i < 300; i++) {
            String message = "<" + i + ">";
            expected.append(message);
            add(lane, message);
            if (random.nextInt(100) == 0) {
                lane.flush();
                server.claim("");
            }
        }
        lane.flush();

        assertThat(server.stored()).as("seed %d", seed).isEqualTo(expected.toString());
    }

    private static Random threadRandom(long seed, long seq) {
        return new Random(seed * 31 + seq);
    }

    private static CompletableFuture<RemoteAppended> add(ProducerLane lane, String text) {
        return lane.add(text.getBytes(UTF_8));
    }

    private static ProducerLane lane(ProducerOptions options, ProducerLane.Sender sender) {
        return new ProducerLane(options, PATH, sender);
    }
}
