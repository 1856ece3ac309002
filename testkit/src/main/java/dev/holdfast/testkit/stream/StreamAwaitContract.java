package dev.holdfast.testkit.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.engine.HoldfastException;
import dev.holdfast.engine.TimeoutException;
import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.StreamChunk;
import dev.holdfast.stream.StreamException;
import dev.holdfast.stream.StreamFork;
import dev.holdfast.stream.StreamSpec;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Waiting for streams. Sections 6 and 8 of the Durable Streams protocol. */
public abstract class StreamAwaitContract extends StreamSuite {
    private static final Duration MINUTE = Duration.ofSeconds(60);
    private static final Duration SOON = Duration.ofSeconds(20);

    /** Timers of the engine itself, from the moment on in which somebody follows. */
    private int timersOfTheEngine;

    /** The suite over the stores of one engine. */
    protected StreamAwaitContract() {}

    @BeforeEach
    void make() {
        stream("a").create(StreamSpec.json());
        stream("a").follow(DurableStream.NOW, () -> {}).close();
        timersOfTheEngine = time.timers();
    }

    @Test
    void whoWaitsIsHandedAtOnceWhatThereIs() {
        append("1");

        assertThat(text(stream("a").await(0, ALL, MINUTE))).isEqualTo("[1]");
        assertThat(text(stream("a").await(DurableStream.BEGINNING, ALL, Duration.ZERO)))
                .isEqualTo("[1]");
    }

    @Test
    void whoWaitsIsWokenByAnAppend() {
        CompletableFuture<StreamChunk> waiting = startAwait(0);

        append("[1,2]");

        assertThat(text(Crowd.result(waiting))).isEqualTo("[1,2]");
        assertThat(time.timers()).isEqualTo(timersOfTheEngine);
    }

    @Test
    void whoWaitsForNowIsHandedOnlyWhatComes() {
        append("1");
        CompletableFuture<StreamChunk> waiting = startAwait(DurableStream.NOW);
        assertThat(waiting).isNotDone();

        // The wait may begin after an append, so appends go on until one is seen.
        await().atMost(SOON).until(() -> {
            append("2");
            return waiting.isDone();
        });

        assertThat(text(Crowd.result(waiting))).startsWith("[2").doesNotContain("1");
    }

    @Test
    void whoWaitsIsWokenByTheClosing() {
        append("1");
        CompletableFuture<StreamChunk> waiting = startAwait(1);

        stream("a").close();

        StreamChunk end = Crowd.result(waiting);
        assertThat(List.of(end.isEmpty(), end.atEnd())).containsOnly(true);
        assertThat(end.next()).isOne();
    }

    @Test
    void theLastContentComesBeforeTheEnd() {
        CompletableFuture<StreamChunk> waiting = startAwait(0);
        try (Followed followed = new Followed(stream("a"), 0)) {
            stream("a").append(say("[1,2]").andClose());

            StreamChunk last = Crowd.result(waiting);
            assertThat(text(last)).isEqualTo("[1,2]");
            assertThat(last.atEnd()).isTrue();
            assertThat(followed.takeAll()).containsExactly("1", "2");
        }
    }

    @Test
    void atTheEndNobodyWaits() {
        append("1");
        stream("a").close();

        StreamChunk end = stream("a").await(1, ALL, MINUTE);

        assertThat(List.of(end.isEmpty(), end.atEnd())).containsOnly(true);
        try (Followed followed = new Followed(stream("a"), DurableStream.NOW)) {
            assertThat(followed.poll().atEnd()).isTrue();
        }
    }

    @Test
    void whoWaitsLongEnoughIsHandedNothing() {
        append("1");
        CompletableFuture<StreamChunk> waiting = startAwait(1);

        time.advance(MINUTE.minusMillis(1));
        assertThat(waiting).isNotDone();
        time.advance(Duration.ofMillis(1));

        StreamChunk nothing = Crowd.result(waiting);
        assertThat(List.of(nothing.isEmpty(), nothing.upToDate())).containsOnly(true);
        assertThat(List.of(nothing.start(), nothing.next())).containsOnly(1L);
        assertThat(nothing.atEnd()).isFalse();
    }

    @Test
    void whoWaitsForNoTimeIsHandedNothingAtOnce() {
        StreamChunk nothing = stream("a").await(0, ALL, Duration.ZERO);

        assertThat(nothing.isEmpty()).isTrue();
        assertThat(time.timers()).isEqualTo(timersOfTheEngine);
    }

    @Test
    void whoWaitsIsWokenByTheDeletion() {
        CompletableFuture<StreamChunk> waiting = startAwait(0);

        stream("a").delete();

        assertThat(failure(waiting)).isEqualTo("stream.not_found");
    }

    @Test
    void whoWaitsForASourceIsWokenByItsDeletion() {
        stream("f").create(StreamSpec.of(StreamFork.of("a")));
        CompletableFuture<StreamChunk> waiting = startAwait(0);

        stream("a").delete();

        assertThat(failure(waiting)).isEqualTo("stream.deleted");
    }

    @Test
    void whoIsInterruptedWaitsNoLonger() {
        CompletableFuture<Throwable> failed = new CompletableFuture<>();
        Thread waiting = Thread.ofVirtual().start(() -> {
            try {
                stream("a").await(0, ALL, MINUTE);
            } catch (HoldfastException e) {
                failed.complete(e);
            }
        });
        await().atMost(SOON)
                .until(() -> waiting.getState() == Thread.State.WAITING && time.timers() > timersOfTheEngine);

        waiting.interrupt();

        assertThat(Crowd.result(failed)).isInstanceOf(TimeoutException.class);
        assertThat(time.timers()).isEqualTo(timersOfTheEngine);
    }

    /** Somebody who waits for a minute of the store's clock. */
    private CompletableFuture<StreamChunk> startAwait(long offset) {
        CompletableFuture<StreamChunk> chunk = new CompletableFuture<>();
        Thread waiting = Thread.ofVirtual().start(() -> {
            try {
                chunk.complete(stream("a").await(offset, ALL, MINUTE));
            } catch (RuntimeException e) {
                chunk.completeExceptionally(e);
            }
        });
        await().atMost(SOON)
                .until(() -> waiting.getState() == Thread.State.WAITING && time.timers() > timersOfTheEngine);
        return chunk;
    }

    private static String failure(CompletableFuture<StreamChunk> waiting) {
        await().atMost(SOON).until(waiting::isDone);
        return ((StreamException) waiting.exceptionNow()).code();
    }

    private void append(String... bodies) {
        List.of(bodies).forEach(body -> stream("a").append(bytes(body)));
    }
}
