package dev.holdfast.testkit.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.StreamAppend;
import dev.holdfast.stream.StreamAppended;
import dev.holdfast.stream.StreamChunk;
import dev.holdfast.stream.StreamException.Reason;
import dev.holdfast.stream.StreamLimits;
import dev.holdfast.stream.StreamOffset;
import dev.holdfast.stream.StreamSpec;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What appends store and reads find. Sections 2, 4 and 7 of the Durable Streams protocol. */
public abstract class StreamContentContract extends StreamSuite {
    /** The suite over the stores of one engine. */
    protected StreamContentContract() {}

    @Test
    void offsetsOfBytesCountBytes() {
        stream("a").create(StreamSpec.bytes());

        StreamAppended first = stream("a").append(bytes("abc"));
        StreamAppended second = stream("a").append(bytes("é"));

        assertThat(first.tail()).isEqualTo(3);
        assertThat(second.tail()).isEqualTo(5);
        assertThat(List.of(first.closed(), first.repeated())).containsOnly(false);
        assertThat(first.producer()).isEmpty();
        assertThat(stream("a").head().tail()).isEqualTo(5);
        assertThat(whole(stream("a"))).isEqualTo("abcé");
    }

    @Test
    void everyByteComesBack() {
        byte[] all = new byte[256];
        IntStream.range(0, all.length).forEach(i -> all[i] = (byte) i);
        stream("a").create(StreamSpec.bytes().content(all));

        stream("a").append(all);

        StreamChunk chunk = stream("a").read(DurableStream.BEGINNING, ALL);
        assertThat(chunk.size()).isEqualTo(512);
        assertThat(chunk.toBytes()).startsWith(all).endsWith(all).hasSize(512);
    }

    @Test
    void anAppendHoldsSomethingOrCloses() {
        stream("a").create(StreamSpec.bytes());
        stream("j").create(StreamSpec.json());

        assertInvalid("stream.empty", () -> stream("a").append(new byte[0]));
        assertInvalid("stream.empty", () -> stream("j").append(new byte[0]));
        assertThat(rows("stream_data")).isZero();
    }

    @Test
    void theContentTypeOfAnAppendMustBeThatOfTheStream() {
        stream("a").create(StreamSpec.of("text/plain"));

        assertRefused(Reason.CONTENT_TYPE, () -> stream("a").append(say("x").as("text/html")));
        assertRefused(Reason.CONTENT_TYPE, () -> stream("a").append(say("x").as("application/json")));
        stream("a").append(say("y").as("TEXT/PLAIN ; charset=utf-8"));

        assertThat(whole(stream("a"))).isEqualTo("y");
    }

    @Test
    void offsetsAsTextSortAsTheyCount() {
        List<Long> offsets = List.of(0L, 1L, 9L, 10L, 42L, 1L << 40, 9_999_999_999_999_999L);

        assertThat(StreamOffset.text(42)).isEqualTo("0000000000000000_0000000000000042");
        assertThat(offsets.stream().map(StreamOffset::text)).isSorted().allMatch(text -> text.length() == 33);
    }

