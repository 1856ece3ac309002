package dev.holdfast.testkit.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.HoldfastException;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Tx;
import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.ProducerStamp;
import dev.holdfast.stream.StreamAppend;
import dev.holdfast.stream.StreamAppended;
import dev.holdfast.stream.StreamChunk;
import dev.holdfast.stream.StreamCreated;
import dev.holdfast.stream.StreamException;
import dev.holdfast.stream.StreamFork;
import dev.holdfast.stream.StreamInfo;
import dev.holdfast.stream.StreamSpec;
import dev.holdfast.stream.Streams;
import dev.holdfast.testkit.RandomProgram;
import dev.holdfast.testkit.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** Random calls on streams and on their model, which must answer the same. */
final class StreamSteps {
    private static final List<String> NAMES = List.of("a", "b", "c", "d/1", "d/2", "e", "f");
    private static final List<String> TYPES =
            List.of("text/plain", StreamSpec.JSON, StreamSpec.JSON, StreamSpec.OCTETS);

    private final RandomProgram program;
    private final VirtualTime time;

    StreamSteps(RandomProgram program, VirtualTime time) {
        this.program = program;
        this.time = time;
    }

    /** A call, in words and as something to do. */
    record Op(String text, Call call) {}

    /** Runs a call in both worlds and compares. */
    @FunctionalInterface
    interface Call {
        void in(Session session, StreamModel model);
    }

    Op next() {
        String name = program.oneOf(NAMES);
        int kind = below(100);
        if (kind < 18) {
            return create(name);
        }
        if (kind < 60) {
            return append(name);
        }
        if (kind < 66) {
            return new Op(
                    "delete " + name,
                    (session, model) -> assertThat(answer(() -> {
                                DurableStream.in(session, name).delete();
                                return "done";
                            }))
                            .isEqualTo(model.delete(name)));
        }
        if (kind < 72) {
            return new Op(
                    "head " + name,
                    (session, model) -> assertThat(answer(
                                    () -> shown(DurableStream.in(session, name).head())))
                            .isEqualTo(model.head(name)));
        }
        return kind < 75 ? list() : read(name);
    }

    private Op create(String name) {
        StreamBody body = program.chance(60) ? StreamBody.NOTHING : StreamBody.random(this::below);
        Optional<StreamFork> fork = program.chance(45) ? Optional.of(fork()) : Optional.empty();
        Optional<String> type =
                program.chance(fork.isPresent() ? 15 : 90) ? Optional.of(program.oneOf(TYPES)) : Optional.empty();
        int lifetime = below(10);
        StreamSpec spec = new StreamSpec(
                type,
                lifetime < 2 ? OptionalLong.of(program.oneOf(List.of(20L, 100L))) : OptionalLong.empty(),
                lifetime == 2
                        ? Optional.of(
                                time.instant().plusSeconds(30 + below(200)).toString())
                        : Optional.empty(),
                program.chance(8),
                body.bytes(),
                fork);
        String text = "create " + name + " " + type + " " + fork + " ttl=" + spec.ttlSeconds() + " expires="
                + spec.expiresAt() + " closed=" + spec.closed() + " " + body.text();
        return new Op(
                text,
                (session, model) -> assertThat(answer(() -> {
                            StreamCreated made = DurableStream.in(session, name).create(spec);
                            return (made.created() ? "made " : "confirmed ") + shown(made.info());
                        }))
                        .isEqualTo(model.create(name, spec, body)));
    }

    private StreamFork fork() {
        OptionalLong offset =
                program.chance(70) ? OptionalLong.of(below(program.chance(80) ? 12 : 300)) : OptionalLong.empty();
        return new StreamFork(program.oneOf(NAMES), offset, program.chance(70) ? 0 : below(5));
    }

    private Op append(String name) {
        boolean close = program.chance(4);
        StreamBody body = close && program.chance(50) ? StreamBody.NOTHING : StreamBody.random(this::below);
        StreamAppend append = StreamAppend.of(body.bytes());
        append = close ? append.andClose() : append;
        append = program.chance(10) ? append.as(program.oneOf(TYPES)) : append;
        append = program.chance(10) ? append.sequence(Integer.toString(below(100), 36)) : append;
        append = program.chance(40)
                ? append.by(new ProducerStamp(program.oneOf(List.of("p", "q")), below(20) / 9, below(7)))
                : append;
        StreamAppend all = append;
        String text = "append " + name + " " + body.text() + " close=" + close + " " + all.contentType() + " "
                + all.sequence() + " " + all.producer();
        return new Op(text, (session, model) -> {
            assertThat(answer(() -> appended(DurableStream.in(session, name), all)))
                    .isEqualTo(model.append(name, all, body));
            visit(session, model, name);
        });
    }

