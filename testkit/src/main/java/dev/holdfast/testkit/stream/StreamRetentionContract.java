package dev.holdfast.testkit.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.StreamChunk;
import dev.holdfast.stream.StreamException.Reason;
import dev.holdfast.stream.StreamFollower;
import dev.holdfast.stream.StreamFork;
import dev.holdfast.stream.StreamRetention;
import dev.holdfast.stream.StreamSpec;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What streams keep, and what goes from their old end. Section 4 of the Durable Streams protocol: retention. */
public abstract class StreamRetentionContract extends StreamSuite {
    /** The suite over the stores of one engine. */
    protected StreamRetentionContract() {}

    @Test
    void whatLiesBeforeAnOffsetGoesAndIsToldApartFromWhatNeverWas() {
        DurableStream stream = letters("a", 10);

        assertThat(stream.trim(4)).isEqualTo(4);

        assertThat(whole(stream)).isEqualTo("efghij");
        assertThat(stream.head().first()).isEqualTo(4);
        assertThat(stream.head().tail()).isEqualTo(10);
        assertRefused(Reason.TRIMMED, () -> stream.read(3, ALL));
        assertThat(text(stream.read(4, 1))).isEqualTo("e");
        assertThat(rows("stream_data")).isEqualTo(6);
    }

    @Test
    void trimmingNeverGoesBackAndNeverBeyondTheTail() {
        DurableStream stream = letters("a", 5);

        assertThat(stream.trim(3)).isEqualTo(3);
        assertThat(stream.trim(1)).isEqualTo(3);
        assertThat(stream.trim(99)).isEqualTo(5);
        assertThat(whole(stream)).isEmpty();
        stream.append(bytes("f"));

        assertThat(whole(stream)).isEqualTo("f");
        assertThat(stream.head().first()).isEqualTo(5);
        assertThat(stream.trim(DurableStream.NOW)).isEqualTo(6);
        assertInvalid("stream.read", () -> stream.trim(DurableStream.BEGINNING));
    }

    @Test
    void anAppendMayBeCutInTwo() {
        DurableStream stream = stream("a");
        stream.create(StreamSpec.json());
        stream.append(bytes("[1,2,3,4,5]"));
        stream.append(bytes("[6]"));

        stream.trim(2);

        assertThat(whole(stream)).isEqualTo("[3,4,5,6]");
        stream.trim(5);
        assertThat(whole(stream)).isEqualTo("[6]");
        assertThat(rows("stream_data")).isEqualTo(1);
    }

    @Test
    void longHistoriesGoInTheBackground() {
        DurableStream stream = letters("a", 500);

        stream.trim(499);
        assertThat(rows("stream_data")).isGreaterThan(1);
        sweep();
        assertThat(rows("stream_data")).isEqualTo(1);
        sweep();

        assertThat(rows("stream_retention")).isZero();
        assertThat(whole(stream)).hasSize(1);
        assertThat(stream.append(bytes("z")).tail()).isEqualTo(501);
    }

    @Test
    void appendsGoOnWhereTheStreamStood() {
        DurableStream stream = letters("a", 3);
        stream.trim(2);
        stream.append(bytes("d"));
        stream.append(bytes("e"));

        assertThat(stream.head().first()).isEqualTo(2);
        assertThat(whole(stream)).isEqualTo("cde");
    }

    @Test
    void unitsAreKept() {
        DurableStream stream = letters("a", 10);
        stream.retain(StreamRetention.all().units(4));
        assertThat(whole(stream)).hasSize(10);

        sweep();
        assertThat(whole(stream)).isEqualTo("ghij");
        stream.append(bytes("kl"));
        sweep();

        assertThat(whole(stream)).isEqualTo("ijkl");
    }

    @Test
    void oneStreamAloneCanBeBroughtToItsLimits() {
        DurableStream stream = letters("a", 500);
        DurableStream other = letters("b", 10);
        stream.retain(StreamRetention.all().units(4));
        other.retain(StreamRetention.all().units(4));

        room().sweep(store.session().namespace(), "a");

        assertThat(whole(stream)).hasSize(4);
        assertThat(whole(other)).hasSize(10);
        assertThat(rows("stream_data")).isEqualTo(14);
        assertRefused(Reason.NOT_FOUND, () -> room().sweep(store.session().namespace(), "none"));
    }

