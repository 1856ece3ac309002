package dev.holdfast.testkit.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.StreamAppend;
import dev.holdfast.stream.StreamException;
import dev.holdfast.stream.StreamException.Reason;
import dev.holdfast.stream.StreamFollower;
import dev.holdfast.stream.StreamSpec;
import dev.holdfast.stream.Streams;
import dev.holdfast.testkit.RandomProgram;
import dev.holdfast.testkit.RandomProgram.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** When streams end. Section 11 of the Durable Streams protocol. */
public abstract class StreamLifetimeContract extends StreamSuite {
    private static final long TTL = 100_000;
    private static final long LATEST = TTL + TTL / 10;
    private static final Duration WINDOW = Duration.ofMillis(TTL);

    /** The suite over the stores of one engine. */
    protected StreamLifetimeContract() {}

    @Test
    void aStreamThatNobodyUsesEndsBetweenOneAndElevenTenthsOfItsWindow() {
        create("a");

        advance(TTL - 1);
        assertThat(stream("a").head().ttlSeconds()).hasValue(100);
        advance(LATEST - TTL + 1);

        assertEnded("a");
    }

    @TestFactory
    java.util.stream.Stream<DynamicTest> useKeepsAStreamAlive() {
        Map<String, Consumer<DurableStream>> uses = Map.of(
                "read", stream -> stream.read(DurableStream.BEGINNING, 10),
                "read at the tail", stream -> stream.read(DurableStream.NOW, 10),
                "await", stream -> stream.await(0, 10, Duration.ofSeconds(1)),
                "follow", stream -> stream.follow(DurableStream.NOW, () -> {}).close(),
                "append", stream -> stream.append(bytes("x")),
                "close", DurableStream::close);
        return uses.entrySet().stream()
                .map(use -> DynamicTest.dynamicTest(use.getKey(), () -> assertExtends(use.getKey(), use.getValue())));
    }

    private void assertExtends(String name, Consumer<DurableStream> use) {
        create(name);
        IntStream.range(0, 5).forEach(i -> {
            advance(TTL - 1_000);
            if (!name.equals("close") || i == 0) {
                use.accept(stream(name));
            } else {
                stream(name).read(0, 1);
            }
        });
        advance(TTL - 1);
        assertThat(stream(name).head().ttlSeconds()).hasValue(100);
        advance(LATEST - TTL + 1);
        assertEnded(name);
    }

    @TestFactory
    java.util.stream.Stream<DynamicTest> lookingDoesNotKeepAStreamAlive() {
        Map<String, Consumer<DurableStream>> looks = Map.of(
                "head", DurableStream::head,
                "list", stream -> Streams.in(store.session()).list("", "", 10),
                "confirm", stream -> stream.create(StreamSpec.bytes().ttl(WINDOW)),
                "refused append",
                        stream -> assertThatThrownBy(() -> stream.append(say("x").as("text/other")))
                                .isInstanceOf(StreamException.class));
        return looks.entrySet().stream()
                .map(look -> DynamicTest.dynamicTest(look.getKey(), () -> {
                    create(look.getKey());
                    advance(TTL - 1);
                    look.getValue().accept(stream(look.getKey()));
                    advance(LATEST - TTL + 1);
                    assertEnded(look.getKey());
                }));
    }

    @Test
    void aFollowerThatIsWokenKeepsTheStreamAlive() {
        create("a");
        try (StreamFollower follower = stream("a").follow(0, () -> {})) {
            IntStream.range(0, 5).forEach(i -> {
                advance(TTL - 1_000);
                follower.poll(100);
            });
            assertThat(stream("a").head().tail()).isEqualTo(3);
            advance(LATEST);

            assertRefused(Reason.NOT_FOUND, () -> follower.poll(100));
        }
    }

    @Test
    void everyUseCountsFromItsMoment() {
        RandomProgram program = RandomProgram.seeded();
        create("a");
        long[] used = {time.millis()};

        program.run(500, random -> {
            long by = random.random().nextLong(random.chance(10) ? 2 * TTL : TTL / 4);
            boolean append = random.chance(20);
            return new Step("after " + by + " ms, append=" + append, () -> {
                advance(by);
                long idle = time.millis() - used[0];
                boolean alive = isAlive("a");
                if (idle < TTL) {
                    assertThat(alive).as("alive after " + idle + " ms").isTrue();
                }
                if (idle >= LATEST) {
                    assertThat(alive).as("alive after " + idle + " ms").isFalse();
                }
                if (!alive) {
                    create("a");
                } else if (append) {
                    stream("a").append(bytes("x"));
                } else {
                    stream("a").read(DurableStream.NOW, 1);
                }
                used[0] = time.millis();
            });
        });
    }

