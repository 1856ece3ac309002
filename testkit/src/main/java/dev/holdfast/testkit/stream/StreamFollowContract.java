package dev.holdfast.testkit.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.StreamAppend;
import dev.holdfast.stream.StreamException.Reason;
import dev.holdfast.stream.StreamFollower;
import dev.holdfast.stream.StreamFork;
import dev.holdfast.stream.StreamSpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Following streams. Sections 6, 8 and 18 of the Durable Streams protocol. */
public abstract class StreamFollowContract extends StreamSuite {
    private static final Duration MINUTE = Duration.ofSeconds(60);
    private static final Duration SOON = Duration.ofSeconds(20);

    /** The suite over the stores of one engine. */
    protected StreamFollowContract() {}

    @BeforeEach
    void make() {
        stream("a").create(StreamSpec.json());
    }

    @Test
    void aFollowerIsHandedWhatThereIsAndThenWhatComes() {
        append("0", "1");
        try (Followed followed = new Followed(stream("a"), DurableStream.BEGINNING)) {
            assertThat(followed.take(2)).containsExactly("0", "1");
            assertThat(followed.poll().isEmpty()).isTrue();
            append("2", "[3,4]");
            assertThat(followed.take(5)).containsExactly("0", "1", "2", "3", "4");
            assertThat(followed.offset()).isEqualTo(5);
        }
    }

    @Test
    void whatFollowersHavePassedIsNotKeptInMemory() {
        try (Followed followed = new Followed(stream("a"), 0)) {
            append("\"" + "x".repeat(10_000) + "\"");
            assertThat(room().followedBytes()).isGreaterThan(10_000);
            followed.take(1);

            await().atMost(SOON).until(() -> {
                time.advance(Duration.ofMillis(500));
                return room().followedBytes() == 0;
            });
            append("1");
            assertThat(followed.take(2)).last().isEqualTo("1");
        }
        assertThat(room().followedBytes()).isZero();
    }

    @Test
    void whatIsKeptOfManyStreamsIsBoundedTogether() {
        String half = "\"" + "x".repeat(900_000) + "\"";
        List<Followed> all = IntStream.range(0, 80)
                .mapToObj(i -> {
                    stream("s" + i).create(StreamSpec.json());
                    return new Followed(stream("s" + i), 0);
                })
                .toList();

        IntStream.range(0, 80).forEach(i -> stream("s" + i).append(bytes(half)));

        assertThat(room().followedBytes()).isBetween(60L << 20, 64L << 20);
        all.forEach(followed -> assertThat(followed.take(1)).containsExactly(half));
        all.forEach(Followed::close);
        assertThat(room().followedBytes()).isZero();
    }

    @Test
    void aFollowerBeginsWhereItIsTold() {
        append("[0,1,2]", "3");

        assertThat(takenFrom(0, 4)).containsExactly("0", "1", "2", "3");
        assertThat(takenFrom(1, 3)).containsExactly("1", "2", "3");
        assertThat(takenFrom(3, 1)).containsExactly("3");
        for (long tail : List.of(4L, 99L, DurableStream.NOW)) {
            try (Followed followed = new Followed(stream("a"), tail)) {
                assertThat(followed.offset()).isEqualTo(stream("a").head().tail());
                assertThat(followed.poll().isEmpty()).isTrue();
            }
        }
        assertInvalid("stream.read", () -> stream("a").follow(-3, () -> {}));
    }

    @Test
    void aChunkIsAsSmallAsItIsAskedFor() {
        append("\"aaaa\"", "\"bbbb\"", "\"cccc\"");
        try (Followed followed = new Followed(stream("a"), 0, 1)) {
            append("\"dddd\"", "\"eeee\"");
            for (int i = 1; i <= 5; i++) {
                assertThat(followed.poll().next()).isEqualTo(i);
            }
        }
    }

