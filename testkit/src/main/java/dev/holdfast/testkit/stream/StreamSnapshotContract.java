package dev.holdfast.testkit.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.json.Json;
import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.StreamException.Reason;
import dev.holdfast.stream.StreamFollower;
import dev.holdfast.stream.StreamFork;
import dev.holdfast.stream.StreamInfo;
import dev.holdfast.stream.StreamLimits;
import dev.holdfast.stream.StreamOffset;
import dev.holdfast.stream.StreamRetention;
import dev.holdfast.stream.StreamSnapshot;
import dev.holdfast.stream.StreamSpec;
import dev.holdfast.testkit.RandomProgram;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Snapshots of streams of state events. Source: State Protocol 1.0, change and control events. */
public abstract class StreamSnapshotContract extends StreamSuite {
    private static final Duration GRACE = Duration.ofMinutes(10);

    private DurableStream stream;

    /** The suite over the stores of one engine. */
    protected StreamSnapshotContract() {}

    @BeforeEach
    void make() {
        stream = stream("state");
        stream.create(StreamSpec.json());
    }

    @Test
    void aSnapshotIsTheStateBetweenTwoMarksAtTheTail() {
        append(event("users", "1", "insert", "{\"n\":1}"), event("users", "2", "insert", "{\"n\":2}"));
        append(event("users", "1", "update", "{\"n\":3}"), event("teams", "1", "upsert", "[]"));
        append(event("users", "2", "delete", null));

        StreamSnapshot made = stream.compact(GRACE);

        assertThat(made).isEqualTo(new StreamSnapshot(5, 9, 2));
        assertThat(messages(made.start()))
                .containsExactly(
                        "{\"headers\":{\"offset\":\"@\",\"control\":\"snapshot-start\"}}",
                        event("users", "1", "upsert", "{\"n\":3}"),
                        event("teams", "1", "upsert", "[]"),
                        "{\"headers\":{\"offset\":\"@\",\"control\":\"snapshot-end\"}}");
    }

    @Test
    void valuesKeepTheirTextAndHeadersTheirOthers() {
        append("{\"key\":\"k\",\"headers\":{\"txid\":\"t\",\"operation\" : \"insert\",\"from\":\"é\"},"
                + " \"value\":1e99999,\"type\":\"t\"}");

        stream.compact(GRACE);

        assertThat(messages(2).getFirst())
                .isEqualTo("{\"key\":\"k\",\"headers\":{\"offset\":\"@\",\"txid\":\"t\",\"operation\" : \"upsert\","
                        + "\"from\":\"é\"}, \"value\":1e99999,\"type\":\"t\"}");
    }

    @Test
    void whatWasBeforeAResetIsNotInIt() {
        append(event("t", "1", "insert", "1"), "{\"headers\":{\"control\":\"reset\"}}", event("t", "2", "insert", "2"));

        assertThat(stream.compact(GRACE).rows()).isEqualTo(1);

        assertThat(state(0)).isEqualTo(Map.of("t/2", "2"));
    }

    @Test
    void whatLiesBeforeGoesAfterTheGraceTime() {
        append(event("t", "1", "insert", "1"));
        StreamSnapshot made = stream.compact(GRACE);

        time.advance(GRACE.minusMillis(1));
        sweep();
        assertThat(stream.head().first()).isZero();
        time.advance(Duration.ofMillis(1));
        sweep();

        assertThat(stream.head().first()).isEqualTo(made.start());
        assertRefused(Reason.TRIMMED, () -> stream.read(0, ALL));
        assertThat(state(DurableStream.BEGINNING)).isEqualTo(Map.of("t/1", "1"));
        assertThat(rows("stream_data")).isEqualTo(1);
    }

    @Test
    void aReaderBelowKeepsItAndAForkToo() {
        append(event("t", "1", "insert", "1"));
        stream("fork").create(StreamSpec.of(new StreamFork("state", OptionalLong.of(1), 0)));
        try (StreamFollower follower = stream.follow(0, () -> {})) {
            stream.compact(Duration.ZERO);
            sweep();
            assertThat(stream.head().first()).isZero();

            assertThat(follower.poll(ALL).upToDate()).isTrue();
            sweep();
            assertThat(stream.head().first()).isEqualTo(1);
        }
        assertThat(whole(stream("fork")))
                .isEqualTo("[" + event("t", "1", "insert", "1").replace("@", offset(1)) + "]");
    }

