package dev.holdfast.testkit.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.StreamException.Reason;
import dev.holdfast.stream.StreamFork;
import dev.holdfast.stream.StreamInfo;
import dev.holdfast.stream.StreamSpec;
import dev.holdfast.stream.Streams;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How forks and their sources are deleted and end. Section 14 of the Durable Streams protocol. */
public abstract class StreamForkLifeContract extends StreamSuite {
    private static final Duration MINUTE = Duration.ofSeconds(60);

    /** The suite over the stores of one engine. */
    protected StreamForkLifeContract() {}

    @Test
    void aDeletedSourceIsKeptForItsForksAndItsNameIsRefused() {
        source();
        fork("f", "a");

        stream("a").delete();

        assertDeleted("a");
        assertThat(Streams.in(store.session()).list("", "", 10))
                .extracting(StreamInfo::name)
                .containsExactly("f");
        assertThat(whole(stream("f"))).isEqualTo("abc");
        assertThat(stream("f").append(bytes("d")).tail()).isEqualTo(4);
        assertThat(stream("f").create(StreamSpec.of(StreamFork.of("a"))).created())
                .isFalse();
    }

    @Test
    void theLastForkTakesItsDeletedSourceWithIt() {
        source();
        fork("f", "a");
        fork("g", "a");

        stream("a").delete();
        stream("f").delete();
        assertDeleted("a");
        stream("g").delete();

        assertRefused(Reason.NOT_FOUND, () -> stream("a").head());
        assertThat(stream("a").create(StreamSpec.json()).created()).isTrue();
        stream("a").delete();
        sweep();
        assertNothingIsLeft();
    }

    @Test
    void deletingAForkDoesNotTouchItsSource() {
        source();
        fork("f", "a");
        stream("f").append(bytes("own"));

        stream("f").delete();

        assertRefused(Reason.NOT_FOUND, () -> stream("f").head());
        assertThat(whole(stream("a"))).isEqualTo("abc");
        assertThat(stream("a").append(bytes("d")).tail()).isEqualTo(4);
        stream("a").delete();
        assertRefused(Reason.NOT_FOUND, () -> stream("a").head());
        sweep();
        assertNothingIsLeft();
    }

    @Test
    void aForkMadeAgainUnderItsNameIsAnotherOne() {
        source();
        fork("f", "a");
        stream("f").append(bytes("old"));
        stream("f").delete();

        stream("f").create(StreamSpec.of(StreamFork.of("a", 1)));

        assertThat(whole(stream("f"))).isEqualTo("a");
    }

    @Test
    void aWholeChainGoesWithItsLastFork() {
        source();
        IntStream.rangeClosed(1, 10).forEach(i -> {
            fork("f" + i, i == 1 ? "a" : "f" + (i - 1));
            stream("f" + i).append(bytes("x"));
        });

        stream("a").delete();
        IntStream.rangeClosed(1, 9).forEach(i -> stream("f" + i).delete());
        assertDeleted("a");
        assertDeleted("f9");
        assertThat(whole(stream("f10"))).isEqualTo("abc" + "x".repeat(10));
        stream("f10").delete();

        assertRefused(Reason.NOT_FOUND, () -> stream("a").head());
        assertRefused(Reason.NOT_FOUND, () -> stream("f5").head());
        sweep();
        assertNothingIsLeft();
    }

    @Test
    void aDeletedForkInTheMiddleIsKeptForItsOwnForks() {
        source();
        fork("f", "a");
        stream("f").append(bytes("F"));
        fork("g", "f");

        stream("f").delete();
        assertDeleted("f");
        assertThat(whole(stream("g"))).isEqualTo("abcF");
        assertThat(stream("a").append(bytes("d")).tail()).isEqualTo(4);
        stream("g").delete();

        assertRefused(Reason.NOT_FOUND, () -> stream("f").head());
        assertThat(whole(stream("a"))).isEqualTo("abcd");
        stream("a").delete();
        sweep();
        assertNothingIsLeft();
    }

    @Test
    void aForkInheritsASlidingLifetimeAsItsOwn() {
        stream("a").create(StreamSpec.bytes().content(bytes("abc")).ttl(MINUTE));
        fork("f", "a");
        assertThat(stream("f").head().ttlSeconds()).hasValue(60);

        time.advance(Duration.ofSeconds(50));
        stream("f").read(0, ALL);
        time.advance(Duration.ofSeconds(50));

        assertRefused(Reason.DELETED, () -> stream("a").head());
        assertThat(whole(stream("f"))).isEqualTo("abc");
        time.advance(Duration.ofSeconds(70));
        assertRefused(Reason.NOT_FOUND, () -> stream("f").head());
        assertRefused(Reason.NOT_FOUND, () -> stream("a").head());
    }

    @Test
    void readingAForkDoesNotKeepItsSourceAlive() {
        stream("a").create(StreamSpec.bytes().content(bytes("abc")).ttl(MINUTE));
        stream("f").create(StreamSpec.of(StreamFork.of("a")).ttl(Duration.ofHours(1)));

        IntStream.range(0, 10).forEach(i -> {
            time.advance(Duration.ofSeconds(10));
            assertThat(whole(stream("f"))).isEqualTo("abc");
        });

        assertDeleted("a");
    }

