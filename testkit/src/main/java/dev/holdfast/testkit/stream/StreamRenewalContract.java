package dev.holdfast.testkit.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.engine.Examination;
import dev.holdfast.engine.Finding;
import dev.holdfast.engine.Session;
import dev.holdfast.json.Json;
import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.EventLog;
import dev.holdfast.stream.StreamChunk;
import dev.holdfast.stream.StreamDoctor;
import dev.holdfast.stream.StreamEvent;
import dev.holdfast.stream.StreamException.Reason;
import dev.holdfast.stream.StreamFollower;
import dev.holdfast.stream.StreamFork;
import dev.holdfast.stream.StreamInfo;
import dev.holdfast.stream.StreamOffset;
import dev.holdfast.stream.StreamRetention;
import dev.holdfast.stream.StreamRoom;
import dev.holdfast.stream.StreamSpec;
import dev.holdfast.stream.StreamTransfer;
import dev.holdfast.testkit.RandomProgram;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Streams of a store that was put back to an earlier state: no offset that was handed out before is given to other
 * content. Section 18 of the Durable Streams protocol.
 */
public abstract class StreamRenewalContract extends StreamSuite {
    /** The first offset of the second generation. */
    private static final long SECOND = StreamOffset.UNITS_MAX + 1;

    private static final Duration SOON = Duration.ofSeconds(20);

    /** The suite over the stores of one engine. */
    protected StreamRenewalContract() {}

    @Test
    void aStreamGoesOnBehindEveryOffsetThatWasHandedOut() {
        DurableStream stream = made("a", "[1,2,3]");

        renew();

        assertThat(stream.head().tail()).isEqualTo(SECOND + 3);
        assertThat(stream.append(bytes("4")).tail()).isEqualTo(SECOND + 4);
        assertThat(whole(stream)).isEqualTo("[1,2,3,4]");
        assertThat(stream.head().first()).isZero();
    }

    @Test
    void whoeverAsksForWhatFollowsALostOffsetIsGivenWhatCameInItsPlace() {
        DurableStream stream = made("a", "[1,2,3]");
        renew();
        long lost = 77;

        StreamChunk before = stream.read(lost, ALL);
        stream.append(bytes("[4,5]"));
        StreamChunk after = stream.read(lost, ALL);

        assertThat(List.of(before.isEmpty(), before.upToDate())).containsOnly(true);
        assertThat(before.next()).isEqualTo(SECOND + 3);
        assertThat(text(after)).isEqualTo("[4,5]");
        assertThat(after.start()).isEqualTo(SECOND + 3);
        assertThat(text(stream.read(before.next(), ALL))).isEqualTo("[4,5]");
    }

    @Test
    void theOldOffsetsStayWhatTheyWere() {
        DurableStream stream = made("a", "[1,2]");
        stream.append(bytes("3"));
        renew();

        StreamChunk idle = stream.read(1, ALL);
        stream.append(bytes("4"));
        StreamChunk old = stream.read(1, ALL);
        StreamChunk end = stream.read(3, ALL);

        assertThat(text(idle)).isEqualTo("[2,3]");
        assertThat(idle.upToDate()).isTrue();
        assertThat(text(old)).isEqualTo("[2,3]");
        assertThat(List.of(old.start(), old.next())).containsExactly(1L, 3L);
        assertThat(old.upToDate()).isFalse();
        assertThat(text(end)).isEqualTo("[4]");
        assertThat(List.of(end.start(), end.next())).containsExactly(SECOND + 3, SECOND + 4);
    }

    @Test
    void whatIsMadeAfterwardsBeginsInTheNextGeneration() {
        renew();

        DurableStream empty = made("empty", "[]");
        DurableStream full = made(
                "full", "[{\"type\":\"t\",\"key\":\"k\",\"value\":1,\"headers\":{\"operation\":" + "\"insert\"}}]");

        assertThat(empty.head().tail()).isEqualTo(SECOND);
        assertThat(empty.read(0, ALL).next()).isEqualTo(SECOND);
        assertThat(full.head().tail()).isEqualTo(SECOND + 1);
        assertThat(text(full.read(0, ALL))).contains("\"offset\":\"0000000000000001_0000000000000001\"");
        assertThat(empty.create(StreamSpec.json()).created()).isFalse();
    }

    @Test
    void aClosedStreamStaysAsItIs() {
        DurableStream stream = made("a", "[1]");
        stream.close();

        renew();

        assertThat(stream.head().tail()).isEqualTo(1);
        assertThat(stream.read(1, ALL).atEnd()).isTrue();
        assertRefused(Reason.CLOSED, () -> stream.append(bytes("2")));
    }

    @Test
    void forksOfTheOldPartAppendInTheNextGeneration() {
        DurableStream source = made("a", "[1,2]");
        source.append(bytes("3"));
        renew();
        source.append(bytes("[4,5]"));

        DurableStream old = fork("old", 2);
        DurableStream lost = fork("lost", SECOND + 4);
        DurableStream sub = stream("sub");
        sub.create(StreamSpec.of(new StreamFork("a", OptionalLong.of(3), 1)));
        old.append(bytes("\"f\""));

        assertThat(old.head().tail()).isEqualTo(SECOND + 3);
        assertThat(whole(old)).isEqualTo("[1,2,\"f\"]");
        assertThat(whole(lost)).isEqualTo("[1,2,3,4]");
        assertThat(whole(sub)).isEqualTo("[1,2,3,4]");
        assertSound();
    }