    @Test
    void bytesAreKept() {
        DurableStream stream = letters("a", 10);
        stream.retain(StreamRetention.all().bytes(3));

        sweep();

        assertThat(whole(stream)).isEqualTo("hij");
    }

    @Test
    void bytesOfMessagesAreKept() {
        DurableStream stream = stream("a");
        stream.create(StreamSpec.json());
        stream.retain(StreamRetention.all().bytes(1_000));
        for (int i = 0; i < 100; i++) {
            stream.append(bytes("\"%098d\"".formatted(i)));
            sweep();
            // A 64th of the limit is less than a message, so there is a mark behind each.
            assertThat(stream.head().tail() - stream.head().first()).isEqualTo(Math.min(i + 1, 10));
        }
        assertThat(rows("stream_data")).isEqualTo(10);
        assertThat(rows("stream_marks")).isLessThan(13);
    }

    @Test
    void aLimitOfBytesAlsoHoldsForWhatWasThereBefore() {
        DurableStream stream = stream("a");
        stream.create(StreamSpec.json());
        transaction(tx -> {
            for (int i = 0; i < 2_500; i++) {
                DurableStream.in(tx, "a").append(bytes("\"%098d\"".formatted(i)));
            }
            return tx;
        });

        stream.retain(StreamRetention.all().bytes(10_000));
        sweep();

        // A hundred messages, and what lies between two marks.
        assertThat(stream.head().tail() - stream.head().first()).isBetween(100L, 102L);
        assertThat(rows("stream_data")).isBetween(100L, 102L);
        assertThat(rows("stream_marks")).isLessThan(70);
    }

    @Test
    void contentIsKeptForItsTime() {
        DurableStream stream = stream("a");
        stream.create(StreamSpec.bytes());
        stream.retain(StreamRetention.all().age(Duration.ofMinutes(10)));
        for (int minute = 0; minute < 30; minute++) {
            stream.append(bytes("x"));
            sweep();
            assertThat(stream.head().tail() - stream.head().first()).isEqualTo(Math.min(minute + 1, 10));
            time.advance(Duration.ofMinutes(1));
        }
        time.advance(Duration.ofMinutes(10));
        sweep();
        assertThat(whole(stream)).isEmpty();
        assertThat(rows("stream_data")).isZero();
        assertThat(rows("stream_marks")).isLessThan(3);
    }

    @Test
    void theStrictestLimitHolds() {
        DurableStream stream = letters("a", 10);
        stream.retain(StreamRetention.all().units(8).bytes(2).age(Duration.ofDays(1)));
        sweep();
        assertThat(whole(stream)).isEqualTo("ij");

        assertThat(stream.retention())
                .isEqualTo(StreamRetention.all().units(8).bytes(2).age(Duration.ofDays(1)));
        stream.retain(StreamRetention.all());
        stream.append(bytes("klm"));
        sweep();
        assertThat(whole(stream)).isEqualTo("ijklm");
        assertThat(rows("stream_retention") + rows("stream_marks")).isZero();
    }

    @Test
    void limitsOfWhatIsNotKeptAreRefused() {
        assertInvalid("stream.retention", () -> StreamRetention.all().units(0));
        assertInvalid("stream.retention", () -> StreamRetention.all().bytes(-1));
        assertInvalid("stream.retention", () -> StreamRetention.all().age(Duration.ZERO));
        assertInvalid("stream.retention", () -> StreamRetention.all().compactUnits(0));
        assertRefused(Reason.NOT_FOUND, () -> stream("none").retain(StreamRetention.all()));
        assertRefused(Reason.NOT_FOUND, () -> stream("none").retention());
        assertRefused(Reason.NOT_FOUND, () -> stream("none").trim(0));
    }

    @Test
    void forksKeepWhatTheyShare() {
        DurableStream source = letters("a", 10);
        stream("fork").create(StreamSpec.of(new StreamFork("a", OptionalLong.of(6), 0)));

        source.trim(8);
        sweep();

        assertThat(whole(source)).isEqualTo("ij");
        assertThat(whole(stream("fork"))).isEqualTo("abcdef");
        assertRefused(
                Reason.TRIMMED, () -> stream("b").create(StreamSpec.of(new StreamFork("a", OptionalLong.of(6), 0))));
        stream("fork").trim(4);
        assertThat(whole(stream("fork"))).isEqualTo("ef");
        stream("fork").delete();
        sweep();
        assertThat(rows("stream_data")).isEqualTo(2);
        assertThat(whole(source)).isEqualTo("ij");
    }