    @Test
    void theNextSnapshotBeginsAtTheLastOne() {
        append(event("t", "1", "insert", "1"));
        stream.compact(GRACE);
        append(event("t", "2", "insert", "2"));

        StreamSnapshot second = stream.compact(Duration.ZERO);
        sweep();

        assertThat(second.rows()).isEqualTo(2);
        assertThat(stream.head().first()).isEqualTo(second.start());
        assertThat(state(DurableStream.BEGINNING)).isEqualTo(Map.of("t/1", "1", "t/2", "2"));
    }

    @Test
    void snapshotsThatFollowEachOtherQuicklyStillLetGo() {
        append(event("t", "1", "insert", "1"));
        StreamSnapshot first = stream.compact(GRACE);
        time.advance(GRACE.dividedBy(2));
        append(event("t", "2", "insert", "2"));
        StreamSnapshot second = stream.compact(GRACE);
        time.advance(GRACE.dividedBy(4));
        StreamSnapshot third = stream.compact(GRACE);

        time.advance(GRACE.dividedBy(4));
        sweep();
        assertThat(stream.head().first()).isEqualTo(first.start()).isLessThan(second.start());
        time.advance(GRACE.dividedBy(2));
        sweep();
        assertThat(stream.head().first()).isEqualTo(first.start());
        time.advance(GRACE.dividedBy(4));
        sweep();
        assertThat(stream.head().first()).isEqualTo(third.start());
        assertThat(state(DurableStream.BEGINNING)).isEqualTo(Map.of("t/1", "1", "t/2", "2"));
        sweep();
        assertThat(rows("stream_retention")).isZero();
    }

    @Test
    void otherLimitsLeaveTheLastSnapshotAlone() {
        stream.retain(StreamRetention.all().compactUnits(3).units(1).age(Duration.ofMinutes(1)));
        append(event("t", "1", "insert", "1"), event("t", "2", "insert", "2"));
        sweep();
        assertThat(stream.head().first()).isZero();
        append(event("t", "1", "update", "3"));
        sweep();
        assertThat(stream.head().tail()).isEqualTo(7);

        time.advance(GRACE);
        sweep();
        append(event("t", "3", "insert", "4"));
        sweep();

        assertThat(stream.head().first()).isEqualTo(3);
        assertThat(state(DurableStream.BEGINNING)).isEqualTo(Map.of("t/1", "3", "t/2", "2", "t/3", "4"));
    }

    @Test
    void whatWasTrimmedIsNotInTheNextSnapshot() {
        append(event("t", "1", "insert", "1"), event("t", "2", "insert", "2"));
        stream.compact(GRACE);
        append(event("t", "3", "insert", "3"));

        stream.trim(6);

        assertThat(stream.compact(GRACE).rows()).isEqualTo(1);
    }

    @Test
    void aStreamOfOtherMessagesIsNotCompacted() {
        append(event("t", "1", "insert", "1"));
        List<String> others = List.of(
                "1",
                "[]",
                "{}",
                "{\"headers\":{}}",
                "{\"type\":\"t\",\"key\":\"\",\"headers\":{\"operation\":\"insert\"}}",
                "{\"type\":\"t\",\"key\":\"k\",\"headers\":{\"operation\":\"merge\"}}",
                "{\"type\":\"t\",\"key\":\"k\",\"headers\":\"insert\"}");
        for (int i = 0; i < others.size(); i++) {
            DurableStream other = stream("other" + i);
            other.create(StreamSpec.json());
            other.append(bytes("[" + others.get(i) + "]"));
            StreamInfo before = other.head();

            assertInvalid("stream.not_state", () -> other.compact(GRACE));

            assertThat(other.head()).isEqualTo(before);
        }
        stream("bytes").create(StreamSpec.bytes());
        assertInvalid("stream.not_state", () -> stream("bytes").compact(GRACE));
        assertInvalid("stream.retention", () -> stream.compact(Duration.ofMillis(-1)));
        assertInvalid(
                "stream.inside_transaction",
                () -> transaction(tx -> DurableStream.in(tx, "state").compact(GRACE)));
        stream.close();
        assertRefused(Reason.CLOSED, () -> stream.compact(GRACE));
        assertRefused(Reason.NOT_FOUND, () -> stream("none").compact(GRACE));
    }

    @Test
    void theBackgroundMakesOneWhenEnoughWasAppended() {
        stream.retain(StreamRetention.all().compactUnits(10));
        IntStream.range(0, 9).forEach(i -> append(event("t", "k", "upsert", "" + i)));
        sweep();
        assertThat(stream.head().tail()).isEqualTo(9);

        append(event("t", "k", "upsert", "9"));
        sweep();
        sweep();

        assertThat(stream.head().tail()).isEqualTo(13);
        time.advance(StreamLimits.GRACE);
        sweep();
        assertThat(stream.head().first()).isEqualTo(10);
        assertThat(stream.retention()).isEqualTo(StreamRetention.all().compactUnits(10));
    }

