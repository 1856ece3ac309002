package dev.holdfast.testkit.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.NamespaceKeeper;
import dev.holdfast.engine.NamespaceQuota;
import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.StreamChunk;
import dev.holdfast.stream.StreamException.Reason;
import dev.holdfast.stream.StreamFork;
import dev.holdfast.stream.StreamOffset;
import dev.holdfast.stream.StreamRetention;
import dev.holdfast.stream.StreamSpec;
import dev.holdfast.stream.StreamTransfer;
import dev.holdfast.testkit.RandomProgram;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Small appends that the background puts together: there are fewer rows then, and nothing else tells of it. */
public abstract class StreamSealContract extends StreamSuite {
    private static final int SEGMENT_BYTES = 1_024;
    private static final int APPENDS = 120;

    /** The suite over the stores of one engine. */
    protected StreamSealContract() {}

    /** What a stream holds. */
    enum Kind {
        BYTES,
        JSON;

        StreamSpec spec() {
            return this == JSON ? StreamSpec.json() : StreamSpec.bytes();
        }
    }

    @BeforeEach
    void makeSegmentsSmallAndCount() {
        room().segmentBytes(SEGMENT_BYTES);
        keeper().setQuota(store.session().namespace(), NamespaceQuota.none().withRowsMax(1_000_000));
    }

