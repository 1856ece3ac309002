package dev.holdfast.testkit.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.StreamAppend;
import dev.holdfast.stream.StreamAppended;
import dev.holdfast.stream.StreamChunk;
import dev.holdfast.stream.StreamCreated;
import dev.holdfast.stream.StreamException.Reason;
import dev.holdfast.stream.StreamInfo;
import dev.holdfast.stream.StreamLimits;
import dev.holdfast.stream.StreamSpec;
import dev.holdfast.stream.Streams;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Making, closing, deleting and listing streams. Sections 2, 3, 6 and 12 of the Durable Streams protocol. */
public abstract class StreamContract extends StreamSuite {
    private static final Instant LATER = Instant.parse("2031-01-01T00:00:00Z");

    /** The suite over the stores of one engine. */
    protected StreamContract() {}

    @Test
    void aStreamIsMadeOnceAndThenConfirmed() {
        StreamCreated made = stream("a").create(StreamSpec.bytes());
        StreamCreated confirmed = stream("a").create(StreamSpec.bytes());

        assertThat(made.created()).isTrue();
        assertThat(confirmed.created()).isFalse();
        assertThat(confirmed.info()).isEqualTo(made.info());
        assertThat(rows("streams")).isOne();
    }

    @Test
    void confirmingLooksAtNoContent() {
        stream("a").create(StreamSpec.bytes().content(bytes("first")));

        StreamCreated confirmed = stream("a").create(StreamSpec.bytes().content(bytes("other")));

        assertThat(confirmed.created()).isFalse();
        assertThat(confirmed.info().tail()).isEqualTo(5);
        assertThat(whole(stream("a"))).isEqualTo("first");
    }

    @Test
    void confirmingAJsonStreamDoesNotParseTheContent() {
        stream("a").create(StreamSpec.json());

        assertThat(stream("a")
                        .create(StreamSpec.json().content(bytes("no json")))
                        .created())
                .isFalse();
    }

    @Test
    void theHeadSaysHowAStreamWasMade() {
        stream("bytes").create(StreamSpec.of("Text/Plain; charset=utf-8").ttl(Duration.ofSeconds(90)));
        stream("json")
                .create(StreamSpec.json()
                        .expiresAt(LATER)
                        .content(bytes("[1,2]"))
                        .asClosed());

        StreamInfo bytes = stream("bytes").head();
        StreamInfo json = stream("json").head();

        assertThat(bytes.name()).isEqualTo("bytes");
        assertThat(bytes.contentType()).isEqualTo("Text/Plain; charset=utf-8");
        assertThat(bytes.json()).isFalse();
        assertThat(bytes.ttlSeconds()).hasValue(90);
        assertThat(bytes.expiresAt()).isEmpty();
        assertThat(List.of(bytes.first(), bytes.tail())).containsOnly(0L);
        assertThat(bytes.closed()).isFalse();
        assertThat(json.json()).isTrue();
        assertThat(json.ttlSeconds()).isEmpty();
        assertThat(json.expiresAt()).contains("2031-01-01T00:00:00Z");
        assertThat(json.tail()).isEqualTo(2);
        assertThat(json.closed()).isTrue();
        assertThat(json.id()).isNotEqualTo(bytes.id());
    }

    @Test
    void theContentTypeIsComparedByMediaTypeInAnyLetterCase() {
        stream("a").create(StreamSpec.of("text/plain; charset=utf-8"));

        assertThat(stream("a").create(StreamSpec.of("TEXT/Plain")).created()).isFalse();
        assertThat(stream("a").head().contentType()).isEqualTo("text/plain; charset=utf-8");
        assertRefused(Reason.OCCUPIED, () -> stream("a").create(StreamSpec.of("text/html")));
        assertRefused(Reason.OCCUPIED, () -> stream("a").create(StreamSpec.bytes()));
    }

    @Test
    void aStreamWithoutContentTypeHoldsOctets() {
        StreamSpec none = new StreamSpec(
                Optional.empty(), OptionalLong.empty(), Optional.empty(), false, new byte[0], Optional.empty());

        stream("a").create(none);

        assertThat(stream("a").head().contentType()).isEqualTo(StreamSpec.OCTETS);
        assertThat(stream("a").create(none).created()).isFalse();
        assertThat(stream("a").create(StreamSpec.bytes()).created()).isFalse();
    }