    @Test
    void aStreamThatEndsAtATimeIsNotExtended() {
        Instant end = time.instant().plus(WINDOW);
        stream("a").create(StreamSpec.bytes().content(bytes("abc")).expiresAt(end));

        IntStream.range(0, 99).forEach(i -> {
            advance(1_000);
            stream("a").read(0, 10);
            stream("a").append(bytes("x"));
        });
        advance(999);
        assertThat(stream("a").head().tail()).isEqualTo(102);
        advance(1);

        assertEnded("a");
    }

    @Test
    void aStreamWithoutLifetimeStays() {
        stream("a").create(StreamSpec.bytes().content(bytes("abc")));

        time.advance(Duration.ofDays(36_500));
        sweep();

        assertThat(whole(stream("a"))).isEqualTo("abc");
    }

    @Test
    void aTimeThatHasPassedMakesAStreamThatIsGone() {
        stream("a").create(StreamSpec.bytes().expiresAt(time.instant().minusSeconds(1)));
        stream("b").create(StreamSpec.bytes().ttl(Duration.ZERO));

        assertEnded("a");
        assertEnded("b");
    }

    @Test
    void anEndedStreamMayBeMadeAgainUnderItsName() {
        create("a");
        stream("a").append(say("more").sequence("9"));
        long old = stream("a").head().id();
        advance(LATEST);

        assertThat(stream("a").create(StreamSpec.json().content(bytes("[1]"))).created())
                .isTrue();

        assertThat(stream("a").head().id()).isNotEqualTo(old);
        assertThat(whole(stream("a"))).isEqualTo("[1]");
        assertThat(stream("a").append(say("2").sequence("1")).tail()).isEqualTo(2);
        assertThat(sweep()).isZero();
        assertThat(rows("stream_data")).isEqualTo(2);
        assertThat(rows("streams")).isOne();
    }

    @Test
    void theSweepRemovesEverythingThatEndedHeld() {
        stream("stays").create(StreamSpec.bytes().content(bytes("abc")));
        IntStream.range(0, 230).forEach(i -> create("a" + i));
        create("long");
        transaction(tx -> {
            for (int i = 0; i < 700; i++) {
                DurableStream.in(tx, "long")
                        .append(say("row " + i).by(new dev.holdfast.stream.ProducerStamp("p" + i, 0, 0)));
            }
            return true;
        });
        create("used");
        advance(TTL - 1);
        stream("used").read(0, 10);
        advance(LATEST - TTL + 1);

        assertThat(sweep()).isEqualTo(231);

        assertThat(rows("streams")).isEqualTo(2);
        assertThat(rows("stream_data")).isEqualTo(2);
        assertThat(rows("stream_producers") + rows("stream_garbage")).isZero();
        assertThat(whole(stream("used"))).isEqualTo("abc");
        assertThat(sweep()).isZero();
    }

    @Test
    void theSweepOfOneNamespaceLeavesTheOthers() {
        create("a");
        DurableStream other = DurableStream.in(store.database().session("other"), "a");
        other.create(StreamSpec.bytes().ttl(WINDOW));
        advance(LATEST);

        assertThat(sweep()).isOne();
        assertThat(rows("streams")).isOne();
        assertThat(room().sweep("other")).isOne();
        assertNothingIsLeft();
    }

    private void create(String name) {
        stream(name).create(StreamSpec.bytes().ttl(WINDOW).content(bytes("abc")));
    }

    private void advance(long millis) {
        time.advance(Duration.ofMillis(millis));
    }

    private boolean isAlive(String name) {
        try {
            return stream(name).head().ttlSeconds().isPresent();
        } catch (StreamException e) {
            assertThat(e.reason()).isEqualTo(Reason.NOT_FOUND);
            return false;
        }
    }

    private void assertEnded(String name) {
        DurableStream ended = stream(name);
        assertRefused(Reason.NOT_FOUND, ended::head);
        assertRefused(Reason.NOT_FOUND, () -> ended.read(DurableStream.BEGINNING, ALL));
        assertRefused(Reason.NOT_FOUND, () -> ended.append(bytes("x")));
        assertRefused(Reason.NOT_FOUND, () -> ended.append(StreamAppend.closing()));
        assertRefused(Reason.NOT_FOUND, ended::delete);
        assertRefused(Reason.NOT_FOUND, () -> ended.follow(0, () -> {}));
        assertThat(Streams.in(store.session()).list(name, "", 1)).isEmpty();
    }
}
