package dev.holdfast.testkit.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.json.Json;
import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.StreamAppended;
import dev.holdfast.stream.StreamChunk;
import dev.holdfast.stream.StreamException;
import dev.holdfast.stream.StreamException.Reason;
import dev.holdfast.stream.StreamFork;
import dev.holdfast.stream.StreamSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Many callers at once in one process. Section 18 of the Durable Streams protocol. */
public abstract class StreamRaceContract extends StreamSuite {
    private static final int APPENDERS = 16;
    private static final int APPENDS = 40;
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** The suite over the stores of one engine. */
    protected StreamRaceContract() {}

    @Test
    void appendsOfManyStandOneBehindTheOther() {
        stream("a").create(StreamSpec.bytes());

        List<List<Placed>> placed = Crowd.run(APPENDERS, caller -> {
            List<Placed> mine = new ArrayList<>();
            for (int i = 0; i < APPENDS; i++) {
                String content = (char) ('a' + caller) + Integer.toString(i) + ".".repeat(i % 7);
                mine.add(new Placed(stream("a").append(bytes(content)).tail(), content));
            }
            return mine;
        });

        TreeMap<Long, String> byEnd = new TreeMap<>();
        placed.forEach(mine -> {
            assertThat(mine.stream().map(Placed::end)).isSorted();
            mine.forEach(one -> assertThat(byEnd.put(one.end, one.content)).isNull());
        });
        String whole = whole(stream("a"));
        long at = 0;
        for (var one : byEnd.entrySet()) {
            assertThat(one.getKey()).isEqualTo(at + one.getValue().length());
            assertThat(whole.substring((int) at, one.getKey().intValue())).isEqualTo(one.getValue());
            at = one.getKey();
        }
        assertThat(at).isEqualTo(whole.length()).isEqualTo(stream("a").head().tail());
    }

    @Test
    void manyStreamsGrowBesideEachOther() {
        Crowd.run(APPENDERS, caller -> {
            DurableStream mine = stream("s" + caller);
            mine.create(StreamSpec.json());
            for (int i = 0; i < APPENDS; i++) {
                assertThat(mine.append(bytes("[" + i + "," + caller + "]")).tail())
                        .isEqualTo(2L * (i + 1));
            }
            return mine.close();
        });

        Set<Long> ids = new HashSet<>();
        for (int caller = 0; caller < APPENDERS; caller++) {
            JsonNode all = Json.parse(whole(stream("s" + caller)));
            assertThat(all.size()).isEqualTo(2 * APPENDS);
            for (int i = 0; i < APPENDS; i++) {
                assertThat(all.get(2 * i).asInt()).isEqualTo(i);
                assertThat(all.get(2 * i + 1).asInt()).isEqualTo(caller);
            }
            ids.add(stream("s" + caller).head().id());
        }
        assertThat(ids).hasSize(APPENDERS);
    }

    @Test
    void readersSeeWholeAppendsAndNeverLessThanBefore() {
        stream("a").create(StreamSpec.json());
        room().segmentBytes(64);

        Crowd.run(9, caller -> {
            if (caller == 8) {
                while (stream("a").head().tail() < 4 * 3 * APPENDS) {
                    room().seal(store.session().namespace(), "a");
                }
                return caller;
            }
            if (caller < 4) {
                for (int i = 0; i < APPENDS; i++) {
                    StreamAppended appended = stream("a").append(bytes("[1,2,3]"));
                    assertThat(stream("a").head().tail()).isGreaterThanOrEqualTo(appended.tail());
                }
                return caller;
            }
            long at = 0;
            while (at < 4 * 3 * APPENDS) {
                int bytesMax = caller % 2 == 0 ? 1 : ALL;
                StreamChunk chunk = stream("a").read(at, bytesMax);
                if (chunk.isEmpty()) {
                    chunk = stream("a").await(at, bytesMax, MINUTE);
                }
                assertThat(chunk.start()).isEqualTo(at);
                assertThat(chunk.next() % 3).isZero();
                assertThat(chunk.info().tail()).isGreaterThanOrEqualTo(chunk.next());
                assertThat(Json.parse(chunk.toBytes()).size()).isEqualTo(chunk.next() - at);
                assertThat(Thread.currentThread().isInterrupted()).isFalse();
                at = chunk.next();
            }
            return caller;
        });
    }