    @Test
    void anotherLifetimeIsAnotherStream() {
        stream("ttl").create(StreamSpec.bytes().ttl(Duration.ofSeconds(60)));
        stream("at").create(StreamSpec.bytes().expiresAt(LATER));
        stream("ever").create(StreamSpec.bytes());

        assertThat(stream("ttl")
                        .create(StreamSpec.bytes().ttl(Duration.ofSeconds(60)))
                        .created())
                .isFalse();
        assertThat(stream("at").create(StreamSpec.bytes().expiresAt(LATER)).created())
                .isFalse();
        assertRefused(
                Reason.OCCUPIED, () -> stream("ttl").create(StreamSpec.bytes().ttl(Duration.ofSeconds(61))));
        assertRefused(Reason.OCCUPIED, () -> stream("ttl").create(StreamSpec.bytes()));
        assertRefused(Reason.OCCUPIED, () -> stream("at").create(StreamSpec.bytes()));
        assertRefused(
                Reason.OCCUPIED, () -> stream("at").create(StreamSpec.bytes().expiresAt(LATER.plusSeconds(1))));
        assertRefused(
                Reason.OCCUPIED, () -> stream("ever").create(StreamSpec.bytes().expiresAt(LATER)));
    }

    @Test
    void aStreamIsConfirmedOnlyAsClosedAsItIs() {
        stream("open").create(StreamSpec.bytes());
        stream("closed").create(StreamSpec.bytes().asClosed());

        assertRefused(
                Reason.OCCUPIED, () -> stream("open").create(StreamSpec.bytes().asClosed()));
        assertRefused(Reason.OCCUPIED, () -> stream("closed").create(StreamSpec.bytes()));
        stream("open").close();
        assertThat(stream("open").create(StreamSpec.bytes().asClosed()).created())
                .isFalse();
        assertRefused(Reason.OCCUPIED, () -> stream("open").create(StreamSpec.bytes()));
    }

    @Test
    void aStreamMadeClosedHoldsItsContentAndTakesNoMore() {
        StreamCreated made =
                stream("a").create(StreamSpec.bytes().content(bytes("all")).asClosed());

        assertThat(made.info().tail()).isEqualTo(3);
        assertThat(made.info().closed()).isTrue();
        assertThat(stream("a").read(0, ALL).atEnd()).isTrue();
        assertThat(whole(stream("a"))).isEqualTo("all");
        assertRefused(Reason.CLOSED, () -> stream("a").append(bytes("more")));
    }

    @Test
    void whatNoStreamCanBeIsRefused() {
        assertInvalid("stream.name", () -> stream(""));
        assertInvalid("stream.name", () -> stream("a\u0000b"));
        assertInvalid("stream.name", () -> stream("a\nb"));
        assertInvalid("stream.name", () -> stream("half\ud800"));
        assertInvalid("stream.name", () -> stream("é".repeat(StreamLimits.NAME_BYTES_MAX / 2) + "a"));
        assertInvalid("stream.content_type", () -> StreamSpec.of(""));
        assertInvalid("stream.content_type", () -> StreamSpec.of("a".repeat(StreamLimits.CONTENT_TYPE_BYTES_MAX + 1)));
        assertInvalid("stream.lifetime", () -> StreamSpec.bytes().ttl(Duration.ofSeconds(-1)));
        assertInvalid(
                "stream.lifetime", () -> StreamSpec.bytes().ttl(Duration.ofSeconds(StreamLimits.TTL_SECONDS_MAX + 1)));
        assertInvalid("stream.lifetime", () -> expiring("tomorrow"));
        assertInvalid("stream.lifetime", () -> expiring("2031-01-01T00:00:00"));
        assertInvalid(
                "stream.lifetime",
                () -> new StreamSpec(
                        Optional.empty(),
                        OptionalLong.of(1),
                        Optional.of("2031-01-01T00:00:00Z"),
                        false,
                        new byte[0],
                        Optional.empty()));
    }

