package dev.holdfast.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.client.ClientException.Reason;
import dev.holdfast.stream.ProducerStamp;
import dev.holdfast.stream.StreamAppend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Which appends go together, and what one does to another. */
@SuppressWarnings("FutureReturnValueIgnored") // what becomes of most appends shows on the server
class AppendQueueTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String JSON = "application/json";

    private final List<StreamAppend> sent = Collections.synchronizedList(new ArrayList<>());
    private final Semaphore answers = new Semaphore(0);
    private Predicate<String> refuses = body -> false;
    private Reason reason = Reason.BAD_REQUEST;

    @Test
    void whatComesWhileOneIsUnderWayGoesTogether() {
        AppendQueue queue = queue(ClientOptions.defaults());
        CompletableFuture<RemoteAppended> first = queue.add(text("a"));
        awaitSent(1);

        List<CompletableFuture<RemoteAppended>> others =
                List.of(queue.add(text("b")), queue.add(text("c")), queue.add(text("d")));
        answers.release(2);

        assertThat(first.join().tail()).isEqualTo("1");
        assertThat(others).extracting(other -> other.join().tail()).containsOnly("2");
        assertThat(bodies()).containsExactly("a", "bcd");
    }

    @Test
    void theArrayIsTheCallersAgainAtOnce() {
        AppendQueue queue = queue(ClientOptions.defaults());
        queue.add(text("a"));
        awaitSent(1);
        byte[] content = "b".getBytes(UTF_8);

        CompletableFuture<RemoteAppended> alone =
                queue.add(StreamAppend.of(content).as("text/plain").by(new ProducerStamp("p", 0, 0)));
        CompletableFuture<RemoteAppended> joined =
                queue.add(StreamAppend.of(content).as("text/plain"));
        queue.add(text("c"));
        content[0] = 'x';
        answers.release(10);
        alone.join();
        joined.join();

        assertThat(bodies()).containsExactly("a", "b", "bc");
    }

    @Test
    void messagesOfJsonBecomeOneArray() {
        AppendQueue queue = queue(ClientOptions.defaults());
        queue.add(json("1"));
        awaitSent(1);

        queue.add(json("{\"a\":1}"));
        queue.add(json("[2,3]"));
        CompletableFuture<RemoteAppended> last = queue.add(json("[[4]]"));
        answers.release(2);
        last.join();

        assertThat(bodies()).containsExactly("1", "[{\"a\":1},2,3,[4]]");
    }

    @Test
    void someGoAlone() {
        AppendQueue queue = queue(ClientOptions.defaults());
        queue.add(text("a"));
        awaitSent(1);

        queue.add(text("b"));
        queue.add(text("c").by(new ProducerStamp("p", 0, 0)));
        queue.add(text("d"));
        queue.add(json("[]"));
        queue.add(json("1"));
        queue.add(text("e").andClose());
        CompletableFuture<RemoteAppended> last = queue.add(text("f"));
        answers.release(10);
        last.join();

        assertThat(bodies()).containsExactly("a", "b", "c", "d", "[]", "1", "e", "f");
    }

    @Test
    void aRequestHasABound() {
        AppendQueue queue = queue(ClientOptions.defaults().withBatchBytesMax(5));
        queue.add(text("first"));
        awaitSent(1);

        queue.add(text("abc"));
        queue.add(text("de"));
        queue.add(text("f"));
        CompletableFuture<RemoteAppended> last = queue.add(text("large one"));
        answers.release(10);
        last.join();

        assertThat(bodies()).containsExactly("first", "abcde", "f", "large one");
    }

    @Test
    void theHighestSequenceSpeaksForAll() {
        AppendQueue queue = queue(ClientOptions.defaults());
        queue.add(text("a").sequence("01"));
        awaitSent(1);

        queue.add(text("b").sequence("02"));
        queue.add(text("c"));
        queue.add(text("d").sequence("10"));
        CompletableFuture<RemoteAppended> last = queue.add(text("e").sequence("09"));
        answers.release(10);
        last.join();

        assertThat(bodies()).containsExactly("a", "bcd", "e");
        assertThat(sent)
                .extracting(StreamAppend::sequence)
                .containsExactly(Optional.of("01"), Optional.of("10"), Optional.of("09"));
    }

    @Test
    void oneThatIsRefusedHarmsNoOther() {
        refuses = body -> body.contains("bad");
        AppendQueue queue = queue(ClientOptions.defaults());
        queue.add(text("a"));
        awaitSent(1);

        CompletableFuture<RemoteAppended> good = queue.add(text("b"));
        CompletableFuture<RemoteAppended> bad = queue.add(text("bad"));
        CompletableFuture<RemoteAppended> other = queue.add(text("c"));
        answers.release(10);

        assertThat(good.join().tail()).isEqualTo("3");
        assertThat(other.join().tail()).isEqualTo("5");
        assertThatThrownBy(bad::join).isInstanceOf(CompletionException.class).hasCauseInstanceOf(ClientException.class);
        assertThat(bodies()).containsExactly("a", "bbadc", "b", "bad", "c");
    }

    @Test
    void whatHoldsForAllIsNotAskedForEach() {
        reason = Reason.CLOSED;
        refuses = body -> !body.equals("a");
        AppendQueue queue = queue(ClientOptions.defaults());
        queue.add(text("a"));
        awaitSent(1);

        List<CompletableFuture<RemoteAppended>> refused = List.of(queue.add(text("b")), queue.add(text("c")));
        answers.release(10);

        refused.forEach(one -> assertThatThrownBy(one::join).hasCauseInstanceOf(ClientException.class));
        assertThat(bodies()).containsExactly("a", "bc");
    }

    @Test
    void waitsForRoom() {
        AppendQueue queue = queue(ClientOptions.defaults().withWaitingBytesMax(3));
        queue.add(text("a"));
        awaitSent(1);
        queue.add(text("bc"));
        CompletableFuture<CompletableFuture<RemoteAppended>> added = new CompletableFuture<>();

        Thread adding = Thread.ofVirtual().start(() -> added.complete(queue.add(text("de"))));
        await().atMost(LIMIT).until(() -> adding.getState() == Thread.State.WAITING);
        assertThat(added).isNotDone();
        answers.release(10);

        assertThat(added.join().join().tail()).isEqualTo("3");
    }

    @Test
    void manySmallOnesAreBoundedToo() {
        AppendQueue queue = queue(ClientOptions.defaults().withWaitingBytesMax(1_000));
        AtomicInteger added = new AtomicInteger();

        Thread adding = Thread.ofVirtual().start(() -> {
            for (int i = 0; i < 100; i++) {
                queue.add(text("x"));
                added.incrementAndGet();
            }
        });
        await().atMost(LIMIT).until(() -> added.get() >= 15 && adding.getState() == Thread.State.WAITING);
        // As many wait as have room, and as many may be under way.
        assertThat(added.get()).isLessThan(40);
        answers.release(100);
        await().atMost(LIMIT).until(() -> !adding.isAlive());

        assertThat(added).hasValue(100);
    }

    @Test
    void anErrorOfTheJvmFailsTheAppendAndNotTheQueue() {
        AtomicInteger calls = new AtomicInteger();
        AppendQueue queue = new AppendQueue(
                append -> {
                    if (calls.incrementAndGet() == 1) {
                        throw new StackOverflowError("of a test");
                    }
                    return new RemoteAppended("1", false, false, Optional.empty());
                },
                ClientOptions.defaults(),
                "/v1/stream/a");

        CompletableFuture<RemoteAppended> failed = queue.add(text("a"));

        assertThatThrownBy(failed::join).hasCauseInstanceOf(StackOverflowError.class);
        assertThat(queue.add(text("b")).join().tail()).isEqualTo("1");
    }

    @Test
    void goesOnAfterItWasEmpty() {
        AppendQueue queue = queue(ClientOptions.defaults());
        answers.release(100);

        for (int i = 1; i <= 100; i++) {
            assertThat(queue.add(text("x")).join().tail()).isEqualTo(Integer.toString(i));
        }
    }

    private AppendQueue queue(ClientOptions options) {
        return new AppendQueue(this::send, options, "/v1/stream/a");
    }

    /** Answers with the number of the request, when it is let. */
    private RemoteAppended send(StreamAppend append) {
        sent.add(append);
        answers.acquireUninterruptibly();
        if (refuses.test(new String(append.content(), UTF_8))) {
            throw new ClientException(reason, 400, "/v1/stream/a", "refused", ClientException.Facts.NONE);
        }
        return new RemoteAppended(Integer.toString(sent.size()), append.close(), false, Optional.empty());
    }

    private List<String> bodies() {
        return sent.stream().map(append -> new String(append.content(), UTF_8)).toList();
    }

    private void awaitSent(int count) {
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(1)).until(() -> sent.size() == count);
    }

    private static StreamAppend text(String text) {
        return StreamAppend.of(text.getBytes(UTF_8)).as("text/plain");
    }

    private static StreamAppend json(String text) {
        return StreamAppend.of(text.getBytes(UTF_8)).as(JSON);
    }
}