    @Test
    void theBackgroundDoesNotTryAgainAtOnceWhatCannotBe() {
        stream.retain(StreamRetention.all().compactUnits(2));
        append("1", "2", "3");

        sweep();
        sweep();

        assertThat(stream.head().tail()).isEqualTo(3);
        assertThat(snapshotted()).isEqualTo(3);
    }

    private long snapshotted() {
        String text = store.database().tables().sql("select snapshotted from {p}stream_retention");
        return store.session().read(tx -> tx.first(text, row -> row.getLong(1)).orElseThrow());
    }

    @Test
    void aLargeStateIsReadInPartsAndBecomesVisibleAtOnce() {
        String text = "\"" + "x".repeat(50_000) + "\"";
        for (int i = 0; i < 50; i++) {
            append(event("t", "k" + i, "insert", text));
        }

        StreamSnapshot made = stream.compact(Duration.ZERO);

        assertThat(made.end()).isEqualTo(102);
        assertThat(rows("stream_data")).isEqualTo(53);
        sweep();
        assertThat(state(DurableStream.BEGINNING)).hasSize(50).containsEntry("t/k49", text);
    }

    @Test
    void nothingIsLostThatIsAppendedMeanwhile() {
        List<Map<String, String>> written = Crowd.run(4, caller -> {
            Map<String, String> mine = new HashMap<>();
            RandomProgram program = RandomProgram.of(caller);
            for (int i = 0; i < 60; i++) {
                if (caller == 0 && i % 6 == 0) {
                    stream.compact(Duration.ZERO);
                    sweep();
                }
                String key = caller + "-" + program.random().nextInt(8);
                if (program.chance(25)) {
                    append(event("t", key, "delete", null));
                    mine.remove("t/" + key);
                } else {
                    append(event("t", key, "upsert", "" + i));
                    mine.put("t/" + key, "" + i);
                }
            }
            return mine;
        });

        Map<String, String> all = new TreeMap<>();
        written.forEach(all::putAll);
        assertThat(stream.head().first()).isPositive();
        assertThat(state(DurableStream.BEGINNING)).isEqualTo(all);
        stream.compact(Duration.ZERO);
        sweep();
        assertThat(state(DurableStream.BEGINNING)).isEqualTo(all);
    }

    private void append(String... events) {
        stream.append(bytes("[" + String.join(",", events).replace("\"offset\":\"@\",", "") + "]"));
    }

    /** A change event as it is read, with a place for the offset. */
    private static String event(String type, String key, String operation, @Nullable String value) {
        return "{\"type\":\"" + type + "\",\"key\":\"" + key + "\"" + (value == null ? "" : ",\"value\":" + value)
                + ",\"headers\":{\"offset\":\"@\",\"operation\":\"" + operation + "\"}}";
    }

    private static String offset(long tail) {
        return StreamOffset.text(tail);
    }

    /** The messages from an offset on, as they are sent; their own offsets are the tail, and left out. */
    private List<String> messages(long from) {
        String text = from(stream, from);
        String shown = text.replace(offset(stream.head().tail()), "@");
        JsonNode array = Json.parse(shown.replace("1e99999", "\"1e99999\"").getBytes(StandardCharsets.UTF_8));
        assertThat(array.isArray()).isTrue();
        // Cut where the messages end, so that their texts stay as they are.
        return List.of(shown.substring(1, shown.length() - 1).split("(?<=\\}),(?=\\{\"(type|headers|key))"));
    }

    /** The state that the messages from an offset on come to: by type and key the text of the value. */
    private Map<String, String> state(long from) {
        Map<String, String> rows = new TreeMap<>();
        for (JsonNode message : Json.parse(from(stream, from).getBytes(StandardCharsets.UTF_8))) {
            JsonNode headers = message.path("headers");
            if (headers.path("control").asString("").equals("reset")) {
                rows.clear();
            }
            String row = message.path("type").asString("") + "/"
                    + message.path("key").asString("");
            switch (headers.path("operation").asString("")) {
                case "delete" -> rows.remove(row);
                case "insert", "update", "upsert" ->
                    rows.put(row, message.path("value").toString());
                default -> assertThat(headers.has("control")).isTrue();
            }
        }
        return rows;
    }
}