    @Test
    void aForkCountsTheBytesOfItsOwnMessages() {
        stream("a").create(StreamSpec.json().content(bytes("[1,2,3]")));
        DurableStream fork = stream("fork");
        fork.create(StreamSpec.of(new StreamFork("a", OptionalLong.empty(), 0)));
        fork.retain(StreamRetention.all().bytes(1));

        sweep();
        assertThat(whole(fork)).isEqualTo("[1,2,3]");
        fork.append(bytes("4"));
        sweep();
        fork.append(bytes("5"));
        sweep();

        assertThat(whole(fork)).isEqualTo("[5]");
        assertThat(whole(stream("a"))).isEqualTo("[1,2,3]");
    }

    @Test
    void aForkBeginsWhereItsSourceBegins() {
        letters("a", 10).trim(3);

        stream("fork").create(StreamSpec.of(new StreamFork("a", OptionalLong.of(6), 0)));

        assertThat(stream("fork").head().first()).isEqualTo(3);
        assertThat(whole(stream("fork"))).isEqualTo("def");
        assertRefused(Reason.TRIMMED, () -> stream("fork").read(2, ALL));
    }

    @Test
    void aFollowerBelowIsToldThatItsPlaceIsGone() {
        DurableStream stream = letters("a", 10);
        try (StreamFollower follower = stream.follow(2, () -> {})) {
            stream.trim(5);

            assertRefused(Reason.TRIMMED, () -> follower.poll(ALL));
        }
    }

    @Test
    void aFollowerGetsNothingThatWasTrimmedFromMemoryEither() {
        DurableStream stream = letters("a", 2);
        try (StreamFollower follower = stream.follow(0, () -> {})) {
            stream.append(bytes("cd"));
            stream.append(bytes("ef"));
            assertThat(text(follower.poll(ALL))).startsWith("ab");
            stream.append(bytes("gh"));
            stream.trim(7);

            assertThat(stream.head().first()).isEqualTo(7);
            if (follower.offset() < 7) {
                assertRefused(Reason.TRIMMED, () -> follower.poll(ALL));
            }
        }
        try (StreamFollower follower = stream.follow(7, () -> {})) {
            stream.append(bytes("i"));
            StreamChunk chunk = follower.poll(ALL);
            assertThat(text(chunk)).isEqualTo("hi");
            assertThat(chunk.info().first()).isEqualTo(7);
        }
    }

    @Test
    void aTransactionThatFailsTrimsNothing() {
        DurableStream stream = letters("a", 10);

        assertThatThrownBy(() -> transaction(tx -> {
                    DurableStream inside = DurableStream.in(tx, "a");
                    assertThat(inside.trim(4)).isEqualTo(4);
                    inside.retain(StreamRetention.all().units(1));
                    assertThat(whole(inside)).isEqualTo("efghij");
                    throw new IllegalStateException("undone");
                }))
                .isInstanceOf(IllegalStateException.class);
        stream.append(bytes("k"));
        sweep();

        assertThat(whole(stream)).isEqualTo("abcdefghijk");
        assertThat(stream.retention()).isEqualTo(StreamRetention.all());
    }

    @Test
    void whatADeletedStreamWasToKeepIsForgotten() {
        DurableStream stream = letters("a", 300);
        stream.retain(StreamRetention.all().units(299).age(Duration.ofDays(1)));
        sweep();
        assertThat(rows("stream_marks")).isEqualTo(1);

        stream.delete();
        letters("a", 2);
        sweep();

        assertThat(rows("stream_retention") + rows("stream_marks")).isZero();
        assertThat(whole(stream("a"))).isEqualTo("ab");
        assertThat(stream("a").retention()).isEqualTo(StreamRetention.all());
    }

    /** A stream of bytes, one append for each, from a on. */
    private DurableStream letters(String name, int count) {
        DurableStream stream = stream(name);
        stream.create(StreamSpec.bytes());
        String letters = IntStream.range(0, count)
                .mapToObj(i -> "" + (char) ('a' + i % 26))
                .collect(Collectors.joining());
        transaction(tx -> {
            letters.chars().forEach(c -> DurableStream.in(tx, name).append(bytes("" + (char) c)));
            return tx;
        });
        return stream;
    }
}
