package dev.holdfast.testkit.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.StreamChunk;
import dev.holdfast.stream.StreamCreated;
import dev.holdfast.stream.StreamException.Reason;
import dev.holdfast.stream.StreamFork;
import dev.holdfast.stream.StreamInfo;
import dev.holdfast.stream.StreamOffset;
import dev.holdfast.stream.StreamSpec;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Making forks and reading them. Section 14 of the Durable Streams protocol. */
public abstract class StreamForkContract extends StreamSuite {
    /** The suite over the stores of one engine. */
    protected StreamForkContract() {}

    @Test
    void aForkHoldsEverythingOfItsSource() {
        stream("a").create(StreamSpec.of("text/plain; charset=utf-8").content(bytes("abc")));
        stream("a").append(bytes("def"));

        StreamCreated made = fork("f", StreamFork.of("a"));

        assertThat(made.created()).isTrue();
        assertThat(made.info().tail()).isEqualTo(6);
        assertThat(made.info().contentType()).isEqualTo("text/plain; charset=utf-8");
        assertThat(made.info().closed()).isFalse();
        assertThat(made.info().id()).isNotEqualTo(stream("a").head().id());
        assertThat(whole(stream("f"))).isEqualTo("abcdef");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
    void aForkHoldsWhatStandsBeforeItsOffset(int offset) {
        stream("a").create(StreamSpec.bytes().content(bytes("abc")));
        stream("a").append(bytes("def"));

        StreamInfo made = fork("f", StreamFork.of("a", offset)).info();
        stream("f").append(bytes("XY"));

        assertThat(made.tail()).isEqualTo(offset);
        String all = "abcdef".substring(0, offset) + "XY";
        assertThat(whole(stream("f"))).isEqualTo(all);
        for (int from = 0; from <= all.length(); from++) {
            assertThat(from(stream("f"), from)).isEqualTo(all.substring(from));
        }
        assertThat(whole(stream("a"))).isEqualTo("abcdef");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 8, 100})
    void chunksOfAnySizeGoOnOverTheBoundary(int bytesMax) {
        stream("a").create(StreamSpec.bytes());
        List.of("ab", "cde", "f", "ghij").forEach(part -> stream("a").append(bytes(part)));
        fork("f", StreamFork.of("a", 8));
        List.of("K", "LM").forEach(part -> stream("f").append(bytes(part)));

        StringBuilder read = new StringBuilder();
        StreamChunk chunk = stream("f").read(DurableStream.BEGINNING, bytesMax);
        read.append(text(chunk));
        while (!chunk.upToDate()) {
            assertThat(chunk.isEmpty()).isFalse();
            chunk = stream("f").read(chunk.next(), bytesMax);
            read.append(text(chunk));
        }

        assertThat(read).hasToString("abcdefghKLM");
    }

    @Test
    void forkAndSourceGoTheirOwnWays() {
        stream("a").create(StreamSpec.bytes().content(bytes("ab")));
        fork("f", StreamFork.of("a"));

        stream("a").append(bytes("source"));
        stream("f").append(bytes("fork"));
        stream("f").close();

        assertThat(whole(stream("a"))).isEqualTo("absource");
        assertThat(whole(stream("f"))).isEqualTo("abfork");
        assertThat(stream("a").head().closed()).isFalse();
        stream("a").close();
        assertThat(stream("f").read(0, ALL).atEnd()).isTrue();
    }

    @Test
    void aForkOfAClosedStreamIsOpen() {
        stream("a").create(StreamSpec.bytes().content(bytes("ab")).asClosed());

        assertThat(fork("f", StreamFork.of("a")).info().closed()).isFalse();
        assertThat(stream("f").append(bytes("c")).tail()).isEqualTo(3);
        assertThat(stream("g")
                        .create(StreamSpec.of(StreamFork.of("a")).asClosed())
                        .info()
                        .closed())
                .isTrue();
    }

    @Test
    void aForkKnowsNoSequence() {
        stream("a").create(StreamSpec.bytes());
        stream("a").append(say("x").sequence("9"));
        fork("f", StreamFork.of("a"));

        assertThat(stream("f").append(say("y").sequence("1")).tail()).isEqualTo(2);
        assertThat(stream("a").append(say("z").sequence("99")).tail()).isEqualTo(2);
    }

