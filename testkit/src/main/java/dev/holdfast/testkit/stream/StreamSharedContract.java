package dev.holdfast.testkit.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.holdfast.engine.UnitKind;
import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.ProducerStamp;
import dev.holdfast.stream.StreamAppend;
import dev.holdfast.stream.StreamChunk;
import dev.holdfast.stream.StreamException;
import dev.holdfast.stream.StreamException.Reason;
import dev.holdfast.stream.StreamFollower;
import dev.holdfast.stream.StreamFork;
import dev.holdfast.stream.StreamRetention;
import dev.holdfast.stream.StreamRoom;
import dev.holdfast.stream.StreamSpec;
import dev.holdfast.testkit.Contract;
import dev.holdfast.testkit.Store;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What streams promise while two processes use one database. For stores that several may open. */
public abstract class StreamSharedContract extends Contract {
    private static final int CALLERS = 8;
    private static final Duration SOON = Duration.ofSeconds(20);

    private Store store;
    private Store second;

    /** The suite over the stores of one engine, which must hold the tables of {@link StreamSuite#rooms()}. */
    protected StreamSharedContract() {}

    @BeforeEach
    void open() {
        store = stores().fresh();
        second = store.second();
        here().create(StreamSpec.json());
    }

    @Test
    void whatOneProcessAppendedTheOtherReads() {
        there().append(StreamSuite.bytes("[1,2]"));
        here().append(StreamSuite.bytes("3"));

        assertThat(StreamSuite.whole(here())).isEqualTo("[1,2,3]");
        assertThat(StreamSuite.whole(there())).isEqualTo("[1,2,3]");
        there().close();
        StreamSuite.assertRefused(Reason.CLOSED, () -> here().append(StreamSuite.bytes("4")));
    }

    @Test
    void whatOneProcessRemembersGivesWayToWhatTheOtherDid() {
        for (int seq = 0; seq < 20; seq++) {
            ProducerStamp stamp = new ProducerStamp("p", 0, seq);
            StreamAppend append = StreamSuite.say("1").by(stamp).sequence("%03d".formatted(seq));
            DurableStream first = at(seq);
            DurableStream other = at(seq + 1);
            assertThat(first.append(append).tail()).isEqualTo(seq + 1);
            assertThat(other.append(append).repeated()).isTrue();
            StreamSuite.assertRefused(
                    Reason.SEQUENCE, () -> other.append(StreamSuite.say("1").sequence("000")));
        }
        here().append(StreamSuite.bytes("1"));
        there().close();
        StreamSuite.assertRefused(Reason.CLOSED, () -> here().append(StreamSuite.bytes("1")));
        there().delete();
        StreamSuite.assertRefused(Reason.NOT_FOUND, () -> here().append(StreamSuite.bytes("1")));
        there().create(StreamSpec.json());
        assertThat(here().append(StreamSuite.say("7").by(new ProducerStamp("p", 0, 0)))
                        .tail())
                .isOne();
        assertThat(StreamSuite.whole(there())).isEqualTo("[7]");
    }

    @Test
    void aFollowerIsToldThatAnotherProcessTrimmedWhatItHasNotSeen() {
        here().append(StreamSuite.bytes("[1,2]"));
        Semaphore hints = new Semaphore(0);
        try (StreamFollower follower = here().follow(DurableStream.NOW, hints::release)) {
            second.session().write(UnitKind.USER, tx -> {
                DurableStream.in(tx, "a").append(StreamSuite.bytes("[3,4,5]"));
                return DurableStream.in(tx, "a").trim(4);
            });

            await().atMost(SOON)
                    .until(() -> hints.tryAcquire(1, TimeUnit.SECONDS)
                            && catchThrowable(() -> follower.poll(1)) instanceof StreamException gone
                            && gone.reason() == Reason.TRIMMED);
        }
        assertThat(here().head().first()).isEqualTo(4);
        assertThat(StreamSuite.whole(here())).isEqualTo("[5]");
    }

    @Test
    void aSnapshotThatOneProcessHasMadeTheOtherDoesNotMakeAgain() {
        here().retain(StreamRetention.all().compactUnits(1));
        here().append(StreamSuite.bytes(
                "{\"type\":\"t\",\"key\":\"k\",\"value\":1,\"headers\":{\"operation\":\"insert\"}}"));

        List<Store> both = List.of(store, second);
        Crowd.run(2, i -> StreamRoom.of(both.get(i).database()).sweep("default"));

        assertThat(here().head().tail()).isEqualTo(4);
    }

    @Test
    void whatWasAcknowledgedIsThereAfterReopening() {
        ProducerStamp stamp = new ProducerStamp("p", 3, 0);
        here().append(StreamSuite.say("[1,2]").by(stamp).sequence("5"));
        long id = here().head().id();
        second.close();

        store.reopen();

        assertThat(here().head().id()).isEqualTo(id);
        assertThat(StreamSuite.whole(here())).isEqualTo("[1,2]");
        assertThat(here().append(StreamSuite.say("9").by(stamp)).repeated()).isTrue();
        StreamSuite.assertRefused(
                Reason.SEQUENCE, () -> here().append(StreamSuite.say("9").sequence("5")));
        assertThat(here().append(StreamSuite.say("3")
                                .by(new ProducerStamp("p", 3, 1))
                                .andClose())
                        .tail())
                .isEqualTo(3);
        store.reopen();
        assertThat(here().append(StreamAppend.closing().by(new ProducerStamp("p", 3, 1)))
                        .repeated())
                .isTrue();
        StreamSuite.assertRefused(Reason.CLOSED, () -> here().append(StreamSuite.bytes("4")));
        DurableStream.in(store.session(), "b").create(StreamSpec.json());
        assertThat(DurableStream.in(store.session(), "b").head().id()).isNotEqualTo(id);
    }

