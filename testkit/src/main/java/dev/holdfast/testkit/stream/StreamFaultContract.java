package dev.holdfast.testkit.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Database;
import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.ProducerStamp;
import dev.holdfast.stream.StreamAppended;
import dev.holdfast.stream.StreamException;
import dev.holdfast.stream.StreamException.Reason;
import dev.holdfast.stream.StreamSpec;
import dev.holdfast.testkit.FaultyEngine;
import dev.holdfast.testkit.FaultyEngine.Moment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/**
 * Many callers whose statements and commits fail now and then while they share commits: what was acknowledged is stored
 * once, what was refused is not, and what the store remembers stays right. Section 18 of the Durable Streams protocol.
 */
public abstract class StreamFaultContract extends StreamSuite {
    private static final int ROUNDS = 5;
    private static final int CALLERS = 8;
    private static final int APPENDS = 30;

    private FaultyEngine engine;
    private Session faulty;
    private int round;

    /** The suite over the stores of one engine. */
    protected StreamFaultContract() {}

    @BeforeEach
    void make(RepetitionInfo repetition) {
        round = repetition.getCurrentRepetition();
        engine = new FaultyEngine(store.engine());
        faulty = new Database(engine, store.database().tables(), time).session("default");
        a().create(StreamSpec.bytes());
        b().create(StreamSpec.bytes());
    }

    @RepeatedTest(ROUNDS)
    void producersWhoSendAgainWhatFailedAreStoredOnce() {
        Crowd.run(CALLERS, caller -> {
            SplittableRandom random = random(caller);
            int seq = 0;
            while (seq < APPENDS) {
                try {
                    ProducerStamp stamp = new ProducerStamp("p" + caller, 0, seq);
                    StreamAppended done =
                            a().append(say(caller + ":" + seq + ";").by(stamp));
                    assertThat(done.producer()).contains(stamp);
                    seq++;
                } catch (EngineException e) {
                    failNext(e, random, random.nextBoolean() ? Moment.BEFORE : Moment.AFTER);
                }
            }
            return caller;
        });

        List<String> stored = assertSound("a");
        for (int caller = 0; caller < CALLERS; caller++) {
            int number = caller;
            assertThat(stored.stream().filter(one -> one.startsWith(number + ":")))
                    .containsExactlyElementsOf(IntStream.range(0, APPENDS)
                            .mapToObj(seq -> number + ":" + seq)
                            .toList());
        }
        assertThat(rows("stream_data")).isEqualTo(CALLERS * APPENDS + 1);
        assertThat(rows("stream_producers")).isEqualTo(CALLERS);
    }

    @RepeatedTest(ROUNDS)
    void anAppendThatFailedBeforeItsCommitIsNotStored() {
        a().append(say("first;").sequence("1"));
        List<List<String>> acknowledged = Crowd.run(CALLERS, caller -> {
            SplittableRandom random = random(caller);
            List<String> mine = new ArrayList<>();
            for (int i = 0; i < APPENDS; i++) {
                String content = caller + ":" + i;
                refuse(content, random);
                try {
                    a().append(bytes(content + ";"));
                    mine.add(content);
                } catch (EngineException e) {
                    failNext(e, random, Moment.BEFORE);
                }
            }
            return mine;
        });

        assertThat(assertSound("a"))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(Stream.of("first"), acknowledged.stream().flatMap(List::stream))
                                .toList());
        assertThat(rows("stream_producers")).isZero();
    }

    /** An append of a producer whose sequence is not greater, so that it leaves nothing in what is remembered. */
    private void refuse(String producer, SplittableRandom random) {
        try {
            a().append(say("refused;").sequence("0").by(new ProducerStamp(producer, 0, 0)));
            throw new AssertionError("a sequence that is not greater was taken");
        } catch (StreamException e) {
            assertThat(e.reason()).isEqualTo(Reason.SEQUENCE);
        } catch (EngineException e) {
            failNext(e, random, Moment.BEFORE);
        }
    }

    @RepeatedTest(ROUNDS)
    void transactionsOverTwoStreamsAreWholeAmongAppendsThatFail() {
        Crowd.run(CALLERS, caller -> {
            SplittableRandom random = random(caller);
            for (int i = 0; i < APPENDS; i++) {
                byte[] content = bytes(caller + ":" + i + ";");
                try {
                    if (caller % 2 == 0) {
                        appendToBoth(content, random.nextInt(4) == 0);
                    } else {
                        a().append(bytes("single;"));
                    }
                } catch (EngineException e) {
                    failNext(e, random, Moment.BEFORE);
                } catch (ThrownAway e) {
                    assertThat(e.getSuppressed()).isEmpty();
                }
            }
            return caller;
        });

        List<String> both = assertSound("b");
        assertThat(assertSound("a").stream().filter(one -> !one.equals("single")))
                .containsExactlyElementsOf(both);
        assertThat(both).doesNotHaveDuplicates();
    }

    private void appendToBoth(byte[] content, boolean thrownAway) {
        faulty.write(UnitKind.USER, tx -> {
            DurableStream.in(tx, "a").append(content);
            tx.nested(() -> DurableStream.in(tx, "b").append(content));
            try {
                tx.nested(() -> {
                    DurableStream.in(tx, "a").append(bytes("undone;"));
                    throw new ThrownAway();
                });
            } catch (ThrownAway e) {
                if (thrownAway) {
                    throw e;
                }
            }
            return content;
        });
    }

    /** What a stream holds is what its head says, for whoever remembers and for whoever does not; returns its parts. */
    private List<String> assertSound(String name) {
        DurableStream remembering = DurableStream.in(faulty, name);
        DurableStream fresh = DurableStream.in(
                new Database(store.engine(), store.database().tables(), time).session("default"), name);
        String whole = whole(fresh);
        assertThat(fresh.head().tail()).isEqualTo(whole.length());
        engine.failStatement(Integer.MAX_VALUE, Moment.BEFORE);
        assertThat(remembering.append(bytes("end;")).tail()).isEqualTo(whole.length() + 4);
        assertThat(whole(fresh)).isEqualTo(whole + "end;");
        return Arrays.stream(whole.split(";", -1))
                .filter(part -> !part.isEmpty())
                .toList();
    }

    /** After a failure of a caller: that it was asked for, and the next one. */
    private void failNext(EngineException failure, SplittableRandom random, Moment moment) {
        assertThat(failure.code()).isEqualTo("testkit.fault");
        if (random.nextBoolean()) {
            engine.failStatement(1 + random.nextInt(12), moment);
        } else {
            engine.failCommit(1 + random.nextInt(4), moment);
        }
    }

    private SplittableRandom random(int caller) {
        if (caller == 0) {
            engine.failStatement(round, Moment.BEFORE);
        }
        return new SplittableRandom(caller * 1_000L + round);
    }

    private DurableStream a() {
        return DurableStream.in(faulty, "a");
    }

    private DurableStream b() {
        return DurableStream.in(faulty, "b");
    }

    /** Ends a transaction without its effect. */
    private static final class ThrownAway extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