    @Test
    void moreThanMemoryKeepsIsHandedOutToo() {
        String large = "\"" + "x".repeat(700_000) + "\"";
        try (Followed followed = new Followed(stream("a"), 0)) {
            append(large, large, "1", large, large, "2");

            List<String> taken = followed.take(6);

            assertThat(taken.stream().map(String::length)).containsExactly(700_002, 700_002, 1, 700_002, 700_002, 1);
        }
    }

    @Test
    void aFollowerOfADeletedStreamIsHandedNothingOfItsSuccessor() {
        append("1");
        try (Followed followed = new Followed(stream("a"), 0)) {
            assertThat(followed.take(1)).containsExactly("1");

            stream("a").delete();
            followed.awaitHint();
            stream("a").create(StreamSpec.json().content(bytes("[7,8,9]")));

            assertThat(assertRefused(Reason.NOT_FOUND, followed::poll).code()).isEqualTo("stream.not_found");
            append("10");
            assertRefused(Reason.NOT_FOUND, followed::poll);
        }
    }

    @Test
    void aFollowerLearnsThatTheTimeOfTheStreamHasPassed() {
        stream("at")
                .create(StreamSpec.json()
                        .content(bytes("[1]"))
                        .expiresAt(time.instant().plus(MINUTE)));
        stream("ttl").create(StreamSpec.json().content(bytes("[1]")).ttl(MINUTE));
        try (Followed at = new Followed(stream("at"), 0);
                Followed ttl = new Followed(stream("ttl"), 0)) {
            assertThat(at.take(1)).isEqualTo(ttl.take(1));

            time.advance(MINUTE.multipliedBy(2));

            assertRefused(Reason.NOT_FOUND, at::poll);
            assertRefused(Reason.NOT_FOUND, ttl::poll);
        }
    }

    @Test
    void theSweepWakesThoseWhoFollowAStreamThatEnded() {
        stream("at").create(StreamSpec.json().expiresAt(time.instant().plus(MINUTE)));
        try (Followed followed = new Followed(stream("at"), 0)) {
            time.advance(MINUTE);
            followed.ignoreHints();

            assertThat(sweep()).isOne();

            followed.awaitHint();
            assertRefused(Reason.NOT_FOUND, followed::poll);
        }
    }

    @Test
    void aCallerMayUseItsArrayAgain() {
        stream("b").create(StreamSpec.bytes());
        byte[] array = bytes("one");
        try (StreamFollower follower = stream("b").follow(0, () -> {})) {
            stream("b").append(array);
            Arrays.fill(array, (byte) '!');

            assertThat(text(follower.poll(ALL))).isEqualTo("one");
        }
    }

    @Test
    void aFollowerSeesNothingOfATransactionBeforeItsCommit() {
        try (Followed followed = new Followed(stream("a"), 0)) {
            transaction(tx -> {
                DurableStream.in(tx, "a").append(bytes("1"));
                DurableStream.in(tx, "a").append(bytes("2"));
                assertThat(followed.hints()).isZero();
                DurableStream.in(tx, "a").append(say("3").andClose());
                return tx;
            });

            assertThat(followed.takeAll()).containsExactly("1", "2", "3");
        }
    }

    @Test
    void aFollowerSeesNothingOfWhatWasRolledBack() {
        try (Followed followed = new Followed(stream("a"), 0)) {
            assertThatThrownBy(() -> transaction(tx -> {
                        DurableStream.in(tx, "a").append(bytes("\"lost\""));
                        DurableStream.in(tx, "a").close();
                        throw new IllegalStateException("rolled back");
                    }))
                    .isInstanceOf(IllegalStateException.class);
            transaction(tx -> {
                assertThatThrownBy(() -> tx.nested(() -> {
                            DurableStream.in(tx, "a").append(bytes("\"undone\""));
                            throw new IllegalStateException("undone");
                        }))
                        .isInstanceOf(IllegalStateException.class);
                return DurableStream.in(tx, "a").append(bytes("1"));
            });

            assertThat(followed.take(1)).containsExactly("1");
            assertThat(followed.poll().isEmpty()).isTrue();
        }
    }