    @Test
    void aForkMayBeginWithContentOfItsOwn() {
        stream("a").create(StreamSpec.json().content(bytes("[1,2,3]")));

        StreamCreated made =
                stream("f").create(StreamSpec.of(StreamFork.of("a", 2)).content(bytes("[7,8]")));

        assertThat(made.info().tail()).isEqualTo(4);
        assertThat(whole(stream("f"))).isEqualTo("[1,2,7,8]");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void unitsOfTheNextAppendMayBeTakenIn(int sub) {
        stream("a").create(StreamSpec.json().content(bytes("[0]")));
        stream("a").append(bytes("[ 1, 2 ,3]"));
        stream("a").append(bytes("[4]"));

        StreamInfo made = fork("f", at("a", 1, sub)).info();
        stream("f").append(bytes("[9]"));

        assertThat(made.tail()).isEqualTo(1 + sub);
        assertThat(whole(stream("f"))).isEqualTo("[0,1,2,3".substring(0, 2 + 2 * sub) + ",9]");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void unitsOfAStreamOfBytesAreBytes(int sub) {
        stream("a").create(StreamSpec.bytes().content(bytes("ab")));
        stream("a").append(bytes("cde"));
        stream("a").append(bytes("f"));

        assertThat(fork("f", at("a", 2, sub)).info().tail()).isEqualTo(2 + sub);
        assertThat(whole(stream("f"))).isEqualTo("abcde".substring(0, 2 + sub));
    }

    @Test
    void moreUnitsThanTheNextAppendHoldsAreRefused() {
        stream("a").create(StreamSpec.json().content(bytes("[0,1]")));
        stream("a").append(bytes("[2,3]"));
        stream("empty").create(StreamSpec.bytes());

        assertInvalid("stream.fork", () -> fork("f", at("a", 0, 3)));
        assertInvalid("stream.fork", () -> fork("f", at("a", 1, 2)));
        assertInvalid("stream.fork", () -> fork("f", at("a", 2, 3)));
        assertInvalid("stream.fork", () -> fork("f", at("a", 4, 1)));
        assertInvalid("stream.fork", () -> fork("f", new StreamFork("a", OptionalLong.empty(), 1)));
        assertInvalid("stream.fork", () -> fork("f", at("empty", 0, 1)));
        assertRefused(Reason.NOT_FOUND, () -> stream("f").head());
        assertThat(fork("f", at("a", 1, 1)).info().tail()).isEqualTo(2);
    }

    @Test
    void placesThatAreNoneAreRefused() {
        stream("a").create(StreamSpec.bytes().content(bytes("ab")));

        assertInvalid("stream.fork", () -> StreamFork.of("a", -1));
        assertInvalid("stream.fork", () -> at("a", 0, -1));
        assertInvalid("stream.fork", () -> fork("f", StreamFork.of("a", 3)));
        assertInvalid("stream.fork", () -> fork("f", StreamFork.of("a", Long.MAX_VALUE)));
        assertInvalid("stream.fork", () -> fork("f", at("a", 1, Long.MAX_VALUE)));
        assertRefused(Reason.NO_SOURCE, () -> fork("f", StreamFork.of("missing")));
        assertRefused(Reason.NO_SOURCE, () -> fork("f", StreamFork.of("f")));
    }

    @Test
    void aForkHoldsTheTypeOfItsSource() {
        stream("a").create(StreamSpec.of("text/plain"));

        assertRefused(Reason.SOURCE, () -> stream("f").create(typed(StreamFork.of("a"), "text/html")));
        assertRefused(Reason.SOURCE, () -> stream("f").create(typed(StreamFork.of("a"), StreamSpec.JSON)));
        stream("g").create(typed(StreamFork.of("a"), "TEXT/plain; charset=utf-8"));

        assertThat(stream("g").head().contentType()).isEqualTo("TEXT/plain; charset=utf-8");
        stream("g").delete();
        stream("a").delete();
        // A fork that was refused does not count, so the name is free.
        assertRefused(Reason.NOT_FOUND, () -> stream("a").head());
    }

    @Test
    void aForkIsConfirmedByWhatItWasAskedForOrInherited() {
        stream("a").create(StreamSpec.of("text/plain").content(bytes("abcdef")));
        stream("b").create(StreamSpec.of("text/plain").content(bytes("abcdef")));
        fork("f", at("a", 2, 3));
        stream("a").append(bytes("more"));
        stream("f").append(bytes("more"));

        assertThat(fork("f", at("a", 2, 3)).created()).isFalse();
        assertThat(fork("f", new StreamFork("a", OptionalLong.empty(), 3)).created())
                .isFalse();
        assertThat(stream("f").create(typed(at("a", 2, 3), "text/plain")).created())
                .isFalse();
        assertRefused(Reason.OCCUPIED, () -> fork("f", at("a", 1, 3)));
        assertRefused(Reason.OCCUPIED, () -> fork("f", at("a", 2, 2)));
        assertRefused(Reason.OCCUPIED, () -> fork("f", StreamFork.of("a", 2)));
        assertRefused(Reason.OCCUPIED, () -> fork("f", StreamFork.of("a", 5)));
        assertRefused(Reason.OCCUPIED, () -> fork("f", at("b", 2, 3)));
        assertRefused(Reason.OCCUPIED, () -> stream("f").create(StreamSpec.of("text/plain")));
        assertRefused(Reason.OCCUPIED, () -> fork("b", StreamFork.of("a")));
    }

    @Test
    void forksOfForksReadThroughAllOfThem() {
        stream("s0").create(StreamSpec.bytes().content(bytes("0000")));
        for (int depth = 1; depth <= 12; depth++) {
            int source = depth - 1;
            fork("s" + depth, StreamFork.of("s" + source, 2L + source));
            stream("s" + depth).append(bytes(Integer.toHexString(depth).repeat(3)));
            stream("s" + source).append(bytes("later"));
        }

        assertThat(whole(stream("s12"))).isEqualTo("00" + "123456789ab" + "ccc");
        for (int offset = 0; offset <= 16; offset++) {
            assertThat(from(stream("s12"), offset)).isEqualTo("00123456789abccc".substring(offset));
        }
        assertThat(whole(stream("s3"))).isEqualTo("0012333later");
    }

    @Test
    void forksOfForksTakeInUnitsAtEachStep() {
        stream("a").create(StreamSpec.json().content(bytes("[0,1,2,3]")));
        fork("b", at("a", 0, 2));
        stream("b").append(bytes("[20,21,22]"));
        fork("c", at("b", 2, 2));
        stream("c").append(bytes("[30,31]"));
        fork("d", at("c", 4, 1));

        assertThat(whole(stream("b"))).isEqualTo("[0,1,20,21,22]");
        assertThat(whole(stream("c"))).isEqualTo("[0,1,20,21,30,31]");
        assertThat(whole(stream("d"))).isEqualTo("[0,1,20,21,30]");
    }

    @Test
    void unitsThatAForkTookInAreAnAppendOfItsOwn() {
        stream("a").create(StreamSpec.json().content(bytes("[0,1,2,3]")));
        fork("b", at("a", 0, 2));
        stream("b").append(bytes("[20,21,22]"));

        assertThat(fork("c", at("b", 0, 2)).info().tail()).isEqualTo(2);
        assertInvalid("stream.fork", () -> fork("d", at("b", 0, 3)));
        assertInvalid("stream.fork", () -> fork("d", at("b", 1, 2)));
        assertThat(fork("d", at("b", 2, 3)).info().tail()).isEqualTo(5);
        assertThat(whole(stream("c"))).isEqualTo("[0,1]");
    }

    @Test
    void stateEventsOfAForkNameNoOffsetBehindIt() {
        String event = "{\"headers\":{\"operation\":\"insert\"},\"n\":%d}";
        stream("a").create(StreamSpec.json());
        stream("a").append(bytes("[" + event.formatted(0) + "," + event.formatted(1) + "," + event.formatted(2) + "]"));
        stream("a").append(bytes(event.formatted(3)));
        fork("whole", StreamFork.of("a", 3));
        fork("part", at("a", 0, 2));
        fork("inner", StreamFork.of("part", 1));
        List.of("whole", "part", "inner").forEach(name -> stream(name).append(bytes(event.formatted(9))));

        assertThat(offsets("a")).containsExactly(3L, 3L, 3L, 4L);
        assertThat(offsets("whole")).containsExactly(3L, 3L, 3L, 4L);
        assertThat(offsets("part")).containsExactly(2L, 2L, 3L);
        assertThat(offsets("inner")).containsExactly(1L, 2L);
    }

    @Test
    void manyForksOfOneStreamStandBesideEachOther() {
        stream("a").create(StreamSpec.bytes().content(bytes("0123456789")));

        IntStream.range(0, 10).forEach(i -> {
            fork("f" + i, StreamFork.of("a", i));
            stream("f" + i).append(bytes("!" + i));
        });

        IntStream.range(0, 10)
                .forEach(i -> assertThat(whole(stream("f" + i))).isEqualTo("0123456789".substring(0, i) + "!" + i));
    }

    @Test
    void whatManyStatementsReadGoesOnOverTheBoundary() {
        stream("a").create(StreamSpec.json());
        transaction(tx -> {
            IntStream.range(0, 4_200).forEach(i -> DurableStream.in(tx, "a").append(bytes(Integer.toString(i))));
            return true;
        });
        fork("f", StreamFork.of("a", 4_100));
        stream("f").append(bytes("4100"));

        assertThat(whole(stream("f")))
                .isEqualTo(IntStream.rangeClosed(0, 4_100)
                        .boxed()
                        .toList()
                        .toString()
                        .replace(" ", ""));
    }

    private StreamCreated fork(String name, StreamFork fork) {
        return stream(name).create(StreamSpec.of(fork));
    }

    private static StreamFork at(String source, long offset, long sub) {
        return new StreamFork(source, OptionalLong.of(offset), sub);
    }

    private static StreamSpec typed(StreamFork fork, String contentType) {
        StreamSpec spec = StreamSpec.of(fork);
        return new StreamSpec(
                java.util.Optional.of(contentType),
                spec.ttlSeconds(),
                spec.expiresAt(),
                spec.closed(),
                spec.content(),
                spec.fork());
    }

    /** The offsets in the headers of all messages. */
    private List<Long> offsets(String name) {
        return dev.holdfast.json.Json.parse(whole(stream(name)))
                .valueStream()
                .map(message -> message.path("headers").path("offset").stringValue())
                .map(text -> {
                    long offset = Long.parseLong(text.substring(17));
                    assertThat(text).isEqualTo(StreamOffset.text(offset));
                    return offset;
                })
                .toList();
    }
}