    @Test
    void readsGoOnFromAnyOffset() {
        stream("a").create(StreamSpec.bytes());
        List.of("abc", "d", "efghi").forEach(part -> stream("a").append(bytes(part)));
        String all = "abcdefghi";

        for (int offset = 0; offset <= all.length(); offset++) {
            StreamChunk chunk = stream("a").read(offset, ALL);

            assertThat(text(chunk)).isEqualTo(all.substring(offset));
            assertThat(chunk.start()).isEqualTo(offset);
            assertThat(chunk.next()).isEqualTo(all.length());
            assertThat(chunk.upToDate()).isTrue();
            assertThat(chunk.isEmpty()).isEqualTo(offset == all.length());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 10, 64, 1_000, ALL})
    void chunksOfAnySizeMakeUpTheWhole(int bytesMax) {
        stream("a").create(StreamSpec.bytes());
        var expected = new ByteArrayOutputStream();
        for (int i = 0; i < 60; i++) {
            byte[] part = bytes(Integer.toString(i, 36).repeat(1 + i % 13));
            expected.writeBytes(part);
            stream("a").append(part);
        }

        var read = new ByteArrayOutputStream();
        List<Long> offsets = new ArrayList<>();
        StreamChunk chunk = stream("a").read(DurableStream.BEGINNING, bytesMax);
        while (true) {
            read.writeBytes(chunk.toBytes());
            offsets.add(chunk.next());
            assertThat(chunk.next() - chunk.start()).isEqualTo(chunk.size()).isPositive();
            assertThat(chunk.size()).isLessThan(bytesMax + 2L * 13);
            if (chunk.upToDate()) {
                break;
            }
            chunk = stream("a").read(chunk.next(), bytesMax);
        }

        assertThat(read.toByteArray()).isEqualTo(expected.toByteArray());
        assertThat(offsets).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void moreAppendsThanOneStatementReadsAreAllFound() {
        int appends = 4_500;
        stream("a").create(StreamSpec.json());
        transaction(tx -> {
            IntStream.range(0, appends).forEach(i -> DurableStream.in(tx, "a").append(bytes(Integer.toString(i))));
            return true;
        });

        StreamChunk first = stream("a").read(0, ALL);
        String all = whole(stream("a"));

        assertThat(first.next()).isPositive();
        assertThat(all)
                .isEqualTo(
                        IntStream.range(0, appends).boxed().toList().toString().replace(" ", ""));
    }

    @Test
    void theNamesOfPlacesAreUnderstood() {
        stream("a").create(StreamSpec.bytes().content(bytes("abc")));

        StreamChunk beginning = stream("a").read(DurableStream.BEGINNING, ALL);
        StreamChunk now = stream("a").read(DurableStream.NOW, ALL);
        StreamChunk beyond = stream("a").read(1_000, ALL);

        assertThat(text(beginning)).isEqualTo("abc");
        assertThat(beginning.start()).isZero();
        for (StreamChunk chunk : List.of(now, beyond)) {
            assertThat(List.of(chunk.isEmpty(), chunk.upToDate())).containsOnly(true);
            assertThat(List.of(chunk.start(), chunk.next())).containsOnly(3L);
        }
        assertInvalid("stream.read", () -> stream("a").read(-3, ALL));
        assertInvalid("stream.read", () -> stream("a").read(0, 0));
    }

    @Test
    void anEmptyStreamIsReadAsNothing() {
        stream("a").create(StreamSpec.bytes());
        stream("j").create(StreamSpec.json());

        assertThat(stream("a").read(DurableStream.BEGINNING, ALL).upToDate()).isTrue();
        assertThat(text(stream("a").read(0, ALL))).isEmpty();
        assertThat(text(stream("j").read(DurableStream.BEGINNING, 1))).isEqualTo("[]");
        assertThat(text(stream("j").read(DurableStream.NOW, 1))).isEqualTo("[]");
    }

    @Test
    void sequencesAreComparedByteByByte() {
        stream("a").create(StreamSpec.bytes());

        stream("a").append(say("1").sequence("09"));
        stream("a").append(say("2").sequence("10"));
        assertRefused(Reason.SEQUENCE, () -> stream("a").append(say("x").sequence("10")));
        assertRefused(Reason.SEQUENCE, () -> stream("a").append(say("x").sequence("1")));
        stream("a").append(say("3").sequence("2"));
        assertRefused(Reason.SEQUENCE, () -> stream("a").append(say("x").sequence("10")));
        stream("a").append(bytes("4"));
        stream("a").append(say("5").sequence("a"));
        assertRefused(Reason.SEQUENCE, () -> stream("a").append(say("x").sequence("B")));
        stream("a").append(say("6").sequence("\uffee"));
        stream("a").append(say("7").sequence("\ud83d\ude00"));
        assertRefused(Reason.SEQUENCE, () -> stream("a").append(say("x").sequence("\uffee")));

        assertThat(whole(stream("a"))).isEqualTo("1234567");
    }

    @Test
    void aRefusedAppendDoesNotMoveTheSequence() {
        stream("a").create(StreamSpec.json());
        stream("a").append(say("1").sequence("1"));

        assertInvalid("json.malformed", () -> stream("a").append(say("{").sequence("5")));
        assertInvalid("stream.empty", () -> stream("a").append(say("[]").sequence("5")));
        assertRefused(
                Reason.CONTENT_TYPE,
                () -> stream("a").append(say("2").as("text/a").sequence("5")));

        assertThat(stream("a").append(say("2").sequence("2")).tail()).isEqualTo(2);
    }

    @Test
    void whatNoSequenceCanBeIsRefused() {
        assertInvalid("stream.sequence", () -> say("x").sequence(""));
        assertInvalid("stream.sequence", () -> say("x").sequence("a".repeat(StreamLimits.SEQUENCE_BYTES_MAX + 1)));
    }

    @Test
    void appendsBeyondTheLimitsStoreNothing() {
        room().limits(new StreamLimits(10, 3));
        stream("a").create(StreamSpec.bytes());
        stream("j").create(StreamSpec.json());

        stream("a").append(bytes("0123456789"));
        stream("j").append(bytes("[1,2,3]"));
        assertInvalid("stream.too_large", () -> stream("a").append(bytes("0123456789a")));
        assertInvalid("stream.too_large", () -> stream("j").append(bytes("[1,2,3,4]")));
        assertInvalid(
                "stream.too_large", () -> stream("j").append(say("[1,2,3,4]").andClose()));
        assertInvalid(
                "stream.too_large", () -> stream("b").create(StreamSpec.bytes().content(new byte[11])));
        assertInvalid(
                "stream.too_large", () -> stream("b").create(StreamSpec.json().content(bytes("[1,2,3,4]"))));

        assertThat(stream("a").head().tail()).isEqualTo(10);
        assertThat(stream("j").head().tail()).isEqualTo(3);
        assertRefused(Reason.NOT_FOUND, () -> stream("b").head());
        room().limits(StreamLimits.defaults());
        assertThat(stream("a").append(StreamAppend.of(new byte[11])).tail()).isEqualTo(21);
    }

    @Test
    void anAppendOfTenMillionBytesComesBackWhole() {
        byte[] large = new byte[10_000_000];
        IntStream.range(0, large.length).forEach(i -> large[i] = (byte) ((i * 31) >> 7));
        stream("a").create(StreamSpec.bytes());

        stream("a").append(large);

        assertThat(stream("a").read(0, 100).toBytes()).isEqualTo(large);
        assertThat(stream("a").read(9_999_990, 100).toBytes()).hasSize(10).endsWith(large[9_999_999]);
    }
}
