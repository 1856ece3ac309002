package dev.holdfast.testkit.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.ProducerStamp;
import dev.holdfast.stream.StreamAppend;
import dev.holdfast.stream.StreamAppended;
import dev.holdfast.stream.StreamException;
import dev.holdfast.stream.StreamException.Reason;
import dev.holdfast.stream.StreamFork;
import dev.holdfast.stream.StreamLimits;
import dev.holdfast.stream.StreamSpec;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Producers whose appends are stored once. Sections 5 and 6 of the Durable Streams protocol. */
public abstract class StreamProducerContract extends StreamSuite {
    private static final int CALLERS = 16;

    /** The suite over the stores of one engine. */
    protected StreamProducerContract() {}

    @BeforeEach
    void make() {
        stream("a").create(StreamSpec.bytes());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 7, ProducerStamp.NUMBER_MAX})
    void anUnknownProducerBeginsWithZeroInAnyEpoch(long epoch) {
        StreamAppended first = send("p", epoch, 0, "x");

        assertThat(first.tail()).isOne();
        assertThat(first.repeated()).isFalse();
        assertThat(first.producer()).contains(new ProducerStamp("p", epoch, 0));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, ProducerStamp.NUMBER_MAX})
    void anUnknownProducerCannotBeginLater(long seq) {
        StreamException gap = assertRefused(Reason.GAP, () -> send("p", 0, seq, "x"));

        assertThat(gap.expected()).hasValue(0);
        assertThat(rows("stream_producers") + rows("stream_data")).isZero();
    }

    @Test
    void eachAppendFollowsTheLastOne() {
        for (int seq = 0; seq < 20; seq++) {
            StreamAppended appended = send("p", 3, seq, "x");

            assertThat(appended.tail()).isEqualTo(seq + 1);
            assertThat(appended.producer()).contains(new ProducerStamp("p", 3, seq));
        }
        assertThat(rows("stream_producers")).isOne();
    }

    @Test
    void aRepeatIsStoredOnceWhateverItHolds() {
        IntStream.range(0, 4).forEach(seq -> send("p", 0, seq, Integer.toString(seq)));

        for (int seq = 0; seq < 4; seq++) {
            StreamAppended repeat = send("p", 0, seq, "another content");

            assertThat(repeat.repeated()).isTrue();
            assertThat(repeat.tail()).isEqualTo(4);
            assertThat(repeat.closed()).isFalse();
            assertThat(repeat.producer()).contains(new ProducerStamp("p", 0, 3));
        }
        assertThat(whole(stream("a"))).isEqualTo("0123");
    }

    @Test
    void aRepeatIsRecognisedBeforeItsContentOrSequenceIsLookedAt() {
        stream("j").create(StreamSpec.json());
        ProducerStamp first = new ProducerStamp("p", 0, 0);
        stream("j").append(say("1").by(first).sequence("5"));

        assertThat(stream("j").append(say("{").by(first)).repeated()).isTrue();
        assertThat(stream("j").append(say("[]").by(first)).repeated()).isTrue();
        assertThat(stream("j").append(say("1").by(first).sequence("5")).repeated())
                .isTrue();
        assertThat(stream("j").append(say("1").by(first).sequence("1")).repeated())
                .isTrue();
        assertThat(whole(stream("j"))).isEqualTo("[1]");
    }

    @Test
    void aRepeatThatClosesClosesNothing() {
        send("p", 0, 0, "x");

        StreamAppended repeat =
                stream("a").append(say("x").by(new ProducerStamp("p", 0, 0)).andClose());

        assertThat(repeat.repeated()).isTrue();
        assertThat(repeat.closed()).isFalse();
        assertThat(stream("a").head().closed()).isFalse();
    }

    @Test
    void aGapIsRefusedAndSaysWhatComesNext() {
        send("p", 2, 0, "x");
        send("p", 2, 1, "y");

        assertThat(assertRefused(Reason.GAP, () -> send("p", 2, 3, "z")).expected())
                .hasValue(2);
        assertThat(assertRefused(Reason.GAP, () -> send("p", 2, 99, "z")).expected())
                .hasValue(2);
        assertThat(send("p", 2, 2, "z").tail()).isEqualTo(3);
    }

    @Test
    void aHigherEpochFencesTheLowerOnes() {
        send("p", 1, 0, "a");
        send("p", 1, 1, "b");

        assertThat(send("p", 5, 0, "c").tail()).isEqualTo(3);

        StreamException stale = assertRefused(Reason.STALE_EPOCH, () -> send("p", 1, 2, "x"));
        assertThat(stale.epoch()).hasValue(5);
        assertRefused(Reason.STALE_EPOCH, () -> send("p", 1, 1, "b"));
        assertRefused(Reason.STALE_EPOCH, () -> send("p", 4, 0, "x"));
        assertThat(send("p", 5, 0, "c").repeated()).isTrue();
        assertThat(send("p", 5, 1, "d").tail()).isEqualTo(4);
        assertThat(whole(stream("a"))).isEqualTo("abcd");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 100})
    void aNewEpochBeginsWithZero(long seq) {
        send("p", 1, 0, "a");
        send("p", 1, 1, "b");

        assertInvalid("stream.new_epoch", () -> send("p", 2, seq, "x"));
        assertThat(send("p", 1, 2, "c").tail()).isEqualTo(3);
    }

    @Test
    void aRefusedAppendDoesNotMoveTheProducer() {
        stream("j").create(StreamSpec.json());
        ProducerStamp first = new ProducerStamp("p", 0, 0);
        stream("j").append(say("0").sequence("5"));

        assertRefused(
                Reason.SEQUENCE, () -> stream("j").append(say("1").by(first).sequence("4")));
        assertInvalid("json.malformed", () -> stream("j").append(say("{").by(first)));
        assertInvalid("stream.empty", () -> stream("j").append(say("[]").by(first)));
        assertRefused(
                Reason.CONTENT_TYPE,
                () -> stream("j").append(say("1").as("text/a").by(first)));
        assertThat(rows("stream_producers")).isZero();
        StreamAppended taken = stream("j").append(say("1").by(first));
        assertRefused(
                Reason.SEQUENCE,
                () -> stream("j")
                        .append(say("2").by(new ProducerStamp("p", 0, 1)).sequence("4")));

        assertThat(taken.repeated()).isFalse();
        assertThat(stream("j").append(say("2").by(new ProducerStamp("p", 0, 1))).tail())
                .isEqualTo(3);
    }

    @Test
    void oneNumberStandsForAllMessagesOfAnAppend() {
        stream("j").create(StreamSpec.json());

        stream("j").append(say("[1,2,3]").by(new ProducerStamp("p", 0, 0)));
        StreamAppended next = stream("j").append(say("[4]").by(new ProducerStamp("p", 0, 1)));

        assertThat(next.tail()).isEqualTo(4);
    }

    @Test
    void producersKnowNothingOfEachOther() {
        stream("b").create(StreamSpec.bytes());
        send("p", 5, 0, "1");
        send("p", 5, 1, "2");

        assertThat(send("q", 0, 0, "3").tail()).isEqualTo(3);
        assertThat(stream("b").append(say("x").by(new ProducerStamp("p", 0, 0))).tail())
                .isOne();
        assertThat(stream("a").append(bytes("4")).producer()).isEmpty();
        assertThat(send("p", 5, 2, "5").tail()).isEqualTo(5);
        assertThat(rows("stream_producers")).isEqualTo(3);
    }

    @Test
    void aStreamMadeAgainAndAForkKnowNoProducers() {
        send("p", 5, 0, "1");
        send("p", 5, 1, "2");

        stream("fork").create(StreamSpec.of(StreamFork.of("a")));
        assertThat(stream("fork")
                        .append(say("x").by(new ProducerStamp("p", 0, 0)))
                        .repeated())
                .isFalse();
        stream("fork").delete();
        stream("a").delete();
        stream("a").create(StreamSpec.bytes());

        assertThat(send("p", 0, 0, "new").repeated()).isFalse();
        assertThat(whole(stream("a"))).isEqualTo("new");
    }

    @Test
    void closingUsesUpANumber() {
        send("p", 0, 0, "x");
        assertRefused(Reason.GAP, () -> close("p", 0, 2));
        assertThat(close("p", 0, 0).repeated()).isTrue();
        assertThat(stream("a").head().closed()).isFalse();

        StreamAppended closed = close("p", 0, 1);

        assertThat(closed.closed()).isTrue();
        assertThat(closed.repeated()).isFalse();
        assertThat(closed.tail()).isOne();
        assertThat(closed.producer()).contains(new ProducerStamp("p", 0, 1));
    }

    @Test
    void whatClosedAStreamMayBeSentAgainAndNothingElse() {
        ProducerStamp last = new ProducerStamp("p", 2, 1);
        send("p", 2, 0, "x");
        stream("a").append(say("end").by(last).andClose());

        for (StreamAppend again : List.of(
                say("end").by(last).andClose(),
                say("other").by(last).andClose(),
                StreamAppend.closing().by(last))) {
            StreamAppended repeat = stream("a").append(again);
            assertThat(List.of(repeat.repeated(), repeat.closed())).containsOnly(true);
            assertThat(repeat.tail()).isEqualTo(4);
        }
        assertThat(assertRefused(Reason.CLOSED, () -> send("p", 2, 2, "x")).tail())
                .hasValue(4);
        assertRefused(Reason.CLOSED, () -> close("p", 2, 2));
        assertRefused(Reason.CLOSED, () -> close("p", 3, 0));
        assertRefused(Reason.CLOSED, () -> close("q", 0, 0));
        assertThat(whole(stream("a"))).isEqualTo("xend");
        assertThat(stream("a").close().closed()).isTrue();
    }

    @Test
    void aStreamThatNoProducerClosedTakesNoneAfterwards() {
        send("p", 0, 0, "x");
        stream("a").close();

        assertRefused(Reason.CLOSED, () -> close("p", 0, 0));
        assertRefused(Reason.CLOSED, () -> close("p", 0, 1));
        assertRefused(Reason.CLOSED, () -> send("p", 0, 1, "y"));
    }

    @Test
    void whatNoProducerCanSendIsRefused() {
        assertInvalid("stream.producer", () -> new ProducerStamp("", 0, 0));
        assertInvalid(
                "stream.producer", () -> new ProducerStamp("p".repeat(StreamLimits.PRODUCER_BYTES_MAX + 1), 0, 0));
        assertInvalid("stream.producer", () -> new ProducerStamp("p", -1, 0));
        assertInvalid("stream.producer", () -> new ProducerStamp("p", 0, -1));
        assertInvalid("stream.producer", () -> new ProducerStamp("p", ProducerStamp.NUMBER_MAX + 1, 0));
        assertInvalid("stream.producer", () -> new ProducerStamp("p", 0, ProducerStamp.NUMBER_MAX + 1));
    }

    @Test
    void appendsThatManySendAtOnceAreStoredOnce() {
        int appends = 25;

        List<Integer> taken = Crowd.run(CALLERS, caller -> (int) IntStream.range(0, appends)
                .filter(seq -> !sendUntilTaken("p", seq).repeated())
                .count());

        assertThat(taken.stream().mapToInt(Integer::intValue).sum()).isEqualTo(appends);
        assertThat(whole(stream("a")).split(";"))
                .containsExactlyElementsOf(
                        IntStream.range(0, appends).mapToObj(Integer::toString).toList());
    }

    @Test
    void appendsInFlightAtOnceAreStoredInTheirOrder() {
        int appends = 8 * CALLERS;

        Crowd.run(CALLERS, caller -> {
            for (int seq = caller; seq < appends; seq += CALLERS) {
                assertThat(sendUntilTaken("p", seq).repeated()).isFalse();
            }
            return caller;
        });

        assertThat(Arrays.stream(whole(stream("a")).split(";")).map(Integer::valueOf))
                .containsExactlyElementsOf(IntStream.range(0, appends).boxed().toList());
    }

    @Test
    void ofManyEpochsAtOnceTheLastOneStands() {
        List<Boolean> taken = Crowd.run(CALLERS, caller -> {
            try {
                return !send("p", caller, 0, caller + ";").repeated();
            } catch (StreamException e) {
                assertThat(e.reason()).isEqualTo(Reason.STALE_EPOCH);
                return false;
            }
        });

        List<Integer> stored = Arrays.stream(whole(stream("a")).split(";"))
                .map(Integer::valueOf)
                .toList();
        assertThat(stored).isSorted().doesNotHaveDuplicates().endsWith(CALLERS - 1);
        assertThat(taken.stream().filter(one -> one).count()).isEqualTo(stored.size());
    }

    @Test
    void ofManyWithOneSequenceOneIsTaken() {
        List<Boolean> taken = Crowd.run(CALLERS, caller -> {
            try {
                stream("a").append(say("x").sequence("7"));
                return true;
            } catch (StreamException e) {
                assertThat(e.reason()).isEqualTo(Reason.SEQUENCE);
                return false;
            }
        });

        assertThat(taken).containsOnlyOnce(true);
        assertThat(whole(stream("a"))).isEqualTo("x");
    }

    private StreamAppended send(String id, long epoch, long seq, String content) {
        return stream("a").append(say(content).by(new ProducerStamp(id, epoch, seq)));
    }

    private StreamAppended close(String id, long epoch, long seq) {
        return stream("a").append(StreamAppend.closing().by(new ProducerStamp(id, epoch, seq)));
    }

    /** Sends an append as clients do who have several in flight: again, as long as an earlier one is missing. */
    private StreamAppended sendUntilTaken(String id, int seq) {
        DurableStream stream = stream("a");
        while (true) {
            try {
                return stream.append(say(seq + ";").by(new ProducerStamp(id, 0, seq)));
            } catch (StreamException e) {
                assertThat(e.reason()).isEqualTo(Reason.GAP);
                assertThat(Thread.currentThread().isInterrupted()).isFalse();
            }
        }
    }
}
