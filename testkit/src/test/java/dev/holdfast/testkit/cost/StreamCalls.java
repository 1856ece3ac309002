package dev.holdfast.testkit.cost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Namespace;
import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.ProducerStamp;
import dev.holdfast.stream.StreamAppend;
import dev.holdfast.stream.StreamFollower;
import dev.holdfast.stream.StreamFork;
import dev.holdfast.stream.StreamRetention;
import dev.holdfast.stream.StreamRoom;
import dev.holdfast.stream.StreamSpec;
import dev.holdfast.testkit.VirtualTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.stream.IntStream;

/** The calls of the page on streams. */
final class StreamCalls {
    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);
    private static final int ALL = 1 << 20;

    private final ArrayDeque<StreamFollower> followers = new ArrayDeque<>();

    private StreamCalls() {}

    static Calls all(VirtualTime time) {
        StreamCalls calls = new StreamCalls();
        return calls.reads(keeps(writes(new Calls())))
                .add(
                        "sweep of 100 streams that ended",
                        (at, run, n) -> {
                            IntStream.range(0, n)
                                    .forEach(i -> stream(at, run, i)
                                            .create(StreamSpec.bytes()
                                                    .ttl(SHORT)
                                                    .content(CONTENT)));
                            time.advance(SHORT.multipliedBy(2));
                        },
                        (at, run, n) -> assertThat(
                                        StreamRoom.of(at.session().database()).sweep(at.name()))
                                .isEqualTo(n));
    }

    private static Calls writes(Calls calls) {
        return calls.add("`create`", (at, run, n) -> stream(at, run, 0).create(StreamSpec.bytes()))
                .add(
                        "`create` with content",
                        (at, run, n) ->
                                stream(at, run, 0).create(StreamSpec.bytes().content(CONTENT)))
                .add(
                        "`create` that confirms",
                        StreamCalls::one,
                        (at, run, n) -> assertThat(stream(at, run, 0)
                                        .create(StreamSpec.bytes())
                                        .created())
                                .isFalse())
                .add(
                        "`create` of a fork",
                        StreamCalls::one,
                        (at, run, n) -> stream(at, run, 1)
                                .create(StreamSpec.of(
                                        StreamFork.of(stream(at, run, 0).name(), 3))))
                .add(
                        "`append`",
                        StreamCalls::one,
                        (at, run, n) -> stream(at, run, 0).append(CONTENT))
                .add(
                        "`append` that closes, or names a sequence",
                        StreamCalls::one,
                        (at, run, n) -> stream(at, run, 0)
                                .append(
                                        run % 2 == 0
                                                ? StreamAppend.of(CONTENT).sequence("s" + run)
                                                : StreamAppend.of(CONTENT).andClose()))
                .add(
                        "`append`, the first one of a process to a stream",
                        (at, run, n) -> stream(at, run, 0).create(StreamSpec.bytes()),
                        (at, run, n) -> stream(at, run, 0).append(CONTENT))
                .add("`append` of a producer", StreamCalls::one, (at, run, n) -> produce(at, run))
                .add(
                        "`append` of a producer, a repeat",
                        (at, run, n) -> {
                            one(at, run, n);
                            produce(at, run);
                        },
                        (at, run, n) -> produce(at, run))
                .add(
                        "`close`",
                        StreamCalls::one,
                        (at, run, n) -> stream(at, run, 0).close())
                .add(
                        "`delete`",
                        StreamCalls::one,
                        (at, run, n) -> stream(at, run, 0).delete());
    }

    private static Calls keeps(Calls calls) {
        return calls.add(
                        "`trim` of a few appends",
                        StreamCalls::one,
                        (at, run, n) -> assertThat(stream(at, run, 0).trim(3)).isEqualTo(3))
                .add(
                        "`retain`",
                        StreamCalls::one,
                        (at, run, n) ->
                                stream(at, run, 0).retain(StreamRetention.all().units(5)))
                .add(
                        "`compact` of a stream with nothing new",
                        (at, run, n) -> stream(at, run, 0).create(StreamSpec.json()),
                        (at, run, n) -> assertThat(
                                        stream(at, run, 0).compact(SHORT).rows())
                                .isZero());
    }

    private Calls reads(Calls calls) {
        return calls.add(
                        "`head`",
                        StreamCalls::one,
                        (at, run, n) -> stream(at, run, 0).head())
                .add(
                        "`read`, a chunk",
                        StreamCalls::one,
                        (at, run, n) -> assertThat(
                                        stream(at, run, 0).read(0, ALL).size())
                                .isEqualTo(CONTENT.length))
                .add(
                        "`read`, a chunk on both sides of where a fork began",
                        (at, run, n) -> {
                            one(at, run, n);
                            stream(at, run, 1)
                                    .create(StreamSpec.of(StreamFork.of(
                                                    stream(at, run, 0).name(), 3))
                                            .content(CONTENT));
                        },
                        (at, run, n) -> assertThat(
                                        stream(at, run, 1).read(0, ALL).size())
                                .isEqualTo(CONTENT.length + 3))
                .add(
                        "`await` when there is something",
                        StreamCalls::one,
                        (at, run, n) -> assertThat(
                                        stream(at, run, 0).await(0, ALL, SHORT).isEmpty())
                                .isFalse())
                .add(
                        "`follow`",
                        StreamCalls::one,
                        (at, run, n) -> stream(at, run, 0).follow(0, () -> {}).close())
                .add(
                        "`poll` of what was appended in this process, or of nothing",
                        (at, run, n) -> {
                            one(at, run, n);
                            followers.add(stream(at, run, 0).follow(DurableStream.NOW, () -> {}));
                            stream(at, run, 0).append(CONTENT);
                        },
                        (at, run, n) -> {
                            try (StreamFollower follower = followers.removeLast()) {
                                assertThat(follower.poll(ALL).isEmpty()).isFalse();
                                assertThat(follower.poll(ALL).isEmpty()).isTrue();
                            }
                        })
                .add(
                        "`list`",
                        StreamCalls::one,
                        (at, run, n) ->
                                assertThat(at.streams().list("", "", 10)).isNotEmpty());
    }

    private static void one(Namespace at, int run, int n) {
        stream(at, run, 0).create(StreamSpec.bytes().content(CONTENT));
    }

    private static void produce(Namespace at, int run) {
        stream(at, run, 0).append(StreamAppend.of(CONTENT).by(new ProducerStamp("p", 0, 0)));
    }

    private static DurableStream stream(Namespace at, int run, int i) {
        return at.stream("s" + run + "/" + i);
    }
}