    @Test
    void aForkInheritsTheTimeAtWhichItsSourceEnds() {
        Instant end = time.instant().plus(MINUTE);
        stream("a").create(StreamSpec.bytes().expiresAt(end));
        fork("f", "a");

        assertThat(stream("f").head().expiresAt()).contains(end.toString());
        assertThat(stream("f").create(StreamSpec.of(StreamFork.of("a"))).created())
                .isFalse();
        assertThat(stream("f")
                        .create(StreamSpec.of(StreamFork.of("a")).expiresAt(end))
                        .created())
                .isFalse();
        time.advance(MINUTE);
        assertRefused(Reason.NOT_FOUND, () -> stream("f").head());
        assertRefused(Reason.NOT_FOUND, () -> stream("a").head());
    }

    @Test
    void whatAForkIsAskedForWinsAndTheSourceCapsNothing() {
        stream("a")
                .create(StreamSpec.bytes()
                        .content(bytes("abc"))
                        .expiresAt(time.instant().plus(MINUTE)));
        stream("ttl").create(StreamSpec.of(StreamFork.of("a")).ttl(Duration.ofHours(2)));
        stream("at")
                .create(StreamSpec.of(StreamFork.of("a"))
                        .expiresAt(time.instant().plusSeconds(7_200)));

        time.advance(Duration.ofHours(1));

        assertThat(stream("ttl").head().ttlSeconds()).hasValue(7_200);
        assertThat(stream("ttl").head().expiresAt()).isEmpty();
        assertThat(stream("at").head().ttlSeconds()).isEmpty();
        assertDeleted("a");
        assertThat(whole(stream("ttl"))).isEqualTo("abc");
        assertThat(whole(stream("at"))).isEqualTo("abc");
        assertRefused(Reason.OCCUPIED, () -> stream("ttl").create(StreamSpec.of(StreamFork.of("a"))));
    }

    @Test
    void aSourceThatEndsWithForksIsKeptForThem() {
        stream("a").create(StreamSpec.bytes().content(bytes("abc")).ttl(MINUTE));
        stream("f").create(StreamSpec.of(StreamFork.of("a")).ttl(Duration.ofHours(1)));

        time.advance(MINUTE.multipliedBy(2));
        assertDeleted("a");
        sweep();
        assertDeleted("a");
        assertThat(whole(stream("f"))).isEqualTo("abc");
        stream("f").delete();

        assertRefused(Reason.NOT_FOUND, () -> stream("a").head());
        sweep();
        assertNothingIsLeft();
    }

    @Test
    void anEndedSourceWithoutForksIsMissing() {
        stream("a").create(StreamSpec.bytes().content(bytes("abc")).ttl(MINUTE));

        time.advance(MINUTE.multipliedBy(2));

        assertRefused(Reason.NO_SOURCE, () -> fork("f", "a"));
    }

    @Test
    void aForkThatEndsReleasesItsSource() {
        source();
        stream("f").create(StreamSpec.of(StreamFork.of("a")).ttl(MINUTE));
        stream("g").create(StreamSpec.of(StreamFork.of("f")).ttl(MINUTE));
        stream("a").delete();
        assertDeleted("a");

        time.advance(MINUTE.multipliedBy(2));

        assertRefused(Reason.NOT_FOUND, () -> stream("g").head());
        assertRefused(Reason.NOT_FOUND, () -> stream("a").head());
        assertThat(stream("a").create(StreamSpec.json()).created()).isTrue();
        stream("a").delete();
        sweep();
        assertNothingIsLeft();
    }

    @Test
    void theSweepRemovesForksThatEndedAndTheSourcesKeptForThem() {
        source();
        stream("f").create(StreamSpec.of(StreamFork.of("a")).ttl(MINUTE).content(bytes("own")));
        stream("a").delete();

        time.advance(MINUTE.multipliedBy(2));
        sweep();

        assertNothingIsLeft();
    }

    @Test
    void forksMadeAndDeletedAtOnceCountRight() {
        source();

        Crowd.run(8, caller -> {
            for (int i = 0; i < 10; i++) {
                fork("f" + caller, "a");
                assertThat(whole(stream("f" + caller))).isEqualTo("abc");
                stream("f" + caller).delete();
            }
            return caller;
        });

        stream("a").delete();
        assertRefused(Reason.NOT_FOUND, () -> stream("a").head());
        sweep();
        assertNothingIsLeft();
    }

    private void source() {
        stream("a").create(StreamSpec.bytes().content(bytes("abc")));
    }

    private void fork(String name, String source) {
        stream(name).create(StreamSpec.of(StreamFork.of(source)));
    }

    /** The stream is kept for its forks alone: everything is refused. */
    private void assertDeleted(String name) {
        DurableStream kept = stream(name);
        assertRefused(Reason.DELETED, kept::head);
        assertRefused(Reason.DELETED, () -> kept.read(DurableStream.BEGINNING, ALL));
        assertRefused(Reason.DELETED, () -> kept.append(bytes("x")));
        assertRefused(Reason.DELETED, kept::close);
        assertRefused(Reason.DELETED, kept::delete);
        assertRefused(Reason.DELETED, () -> kept.follow(0, () -> {}));
        assertRefused(Reason.OCCUPIED, () -> kept.create(StreamSpec.bytes()));
        assertRefused(Reason.SOURCE, () -> fork("another", name));
        assertThat(List.of(stream(name).name(), name)).containsOnly(name);
    }
}