    @Test
    void sealingMeetsAppendsTrimsAndForks() {
        int last = 4 * APPENDS;
        stream("a").create(StreamSpec.json());
        room().segmentBytes(64);

        Crowd.run(4, caller -> {
            long tail = 0;
            for (int i = 0; tail < last; i++) {
                switch (caller) {
                    case 0 -> stream("a").append(bytes("[" + 2 * i + "," + (2 * i + 1) + "]"));
                    case 1 -> room().seal(store.session().namespace(), "a");
                    case 2 -> stream("a").trim(Math.max(0, stream("a").head().tail() - 40));
                    default -> forkAndLook(i);
                }
                tail = stream("a").head().tail();
            }
            return caller;
        });

        sweep();
        assertHoldsItsOffsets("a");
        assertThat(rows("stream_data")).isLessThan(last / 4);
    }

    /** The message at an offset is the offset itself, in the fork and in its source. */
    private void forkAndLook(int i) {
        stream("f" + i).create(StreamSpec.of(StreamFork.of("a")));
        assertHoldsItsOffsets("f" + i);
        assertHoldsItsOffsets("a");
        stream("f" + i).delete();
    }

    private void assertHoldsItsOffsets(String name) {
        StreamChunk chunk = stream(name).read(DurableStream.BEGINNING, ALL);
        assertThat(text(chunk))
                .isEqualTo(LongStream.range(chunk.start(), chunk.next())
                        .mapToObj(Long::toString)
                        .collect(Collectors.joining(",", "[", "]")));
        assertThat(chunk.upToDate()).isTrue();
    }

    @Test
    void nothingComesBehindTheClosing() {
        for (int round = 0; round < 5; round++) {
            String name = "round " + round;
            stream(name).create(StreamSpec.bytes());

            List<Long> taken = Crowd.run(8, caller -> {
                long mine = 0;
                try {
                    while (true) {
                        if (caller == 0 && mine == 10) {
                            return stream(name).append(say("!").andClose()).closed() ? mine + 1 : 0;
                        }
                        stream(name).append(bytes("."));
                        mine++;
                    }
                } catch (StreamException e) {
                    assertThat(e.reason()).isEqualTo(Reason.CLOSED);
                    return mine;
                }
            });

            long all = taken.stream().mapToLong(Long::longValue).sum();
            assertThat(whole(stream(name))).hasSize((int) all).endsWith("!").containsOnlyOnce("!");
        }
    }

    @Test
    void ofManyWhoMakeAStreamAgainOneHasMadeIt() {
        for (int round = 0; round < 10; round++) {
            List<Boolean> made = Crowd.run(
                    8,
                    caller -> stream("a")
                            .create(StreamSpec.bytes().content(bytes("first")))
                            .created());

            assertThat(made).containsOnlyOnce(true);
            assertThat(whole(stream("a"))).isEqualTo("first");
            List<Boolean> deleted = Crowd.run(8, caller -> {
                try {
                    stream("a").delete();
                    return true;
                } catch (StreamException e) {
                    assertThat(e.reason()).isEqualTo(Reason.NOT_FOUND);
                    return false;
                }
            });
            assertThat(deleted).containsOnlyOnce(true);
        }
        sweep();
        assertNothingIsLeft();
    }

    @Test
    void transactionsOverTwoStreamsHoldInBothOrders() {
        stream("a").create(StreamSpec.json());
        stream("b").create(StreamSpec.json());

        Crowd.run(8, caller -> {
            String first = caller % 2 == 0 ? "a" : "b";
            String second = caller % 2 == 0 ? "b" : "a";
            for (int i = 0; i < 10; i++) {
                String content = Integer.toString(caller * 10 + i);
                transaction(tx -> {
                    DurableStream.in(tx, first).append(bytes(content));
                    return DurableStream.in(tx, second).append(bytes(content));
                });
            }
            return caller;
        });

        List<Integer> expected = IntStream.range(0, 80).boxed().toList();
        assertThat(Json.parse(whole(stream("a"))).valueStream().map(JsonNode::asInt))
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(whole(stream("b"))).isEqualTo(whole(stream("a")));
    }

    /** What was appended, and where it ends. */
    private record Placed(long end, String content) {}
}