    @Test
    void theTimeAtWhichAStreamEndsIsKeptAndComparedAsItIsWritten() {
        stream("a").create(expiring("2031-01-01T01:00:00+01:00"));

        assertThat(stream("a").head().expiresAt()).contains("2031-01-01T01:00:00+01:00");
        assertThat(stream("a").create(expiring("2031-01-01T01:00:00+01:00")).created())
                .isFalse();
        assertRefused(Reason.OCCUPIED, () -> stream("a").create(expiring("2031-01-01T00:00:00Z")));
    }

    @Test
    void theLongestNameIsAName() {
        String name = "é".repeat(StreamLimits.NAME_BYTES_MAX / 2);

        stream(name).create(StreamSpec.bytes().content(bytes("x")));

        assertThat(stream(name).head().name()).isEqualTo(name);
        assertThat(whole(stream(name))).isEqualTo("x");
    }

    @Test
    void aStreamThatIsNotThereIsSaidToBeMissing() {
        DurableStream missing = stream("missing");

        assertRefused(Reason.NOT_FOUND, missing::head);
        assertRefused(Reason.NOT_FOUND, () -> missing.append(bytes("x")));
        assertRefused(Reason.NOT_FOUND, missing::close);
        assertRefused(Reason.NOT_FOUND, () -> missing.read(DurableStream.BEGINNING, ALL));
        assertRefused(Reason.NOT_FOUND, () -> missing.read(DurableStream.NOW, ALL));
        assertRefused(Reason.NOT_FOUND, () -> missing.await(0, ALL, Duration.ofSeconds(1)));
        assertRefused(Reason.NOT_FOUND, () -> missing.follow(0, () -> {}));
        assertRefused(Reason.NOT_FOUND, missing::delete);
    }

    @Test
    void closingIsFinalAndMayBeRepeated() {
        stream("a").create(StreamSpec.bytes().content(bytes("ab")));

        StreamAppended closed = stream("a").close();
        StreamAppended again = stream("a").close();

        assertThat(List.of(closed.tail(), again.tail())).containsOnly(2L);
        assertThat(List.of(closed.closed(), again.closed())).containsOnly(true);
        assertThat(closed.repeated()).isFalse();
        assertThat(stream("a").head().closed()).isTrue();
        assertThat(assertRefused(Reason.CLOSED, () -> stream("a").append(bytes("c")))
                        .tail())
                .hasValue(2);
        assertThat(assertRefused(Reason.CLOSED, () -> stream("a").append(say("c").andClose()))
                        .tail())
                .hasValue(2);
        assertThat(whole(stream("a"))).isEqualTo("ab");
    }

    @Test
    void theLastAppendClosesInTheSameStep() {
        stream("a").create(StreamSpec.bytes().content(bytes("ab")));

        StreamAppended last = stream("a").append(say("cd").andClose());

        assertThat(last.tail()).isEqualTo(4);
        assertThat(last.closed()).isTrue();
        assertThat(whole(stream("a"))).isEqualTo("abcd");
    }

    @Test
    void closingAloneLooksAtNoContentType() {
        stream("a").create(StreamSpec.json());

        StreamAppended closed = stream("a").append(StreamAppend.closing().as("text/html"));

        assertThat(closed.closed()).isTrue();
        assertThat(stream("a").append(StreamAppend.closing().as("image/png")).closed())
                .isTrue();
    }

    @Test
    void aClosedStreamSaysSoBeforeItLooksAtTheContent() {
        stream("a").create(StreamSpec.json().asClosed());

        assertRefused(
                Reason.CLOSED,
                () -> stream("a").append(say("no json").as("text/html").sequence("1")));
    }