    @Test
    void aFollowerIsWokenByTheAppendsOfAnotherProcess() {
        try (Followed followed = new Followed(here(), 0)) {
            IntStream.range(0, 20).forEach(i -> {
                there().append(StreamSuite.bytes(Integer.toString(i)));
                assertThat(followed.take(i + 1)).hasSize(i + 1).endsWith(Integer.toString(i));
            });
        }
    }

    @Test
    void aFollowerIsHandedTheLastContentOfAnotherProcessBeforeTheEnd() {
        try (Followed followed = new Followed(here(), 0)) {
            there().append(StreamSuite.say("[1,2]").andClose());

            assertThat(followed.takeAll()).containsExactly("1", "2");
        }
    }

    @Test
    void aFollowerIsWokenByTheClosingOfAnotherProcess() {
        here().append(StreamSuite.bytes("1"));
        try (Followed followed = new Followed(here(), 0)) {
            assertThat(followed.take(1)).containsExactly("1");
            there().close();

            assertThat(followed.takeAll()).containsExactly("1");
        }
    }

    @Test
    void aFollowerIsWokenByTheDeletionOfAnotherProcess() {
        try (Followed followed = new Followed(here(), 0)) {
            there().delete();
            there().create(StreamSpec.json().content(StreamSuite.bytes("[7]")));

            await().atMost(SOON).untilAsserted(() -> StreamSuite.assertRefused(Reason.NOT_FOUND, followed::poll));
            assertThat(followed.offset()).isZero();
        }
    }

    @Test
    void whoWaitsIsWokenByAnotherProcess() {
        List<String> read = Crowd.run(2, caller -> {
            if (caller == 0) {
                StreamChunk chunk = here().await(0, StreamSuite.ALL, SOON);
                return StreamSuite.text(chunk);
            }
            there().append(StreamSuite.bytes("[1,2]"));
            return "";
        });

        assertThat(read.getFirst()).isEqualTo("[1,2]");
    }

    @Test
    void followersOfBothProcessesAreHandedTheSameWhileBothAppend() {
        int appends = 40;
        List<List<String>> seen = Crowd.run(CALLERS + 4, caller -> {
            if (caller < CALLERS) {
                IntStream.range(0, appends)
                        .forEach(i -> at(caller)
                                .append(StreamSuite.bytes(i % 3 == 0 ? "[" + text(caller, i) + "]" : text(caller, i))));
                return List.of();
            }
            try (Followed followed = new Followed(at(caller), 0)) {
                return followed.take(CALLERS * appends);
            }
        });

        List<List<String>> followers = seen.subList(CALLERS, seen.size());
        assertThat(followers.getFirst()).hasSize(CALLERS * appends).doesNotHaveDuplicates();
        assertThat(followers).containsOnly(followers.getFirst());
        for (int caller = 0; caller < CALLERS; caller++) {
            int number = caller;
            assertThat(followers.getFirst().stream().filter(text -> text.startsWith("\"" + number + ":")))
                    .containsExactlyElementsOf(IntStream.range(0, appends)
                            .mapToObj(i -> text(number, i))
                            .toList());
        }
    }

    @Test
    void anAppendThatBothProcessesSendIsStoredOnce() {
        int appends = 30;
        List<Integer> taken = Crowd.run(CALLERS, caller -> (int) IntStream.range(0, appends)
                .filter(seq -> !sendUntilTaken(at(caller), seq))
                .count());

        assertThat(taken.stream().mapToInt(Integer::intValue).sum()).isEqualTo(appends);
        assertThat(StreamSuite.whole(here()))
                .isEqualTo(
                        IntStream.range(0, appends).boxed().toList().toString().replace(" ", ""));
    }

    @Test
    void ofManyWhoMakeOneStreamOneHasMadeIt() {
        for (int round = 0; round < 10; round++) {
            String name = "made " + round;
            List<Boolean> made = Crowd.run(
                    CALLERS,
                    caller -> DurableStream.in(store(caller).session(), name)
                            .create(StreamSpec.json().content(StreamSuite.bytes("[1,2]")))
                            .created());

            assertThat(made).containsOnlyOnce(true);
            assertThat(StreamSuite.whole(DurableStream.in(store.session(), name)))
                    .isEqualTo("[1,2]");
        }
    }

    @Test
    void forksMadeAndDeletedByBothProcessesCountRight() {
        Crowd.run(CALLERS, caller -> {
            DurableStream fork = DurableStream.in(store(caller).session(), "fork " + caller);
            for (int i = 0; i < 10; i++) {
                fork.create(StreamSpec.of(StreamFork.of("a")));
                at(caller).append(StreamSuite.bytes("1"));
                fork.delete();
            }
            return caller;
        });

        there().delete();
        StreamSuite.assertRefused(Reason.NOT_FOUND, () -> here().head());
    }

    private DurableStream here() {
        return DurableStream.in(store.session(), "a");
    }

    private DurableStream there() {
        return DurableStream.in(second.session(), "a");
    }

    private Store store(int caller) {
        return caller % 2 == 0 ? store : second;
    }

    private DurableStream at(int caller) {
        return DurableStream.in(store(caller).session(), "a");
    }

    private static String text(int caller, int i) {
        return "\"" + caller + ":" + i + "\"";
    }

    /** Whether it was a repeat. */
    private static boolean sendUntilTaken(DurableStream stream, int seq) {
        while (true) {
            try {
                return stream.append(StreamSuite.say(Integer.toString(seq)).by(new ProducerStamp("p", 0, seq)))
                        .repeated();
            } catch (StreamException e) {
                assertThat(e.reason()).isEqualTo(Reason.GAP);
                assertThat(Thread.currentThread().isInterrupted()).isFalse();
            }
        }
    }
}