    private static String appended(DurableStream stream, StreamAppend append) {
        StreamAppended done = stream.append(append);
        StreamInfo info = stream.head();
        assertThat(done.tail()).isEqualTo(info.tail());
        assertThat(done.closed()).isEqualTo(info.closed());
        return (done.repeated() ? "repeat of " : "appended by ")
                + done.producer().orElse(null) + " " + shown(info);
    }

    /** Reads at the tail outside a transaction, so that both worlds know when the stream was used last. */
    static void visit(Session session, StreamModel model, String name) {
        if (!(session instanceof Tx) && model.find(name).isPresent()) {
            DurableStream.in(session, name).read(DurableStream.NOW, 1);
            model.touch(name);
        }
    }

    private Op read(String name) {
        long offset =
                program.chance(20) ? program.oneOf(List.of(DurableStream.BEGINNING, DurableStream.NOW)) : below(40);
        int bytesMax = program.oneOf(List.of(1, 5, 50, 400, StreamSuite.ALL));
        boolean wait = program.chance(20);
        return new Op("read " + name + " from " + offset + " bytesMax=" + bytesMax, (session, model) -> {
            DurableStream stream = DurableStream.in(session, name);
            StreamChunk[] read = new StreamChunk[1];
            String answer = answer(() -> {
                read[0] = wait && !(session instanceof Tx)
                        ? stream.await(offset, bytesMax, Duration.ZERO)
                        : stream.read(offset, bytesMax);
                return "read";
            });
            assertThat(answer).isEqualTo(model.refusal(name).orElse("read"));
            if (answer.equals("read")) {
                compare(read[0], model.find(name).orElseThrow(), offset, bytesMax);
                model.touch(name);
            }
        });
    }

    /** A chunk holds what follows its offset, whole appends, not many more bytes than were asked for. */
    private static void compare(StreamChunk chunk, StreamModel.Log log, long offset, int bytesMax) {
        long start = offset == DurableStream.NOW ? log.tail() : Math.min(Math.max(0, offset), log.tail());
        assertThat(chunk.start()).isEqualTo(start);
        assertThat(StreamSuite.text(chunk)).isEqualTo(log.text(start, chunk.next()));
        assertThat(chunk.info().tail()).isEqualTo(log.tail());
        assertThat(chunk.upToDate()).isEqualTo(chunk.next() == log.tail());
        assertThat(chunk.atEnd()).isEqualTo(chunk.upToDate() && log.closed);
        assertThat(chunk.isEmpty()).isEqualTo(start == log.tail());
        assertThat(log.isEnd(chunk.next())).as("a chunk ends with an append").isTrue();
        if (bytesMax == StreamSuite.ALL) {
            assertThat(chunk.upToDate()).isTrue();
        }
        if (!chunk.isEmpty()) {
            assertThat(log.bytes(start, log.lastAppend(start, chunk.next())))
                    .as("bytes before the last append")
                    .isLessThan(bytesMax);
        }
    }

    private Op list() {
        String prefix = program.oneOf(List.of("", "d/", "e"));
        String after = program.chance(50) ? "" : program.oneOf(NAMES);
        int limit = 1 + below(8);
        return new Op(
                "list " + prefix + " after " + after + " limit=" + limit,
                (session, model) -> assertThat(Streams.in(session).list(prefix, after, limit).stream()
                                .map(info -> info.name() + " " + shown(info)))
                        .containsExactlyElementsOf(model.living().stream()
                                .filter(name -> name.startsWith(prefix) && name.compareTo(after) > 0)
                                .limit(limit)
                                .map(name -> name + " " + model.head(name))
                                .toList()));
    }

    /** What a call answers, or how it is refused. */
    static String answer(Supplier<String> call) {
        try {
            return call.get();
        } catch (StreamException e) {
            StringBuilder text = new StringBuilder(e.code());
            e.tail().ifPresent(tail -> text.append(" tail=").append(tail));
            e.epoch().ifPresent(epoch -> text.append(" epoch=").append(epoch));
            e.expected().ifPresent(expected -> text.append(" expected=").append(expected));
            return text.toString();
        } catch (HoldfastException e) {
            return e.code();
        }
    }

    private static String shown(StreamInfo info) {
        return info.contentType() + " tail=" + info.tail() + " closed=" + info.closed() + " ttl=" + info.ttlSeconds()
                + " expires=" + info.expiresAt();
    }

    private int below(int bound) {
        return program.random().nextInt(bound);
    }
}