    private NamespaceKeeper keeper() {
        return new NamespaceKeeper(store.database(), List.of(room()));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void everyReadAnswersTheSameBeforeAndAfter(Kind kind) {
        stream("a").create(kind.spec());
        fill("a", kind);
        long appends = rows("stream_data");
        var before = reads("a");

        sweep();

        assertThat(rows("stream_data")).isLessThan(appends / 2);
        assertThat(reads("a")).isEqualTo(before);
        assertUsageIsRight();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void whatIsAppendedLaterIsPutTogetherLater(Kind kind) {
        stream("a").create(kind.spec());
        StringBuilder rows = new StringBuilder();
        for (int round = 0; round < 4; round++) {
            fill("a", kind);
            var before = reads("a");
            sweep();
            rows.append(rows("stream_data") < APPENDS ? "few " : "many ");
            assertThat(reads("a")).isEqualTo(before);
        }
        assertThat(rows.toString()).isEqualTo("few few few few ");
        assertUsageIsRight();
    }

    @Test
    void largeAppendsAndTheLastSmallOnesStayAsTheyAre() {
        stream("a").create(StreamSpec.bytes());
        stream("a").append(bytes("x".repeat(SEGMENT_BYTES)));
        stream("a").append(bytes("y".repeat(SEGMENT_BYTES)));
        stream("a").append(bytes("small"));
        stream("a").append(bytes("small"));

        sweep();

        assertThat(rows("stream_data")).isEqualTo(4);
    }

    @Test
    void aForkCountsItsUnitsWithinOneAppendAsBefore() {
        stream("a").create(StreamSpec.json());
        IntStream.range(0, APPENDS).forEach(i -> stream("a").append(bytes("[" + i + ",\"two\",\"three\"]")));

        sweep();

        assertThat(rows("stream_data")).isLessThan(APPENDS / 2);
        assertThat(create("f", new StreamFork("a", OptionalLong.of(30), 3))).isEqualTo(33);
        assertThat(create("g", new StreamFork("a", OptionalLong.of(31), 2))).isEqualTo(33);
        assertInvalid("stream.fork", () -> create("h", new StreamFork("a", OptionalLong.of(30), 4)));
        assertInvalid("stream.fork", () -> create("h", new StreamFork("a", OptionalLong.of(31), 3)));
        assertThat(whole(stream("f")))
                .endsWith("[10,\"two\",\"three\"]".substring(1))
                .isEqualTo(whole(stream("g")));
    }

    @Test
    void eventsThatAForkCutsOffPointNotBehindIt() {
        stream("a").create(StreamSpec.json());
        IntStream.range(0, APPENDS).forEach(i -> stream("a").append(bytes("[" + event(i) + "," + event(i) + "]")));
        create("before", new StreamFork("a", OptionalLong.of(21), 0));
        String before = whole(stream("before"));

        sweep();
        create("after", new StreamFork("a", OptionalLong.of(21), 0));

        assertThat(rows("stream_data")).isLessThan(APPENDS / 2);
        assertThat(List.of(whole(stream("before")), whole(stream("after")))).containsOnly(before);
        assertThat(before)
                .contains("\"offset\":\"" + StreamOffset.text(20) + "\"")
                .contains("\"offset\":\"" + StreamOffset.text(21) + "\"")
                .doesNotContain("\"offset\":\"" + StreamOffset.text(22) + "\"");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void whatWasPutTogetherIsTrimmedAnywhere(Kind kind) {
        stream("a").create(kind.spec());
        fill("a", kind);
        String all = whole(stream("a"));
        sweep();

        stream("a").trim(37);
        sweep();

        assertRefused(Reason.TRIMMED, () -> stream("a").read(36, ALL));
        assertThat(all).endsWith(whole(stream("a")).substring(1));
        assertThat(stream("a").read(37, 1).start()).isEqualTo(37);
        stream("a").trim(stream("a").head().tail());
        sweep();
        assertThat(rows("stream_data")).isZero();
        assertUsageIsRight();
    }

    @Test
    void aStreamThatKeepsSoManyBytesOfMessagesKeepsThem() {
        int keep = 2_000;
        stream("a").create(StreamSpec.json());
        stream("a").retain(StreamRetention.all().bytes(keep));
        for (int round = 0; round < 20; round++) {
            fill("a", Kind.JSON);
            sweep();
        }

        assertThat(whole(stream("a")).length()).isBetween(keep, keep * 3 / 2);
        assertThat(rows("stream_data")).isLessThan(APPENDS);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void anExportTellsEachAppend(Kind kind) {
        stream("a").create(kind.spec());
        fill("a", kind);
        List<String> before = export();

        sweep();

        assertThat(export()).isEqualTo(before).hasSizeGreaterThan(APPENDS);
    }

    @Test
    void aDeletedStreamLeavesNothing() {
        stream("a").create(StreamSpec.json());
        fill("a", Kind.JSON);
        sweep();

        stream("a").delete();
        sweep();

        assertNothingIsLeft();
        assertUsageIsRight();
    }

    @Test
    void oneStreamIsSealedByItsName() {
        stream("a").create(StreamSpec.json());
        stream("b").create(StreamSpec.json());
        fill("a", Kind.JSON);
        fill("b", Kind.JSON);

        room().seal(store.session().namespace(), "a");
        long one = rows("stream_data");
        sweep();

        assertThat(one).isBetween((long) APPENDS, APPENDS * 3L / 2);
        assertThat(rows("stream_data")).isLessThan(one - APPENDS / 2);
    }

    @Test
    void whatNobodyHereRemembersAsDueIsFound() {
        stream("a").create(StreamSpec.json());
        room().segmentBytes(1 << 20);
        fill("a", Kind.JSON);
        room().segmentBytes(SEGMENT_BYTES);

        sweep();

        assertThat(rows("stream_data")).isLessThan(APPENDS / 2);
    }

    @Test
    void manyStreamsThatAreTooSmallHoldUpNoneBehindThem() {
        room().segmentBytes(1 << 20);
        transaction(tx -> {
            for (int i = 0; i < 450; i++) {
                DurableStream small = DurableStream.in(tx, "small" + i);
                small.create(StreamSpec.json().content(bytes("[1,2,3]")));
                small.append(bytes("[4,5,6]"));
            }
            return true;
        });
        stream("z").create(StreamSpec.json());
        fill("z", Kind.JSON);
        long rows = rows("stream_data");
        room().segmentBytes(SEGMENT_BYTES);

        sweep();
        sweep();

        assertThat(rows("stream_data")).isLessThan(rows - APPENDS / 2);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aRowHoldsNoTwoGenerations(Kind kind) {
        stream("a").create(kind.spec());
        fill("a", kind);
        store.database().renew(0);
        fill("a", kind);
        String before = chunks(stream("a"), 1);

        sweep();

        assertThat(rows("stream_data")).isLessThan(APPENDS);
        assertThat(chunks(stream("a"), 1)).isEqualTo(before);
    }

    @Test
    void aForkIsSealedFromWhereItBegins() {
        stream("a").create(StreamSpec.json());
        fill("a", Kind.JSON);
        create("f", new StreamFork("a", OptionalLong.empty(), 0));
        fill("f", Kind.JSON);
        Map<String, String> before = reads("f");

        sweep();

        assertThat(rows("stream_data")).isLessThan(APPENDS);
        assertThat(reads("f")).isEqualTo(before);
    }

    @Test
    void aFullQuotaDoesNotKeepAppendsApart() {
        stream("a").create(StreamSpec.json());
        fill("a", Kind.JSON);
        String namespace = store.session().namespace();
        keeper().setQuota(
                        namespace,
                        NamespaceQuota.none()
                                .withBytesMax(keeper().usage(namespace).bytes()));

        sweep();

        assertThat(rows("stream_data")).isLessThan(APPENDS / 2);
        assertUsageIsRight();
        assertInvalid("namespace.quota", () -> stream("a").append(bytes("1")));
    }

    @Test
    void segmentsHaveASize() {
        assertInvalid("stream.segment_bytes", () -> room().segmentBytes(63));
        assertInvalid("stream.segment_bytes", () -> room().segmentBytes((1 << 20) + 1));
    }

    private void fill(String name, Kind kind) {
        RandomProgram program = RandomProgram.seeded();
        transaction(tx -> {
            for (int i = 0; i < APPENDS; i++) {
                String one = "\"" + "m".repeat(program.random().nextInt(20)) + i + "\"";
                boolean several = kind == Kind.JSON && program.chance(30);
                DurableStream.in(tx, name).append(bytes(several ? "[" + one + "," + event(i) + "]" : one));
            }
            return true;
        });
    }

    private static String event(int i) {
        return "{\"headers\":{\"operation\":\"insert\"},\"key\":" + i + "}";
    }

    private long create(String name, StreamFork fork) {
        StreamSpec spec = new StreamSpec(
                Optional.empty(), OptionalLong.empty(), Optional.empty(), false, new byte[0], Optional.of(fork));
        return stream(name).create(spec).info().tail();
    }

    /** What reads answer: one append from each of many offsets, everything from some, and chunk after chunk. */
    private Map<String, String> reads(String name) {
        Map<String, String> answers = new TreeMap<>();
        long tail = stream(name).head().tail();
        for (long offset = 0; offset <= tail; offset += 1 + offset % 7) {
            StreamChunk chunk = stream(name).read(offset, 1);
            answers.put("one from " + offset, text(chunk) + " to " + chunk.next());
        }
        for (long offset = 0; offset <= tail; offset += 1 + tail / 10) {
            answers.put("all from " + offset, from(stream(name), offset));
        }
        for (int bytesMax : List.of(40, 1_000)) {
            answers.put("in chunks", chunks(stream(name), bytesMax));
        }
        return answers;
    }

    private static String chunks(DurableStream stream, int bytesMax) {
        StringBuilder all = new StringBuilder();
        StreamChunk chunk = stream.read(0, bytesMax);
        all.append(text(chunk));
        while (!chunk.upToDate()) {
            chunk = stream.read(chunk.next(), bytesMax);
            all.append(text(chunk));
        }
        return all.toString().replace("][", ",");
    }

    private List<String> export() {
        List<String> lines = new ArrayList<>();
        StreamTransfer.export(store.session(), line -> lines.add(line.toString()));
        return lines;
    }

    /** What is counted for the namespace is what is there. */
    private void assertUsageIsRight() {
        assertThat(keeper().usage(store.session().namespace()))
                .isEqualTo(store.session().read(room()::usage));
    }
}