    @Test
    void unitsAreKeptAcrossGenerations() {
        DurableStream stream = stream("a");
        stream.create(StreamSpec.bytes());
        for (String letter : "abcdefgh".split("")) {
            stream.append(bytes(letter));
        }
        renew();
        stream.append(bytes("i"));
        stream.append(bytes("j"));
        stream.retain(StreamRetention.all().units(4));

        sweep();
        assertThat(whole(stream)).isEqualTo("ghij");
        renew();
        renew();
        stream.append(bytes("k"));
        sweep();
        assertThat(whole(stream)).isEqualTo("hijk");
        stream.append(bytes("lmnop"));
        sweep();

        assertThat(whole(stream)).isEqualTo("mnop");
        assertSound();
    }

    @Test
    void followersAreGivenWhatIsAppendedNext() {
        DurableStream stream = made("a", "[1,2]");
        try (StreamFollower behind = stream.follow(1, () -> {});
                StreamFollower current = stream.follow(DurableStream.NOW, () -> {})) {
            renew();
            assertThat(current.poll(ALL).isEmpty()).isTrue();
            stream.append(bytes("3"));

            assertThat(text(behind.poll(ALL))).isEqualTo("[2]");
            await().atMost(SOON).untilAsserted(() -> {
                assertThat(text(behind.poll(ALL))).isEqualTo("[3]");
            });
            await().atMost(SOON).untilAsserted(() -> {
                assertThat(text(current.poll(ALL))).isEqualTo("[3]");
            });
            assertThat(List.of(behind.offset(), current.offset())).containsOnly(SECOND + 3);
        }
    }

    @Test
    void eventsAreReadOnAcrossTheGap() {
        EventLog events = EventLog.in(store.session());
        events.append("e", "first", 1);
        renew();
        long second = events.append("e", "second", 2);

        assertThat(second).isEqualTo(SECOND + 2);
        assertThat(events.read("e", 0, 10)).extracting(StreamEvent::id).containsExactly(1L, second);
        assertThat(events.read("e", 1, 10)).extracting(StreamEvent::id).containsExactly(second);
        assertThat(events.read("e", second, 10)).isEmpty();
    }

    @Test
    void anExportCarriesTheGenerations() {
        DurableStream stream = made("a", "[1,2]");
        renew();
        stream.append(bytes("[3,4]"));
        renew();
        made("b", "[1]");
        StreamInfo before = stream.head();
        List<JsonNode> lines = new ArrayList<>();
        StreamTransfer.export(store.session(), line -> lines.add(Json.parse(line.toString())));

        Session other = store.database().session("other");
        StreamTransfer transfer = new StreamTransfer(other);
        lines.forEach(transfer::check);
        lines.forEach(transfer::load);
        transfer.finish();
        DurableStream copy = DurableStream.in(other, "a");

        assertThat(copy.head().tail()).isEqualTo(before.tail()).isEqualTo(2 * SECOND + 4);
        assertThat(text(copy.read(2, ALL))).isEqualTo("[3,4]");
        assertThat(copy.read(2, ALL).start()).isEqualTo(SECOND + 2);
        assertThat(whole(copy)).isEqualTo("[1,2,3,4]");
        assertThat(DurableStream.in(other, "b").head().tail()).isEqualTo(2 * SECOND + 1);
    }

    @Test
    void randomStreamsKeepEveryUnitInEveryOrderOfRenewals() {
        RandomProgram program = RandomProgram.seeded();
        DurableStream stream = made("a", "[]");
        List<String> all = new ArrayList<>();
        List<Long> tails = new ArrayList<>(List.of(0L));
        for (int i = 0; i < 150; i++) {
            if (program.chance(20)) {
                renew();
                continue;
            }
            int first = all.size();
            IntStream.rangeClosed(0, program.random().nextInt(4)).forEach(more -> all.add("" + (first + more)));
            long tail = stream.append(bytes(all.subList(first, all.size()).toString()))
                    .tail();
            assertThat(tail).as("seed %d", program.seed()).isGreaterThan(tails.getLast());
            assertThat(StreamOffset.units(tail)).as("seed %d", program.seed()).isEqualTo(all.size());
            tails.add(tail);
            long known = program.oneOf(tails);
            assertThat(from(stream, known))
                    .as("seed %d, offset %d", program.seed(), known)
                    .isEqualTo("[" + String.join(",", all.subList((int) StreamOffset.units(known), all.size())) + "]");
        }
        assertThat(whole(stream)).as("seed %d", program.seed()).isEqualTo("[" + String.join(",", all) + "]");
        assertSound();
    }

    private void assertSound() {
        List<Finding> findings = new ArrayList<>();
        store.session().read(tx -> {
            StreamDoctor.examine(Examination.of(tx, StreamRoom.NAME, findings::add));
            return tx;
        });
        assertThat(findings).isEmpty();
    }

    private DurableStream made(String name, String messages) {
        stream(name).create(StreamSpec.json().content(bytes(messages)));
        return stream(name);
    }

    private DurableStream fork(String name, long at) {
        stream(name).create(StreamSpec.of(new StreamFork("a", OptionalLong.of(at), 0)));
        return stream(name);
    }

    @Test
    void aForkOfUnitsBehindTheBorderIsConfirmed() {
        made("a", "[1,2]");
        renew();
        stream("a").append(bytes("[3,4]"));
        StreamSpec fork = StreamSpec.of(new StreamFork("a", OptionalLong.of(2), 1));

        assertThat(stream("f").create(fork).created()).isTrue();
        assertThat(stream("f").create(fork).created()).isFalse();
        assertThat(whole(stream("f"))).isEqualTo("[1,2,3]");
    }

    private void renew() {
        store.database().renew(0);
    }
}