    @Test
    void whoHasStoppedFollowingIsNotWoken() {
        Followed first = new Followed(stream("a"), 0);
        Followed second = new Followed(stream("a"), 0);
        first.close();
        first.close();
        first.ignoreHints();

        append("1");
        assertThat(second.take(1)).containsExactly("1");
        second.close();

        assertThat(first.hints()).isZero();
        append("2");
        try (Followed third = new Followed(stream("a"), 0)) {
            assertThat(third.take(2)).containsExactly("1", "2");
        }
    }

    @Test
    void aFollowerThatFailsHarmsNobody() {
        StreamFollower failing = stream("a").follow(0, () -> {
            throw new IllegalStateException("a test follower fails on purpose");
        });
        try (Followed followed = new Followed(stream("a"), 0)) {
            append("1", "2");

            assertThat(followed.take(2)).containsExactly("1", "2");
            assertThat(failing.poll(ALL).next()).isEqualTo(2);
        } finally {
            failing.close();
        }
    }

    @Test
    void manyFollowersAreAllHandedEverything() {
        List<Followed> all = IntStream.range(0, 300)
                .mapToObj(i -> new Followed(stream("a"), DurableStream.BEGINNING))
                .toList();

        append("0", "[1,2]", "3");
        stream("a").close();

        assertThat(all).allSatisfy(one -> assertThat(one.takeAll()).containsExactly("0", "1", "2", "3"));
        all.forEach(Followed::close);
    }

    @Test
    void aFollowerOfAForkIsHandedWhatItInheritedAndThenItsOwn() {
        append("0", "[1,2]");
        stream("f").create(StreamSpec.of(StreamFork.of("a", 2)));
        try (Followed followed = new Followed(stream("f"), 0)) {
            assertThat(followed.take(2)).containsExactly("0", "1");
            append("3");
            stream("f").append(bytes("9"));

            assertThat(followed.take(3)).containsExactly("0", "1", "9");
            stream("a").close();
            assertThat(followed.poll().atEnd()).isFalse();
        }
    }

    @Test
    void streamsOfTheSameNumberInOtherNamespacesAreOthers() {
        DurableStream other = DurableStream.in(store.database().session("other"), "a");
        other.create(StreamSpec.json());
        try (Followed mine = new Followed(stream("a"), 0);
                Followed theirs = new Followed(other, 0)) {
            other.append(say("\"theirs\"").andClose());
            append("\"mine\"");

            assertThat(mine.take(1)).containsExactly("\"mine\"");
            assertThat(theirs.takeAll()).containsExactly("\"theirs\"");
            assertThat(mine.poll().atEnd()).isFalse();
        }
    }

    @Test
    void nothingIsLostOrDoubledWhileManyAppend() {
        int appenders = 8;
        int appends = 60;
        List<List<String>> seen = Crowd.run(appenders + 6, caller -> {
            if (caller < appenders) {
                IntStream.range(0, appends).forEach(i -> append("\"" + caller + ":" + i + "\""));
                return List.of();
            }
            // Some begin at once, some in the past of a stream that already grows; some take one append at a time.
            if (caller % 2 == 0) {
                await().atMost(SOON).until(() -> stream("a").head().tail() > 50);
            }
            try (Followed followed = new Followed(stream("a"), 0, caller % 3 == 0 ? 1 : ALL)) {
                return followed.take(appenders * appends);
            }
        });
        stream("a").append(StreamAppend.closing());

        List<String> stored;
        try (Followed followed = new Followed(stream("a"), 0)) {
            stored = followed.takeAll();
        }
        assertThat(stored).hasSize(appenders * appends).doesNotHaveDuplicates();
        assertThat(seen.subList(appenders, seen.size()))
                .allSatisfy(one -> assertThat(one).isEqualTo(stored));
    }

    private void append(String... bodies) {
        List.of(bodies).forEach(body -> stream("a").append(bytes(body)));
    }

    private List<String> takenFrom(long offset, int count) {
        try (Followed followed = new Followed(stream("a"), offset)) {
            return followed.take(count);
        }
    }
}