    @Test
    void theEndIsReachedOnlyAtTheTailOfAClosedStream() {
        stream("a").create(StreamSpec.bytes().content(bytes("ab")));
        stream("a").append(bytes("cd"));

        assertThat(stream("a").read(0, ALL).atEnd()).isFalse();
        stream("a").close();
        StreamChunk part = stream("a").read(0, 1);
        StreamChunk rest = stream("a").read(part.next(), ALL);
        StreamChunk behind = stream("a").read(rest.next(), ALL);

        assertThat(text(part)).isEqualTo("ab");
        assertThat(List.of(part.upToDate(), part.atEnd())).containsOnly(false);
        assertThat(text(rest)).isEqualTo("cd");
        assertThat(List.of(rest.upToDate(), rest.atEnd(), behind.atEnd(), behind.isEmpty()))
                .containsOnly(true);
        assertThat(stream("a").read(DurableStream.NOW, ALL).atEnd()).isTrue();
    }

    @Test
    void aDeletedStreamIsGoneWithEverythingItHeld() {
        stream("a").create(StreamSpec.bytes().content(bytes("old")));

        stream("a").delete();

        assertRefused(Reason.NOT_FOUND, () -> stream("a").head());
        assertRefused(Reason.NOT_FOUND, () -> stream("a").read(0, ALL));
        assertRefused(Reason.NOT_FOUND, () -> stream("a").append(bytes("x")));
        assertRefused(Reason.NOT_FOUND, () -> stream("a").delete());
        sweep();
        assertNothingIsLeft();
    }

    @Test
    void aStreamMadeAgainIsAnotherOne() {
        long old = stream("a")
                .create(StreamSpec.bytes().content(bytes("old content")))
                .info()
                .id();
        stream("a").append(say("x").sequence("9"));
        stream("a").delete();

        StreamCreated made = stream("a").create(StreamSpec.json().content(bytes("[1]")));

        assertThat(made.created()).isTrue();
        assertThat(made.info().id()).isNotEqualTo(old);
        assertThat(made.info().tail()).isOne();
        assertThat(whole(stream("a"))).isEqualTo("[1]");
        assertThat(stream("a").append(say("2").sequence("1")).tail()).isEqualTo(2);
    }

    @Test
    void aLongStreamIsRemovedByTheSweep() {
        stream("a").create(StreamSpec.bytes());
        transaction(tx -> {
            IntStream.range(0, 1_000).forEach(i -> DurableStream.in(tx, "a").append(bytes("row " + i)));
            return true;
        });

        stream("a").delete();
        assertRefused(Reason.NOT_FOUND, () -> stream("a").head());
        stream("a").create(StreamSpec.bytes().content(bytes("new")));
        sweep();

        assertThat(whole(stream("a"))).isEqualTo("new");
        assertThat(rows("stream_data")).isOne();
        assertThat(rows("stream_garbage")).isZero();
    }

    @Test
    void streamsAreListedInTheOrderOfTheirNames() {
        List<String> names = List.of("a", "a/1", "a/10", "a/2", "b", "z", "é", "\uffee", "\ud83d\ude00");
        names.reversed().forEach(name -> stream(name).create(StreamSpec.bytes()));
        Streams streams = Streams.in(store.session());

        assertThat(streams.list("", "", 100)).extracting(StreamInfo::name).containsExactlyElementsOf(names);
        assertThat(streams.list("a/", "", 100)).extracting(StreamInfo::name).containsExactly("a/1", "a/10", "a/2");
        assertThat(streams.list("a/", "a/1", 1)).extracting(StreamInfo::name).containsExactly("a/10");
        assertThat(streams.list("", "b", 2)).extracting(StreamInfo::name).containsExactly("z", "é");
        assertThat(streams.list("none", "", 100)).isEmpty();
        assertThat(streams.list("a", "", 1)).containsExactly(stream("a").head());
    }

    @Test
    void aDeletedStreamIsNotListed() {
        stream("a").create(StreamSpec.bytes());
        stream("b").create(StreamSpec.bytes());

        stream("a").delete();

        assertThat(Streams.in(store.session()).list("", "", 10))
                .extracting(StreamInfo::name)
                .containsExactly("b");
    }

    private static StreamSpec expiring(String at) {
        return new StreamSpec(
                Optional.of(StreamSpec.OCTETS),
                OptionalLong.empty(),
                Optional.of(at),
                false,
                new byte[0],
                Optional.empty());
    }
}
