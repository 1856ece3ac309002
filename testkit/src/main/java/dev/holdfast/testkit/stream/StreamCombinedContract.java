package dev.holdfast.testkit.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastOptions;
import dev.holdfast.Namespace;
import dev.holdfast.engine.Database;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastException;
import dev.holdfast.engine.NamespaceQuota;
import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.ProducerStamp;
import dev.holdfast.stream.StreamAppend;
import dev.holdfast.stream.StreamAppended;
import dev.holdfast.stream.StreamSpec;
import dev.holdfast.testkit.FaultyEngine;
import dev.holdfast.testkit.FaultyEngine.Moment;
import dev.holdfast.testkit.RandomProgram;
import dev.holdfast.testkit.RandomProgram.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Appends to one stream that wait for each other: whatever they share, each of them comes to what it would come to by
 * itself, in the order in which they began. Section 18 of the Durable Streams protocol.
 */
public abstract class StreamCombinedContract extends StreamSuite {
    private static final int ROUNDS = 60;
    private static final int STATEMENTS = 8;
    private static final String FAULT = "testkit.fault";

    /** The suite over the stores of one engine. */
    protected StreamCombinedContract() {}

    @Test
    void eachComesToWhatTheModelSays() {
        RandomProgram program = RandomProgram.seeded();
        StreamModel model = new StreamModel(time::millis);

        program.run(ROUNDS, random -> {
            String name = "s" + random.random().nextInt(4);
            List<Sent> sent = IntStream.range(0, 1 + random.random().nextInt(random.chance(10) ? 80 : 12))
                    .mapToObj(i -> Sent.random(random))
                    .toList();
            StreamSpec spec = random.chance(50) ? StreamSpec.json() : StreamSpec.bytes();
            return new Step(name + " " + spec.contentType() + " " + sent, () -> round(model, name, spec, sent));
        });
    }

    private void round(StreamModel model, String name, StreamSpec spec, List<Sent> sent) {
        if (model.find(name).map(log -> log.closed).orElse(false)) {
            stream(name).delete();
            model.delete(name);
        }
        if (model.find(name).isEmpty()) {
            stream(name).create(spec);
            model.create(name, spec, StreamBody.NOTHING);
        }
        String type = model.find(name).orElseThrow().contentType;

        List<FutureTask<StreamAppended>> done = Gathered.run(
                store.engine(),
                name,
                sent.stream()
                        .map(one ->
                                (Callable<StreamAppended>) () -> stream(name).append(one.append))
                        .toList());

        assertThat(done.stream().map(one -> StreamSteps.answer(() -> shown(type, value(one)))))
                .containsExactlyElementsOf(sent.stream()
                        .map(one -> model.append(name, one.append, one.body))
                        .toList());
        StreamModel.Log log = model.find(name).orElseThrow();
        assertThat(whole(stream(name))).isEqualTo(log.text(0, log.tail()));
        assertThat(stream(name).head().tail()).isEqualTo(log.tail());
        sweep();
        assertThat(rows("stream_producers"))
                .isEqualTo(model.living().stream()
                        .mapToLong(living ->
                                model.find(living).orElseThrow().producers.size())
                        .sum());
    }

    private static String shown(String type, StreamAppended done) {
        return (done.repeated() ? "repeat of " : "appended by ")
                + done.producer().orElse(null) + " " + type + " tail="
                + done.tail() + " closed=" + done.closed() + " ttl=" + OptionalLong.empty()
                + " expires=Optional.empty";
    }

    @Test
    void aProducerMayHaveManyUnderWay() {
        stream("a").create(StreamSpec.bytes());

        List<StreamAppended> done = values(gather(IntStream.of(0, 1, 2, 1, 3, 2, 4)
                .mapToObj(seq -> say(seq + ";").by(new ProducerStamp("p", 0, seq)))
                .toList()));

        assertThat(whole(stream("a"))).isEqualTo("0;1;2;3;4;");
        assertThat(done.stream().map(StreamAppended::repeated))
                .containsExactly(false, false, false, true, false, true, false);
        assertThat(done.stream().map(StreamAppended::tail)).containsExactly(2L, 4L, 6L, 6L, 8L, 8L, 10L);
    }

    @Test
    void nothingComesBehindTheOneThatCloses() {
        stream("a").create(StreamSpec.bytes());

        List<FutureTask<StreamAppended>> done =
                gather(List.of(say("1"), say("2").andClose(), say("3"), StreamAppend.closing(), say("4")));

        assertThat(done.stream().map(StreamCombinedContract::ending))
                .containsExactly("1", "2", "stream.closed", "2", "stream.closed");
        assertThat(whole(stream("a"))).isEqualTo("12");
    }

    @Test
    void aStreamThatIsNotThereRefusesAll() {
        assertThat(gather(List.of(say("1"), say("2"), say("3"))).stream().map(StreamCombinedContract::ending))
                .containsOnly("stream.not_found");
        assertNothingIsLeft();
    }

    @Test
    void aLifetimeBeginsAnewWithTheLastOfThem() {
        stream("a").create(StreamSpec.bytes().ttl(Duration.ofSeconds(100)));
        time.advance(Duration.ofSeconds(90));
        gather(List.of(say("1"), say("2")));
        time.advance(Duration.ofSeconds(90));

        assertThat(whole(stream("a"))).isEqualTo("12");

        time.advance(Duration.ofSeconds(200));
        assertThat(gather(List.of(say("1"), say("2"))).stream().map(StreamCombinedContract::ending))
                .containsOnly("stream.not_found");
    }

    @Test
    void followersAreToldOfEachInOrder() {
        stream("a").create(StreamSpec.json());
        try (Followed followed = new Followed(stream("a"), 0)) {
            values(gather(IntStream.range(0, 50).mapToObj(i -> say(i + "")).toList()));

            assertThat(followed.take(50))
                    .containsExactlyElementsOf(
                            IntStream.range(0, 50).mapToObj(Integer::toString).toList());
        }
    }

    @Test
    void moreThanFitTogetherAreStoredAllTheSame() {
        stream("a").create(StreamSpec.bytes());
        String large = "x".repeat(1 << 20);

        values(gather(IntStream.range(0, 12)
                .mapToObj(i -> say(i % 2 == 0 ? large + i : Integer.toString(i)))
                .toList()));
        values(gather(IntStream.range(0, 600).mapToObj(i -> say("" + i % 10)).toList()));

        assertThat(whole(stream("a")).replace(large, "x")).isEqualTo("x01x23x45x67x89x1011" + "0123456789".repeat(60));
    }

    @Test
    void whatPassesTheQuotaFailsAloneAndTheOthersAreStored() {
        try (Holdfast holdfast = Holdfast.over(
                store.engine(), HoldfastOptions.defaults().withTime(time).withMaintenance(Duration.ofDays(1)))) {
            Namespace acme = holdfast.namespace("acme");
            DurableStream limited = acme.stream("a");
            limited.create(StreamSpec.bytes());
            acme.quota(NamespaceQuota.none().withRowsMax(6).withBytesMax(101));

            List<FutureTask<StreamAppended>> done = gather(
                    store.engine(),
                    limited,
                    List.of(
                            say("1"),
                            say("x".repeat(200)),
                            say("2").by(new ProducerStamp("p", 0, 0)),
                            say("3"),
                            say("4"),
                            say("5"),
                            say("6"),
                            say("7")));

            assertThat(done.stream().map(StreamCombinedContract::ending))
                    .containsExactly("1", "namespace.quota", "2", "3", "4", "5", "namespace.quota", "namespace.quota");
            assertThat(whole(limited)).isEqualTo("12345");
            assertThat(acme.usage().rows()).isEqualTo(6);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aStatementThatFailsHarmsOneAtMost(boolean error) {
        FaultyEngine engine = new FaultyEngine(store.engine());
        DurableStream faulty = faulty(engine);
        faulty.create(StreamSpec.bytes());
        List<String> expected = new ArrayList<>();

        for (int statement = 1; statement <= STATEMENTS; statement++) {
            if (error) {
                engine.breakStatement(statement);
            } else {
                engine.failStatement(statement, Moment.BEFORE);
            }
            List<FutureTask<StreamAppended>> done = gather(engine, faulty, five(statement));
            List<String> stored = storedOf(statement, done);
            assertThat(stored).as("statement " + statement).hasSizeGreaterThanOrEqualTo(4);
            expected.addAll(stored);
        }

        engine.failStatement(Integer.MAX_VALUE, Moment.BEFORE);
        assertThat(whole(faulty)).isEqualTo(String.join("", expected));
        assertThat(faulty.append(bytes("end")).tail()).isEqualTo(whole(faulty).length());
    }

    @Test
    void whenTheCommitFailsNobodyIsAcknowledgedWhoIsNotStored() {
        FaultyEngine engine = new FaultyEngine(store.engine());
        DurableStream faulty = faulty(engine);
        faulty.create(StreamSpec.bytes());
        List<String> expected = new ArrayList<>();

        for (int round = 1; round <= 3; round++) {
            engine.failCommit(round, Moment.BEFORE);
            expected.addAll(storedOf(round, gather(engine, faulty, five(round))));
        }

        engine.failCommit(Integer.MAX_VALUE, Moment.BEFORE);
        assertThat(whole(faulty)).isEqualTo(String.join("", expected));
    }

    @Test
    void whatWasCommittedAlthoughItsAnswerIsLostIsNotStoredAgain() {
        FaultyEngine engine = new FaultyEngine(store.engine());
        DurableStream faulty = faulty(engine);
        faulty.create(StreamSpec.bytes());
        engine.failCommit(1, Moment.AFTER);

        List<FutureTask<StreamAppended>> done = gather(engine, faulty, five(0));

        assertThat(done.stream().map(StreamCombinedContract::ending)).contains(FAULT);
        assertThat(whole(faulty)).isEqualTo("0.0;0.1;0.2;0.3;0.4;");
        assertThat(faulty.append(bytes("end")).tail()).isEqualTo(23);
    }

    private DurableStream faulty(Engine engine) {
        return DurableStream.in(new Database(engine, store.database().tables(), time).session("default"), "a");
    }

    private static List<StreamAppend> five(int round) {
        return IntStream.range(0, 5).mapToObj(i -> say(round + "." + i + ";")).toList();
    }

    /** What was acknowledged of five; the others failed because that was asked for. */
    private static List<String> storedOf(int round, List<FutureTask<StreamAppended>> done) {
        List<String> stored = new ArrayList<>();
        for (int i = 0; i < done.size(); i++) {
            if (done.get(i).state() == Future.State.SUCCESS) {
                stored.add(round + "." + i + ";");
            } else {
                assertThat(ending(done.get(i))).isIn(FAULT, "java.lang.LinkageError");
            }
        }
        return stored;
    }

    private List<FutureTask<StreamAppended>> gather(List<StreamAppend> appends) {
        return gather(store.engine(), stream("a"), appends);
    }

    private static List<FutureTask<StreamAppended>> gather(
            Engine engine, DurableStream stream, List<StreamAppend> appends) {
        return Gathered.run(
                engine,
                stream.name(),
                appends.stream()
                        .map(append -> (Callable<StreamAppended>) () -> stream.append(append))
                        .toList());
    }

    /** The tail after an append, or the code of what it failed with. */
    private static String ending(FutureTask<StreamAppended> done) {
        if (done.state() == Future.State.SUCCESS) {
            return Long.toString(done.resultNow().tail());
        }
        Throwable failure = done.exceptionNow();
        return failure instanceof HoldfastException known
                ? known.code()
                : failure.getClass().getName();
    }

    private static List<StreamAppended> values(List<FutureTask<StreamAppended>> done) {
        return done.stream().map(StreamCombinedContract::value).toList();
    }

    private static StreamAppended value(FutureTask<StreamAppended> done) {
        if (done.state() == Future.State.SUCCESS) {
            return done.resultNow();
        }
        if (done.exceptionNow() instanceof HoldfastException known) {
            throw known;
        }
        throw new AssertionError("an append failed that must not", done.exceptionNow());
    }

    /** An append, and what its content means. */
    private record Sent(StreamAppend append, StreamBody body) {
        static Sent random(RandomProgram program) {
            boolean close = program.chance(2);
            StreamBody body = close && program.chance(50)
                    ? StreamBody.NOTHING
                    : StreamBody.random(bound -> program.random().nextInt(bound));
            StreamAppend append = StreamAppend.of(body.bytes());
            append = close ? append.andClose() : append;
            append = program.chance(10)
                    ? append.as(program.oneOf(List.of(StreamSpec.JSON, StreamSpec.OCTETS, "text/plain")))
                    : append;
            append = program.chance(15)
                    ? append.sequence(Integer.toString(100 + program.random().nextInt(100)))
                    : append;
            append = program.chance(50)
                    ? append.by(new ProducerStamp(
                            program.oneOf(List.of("p", "q", "r's \"{},\\")),
                            program.chance(5) ? 1 : 0,
                            program.random().nextInt(6)))
                    : append;
            return new Sent(append, body);
        }

        @Override
        public String toString() {
            return body.text() + " close=" + append.close() + " " + append.contentType() + " " + append.sequence() + " "
                    + append.producer();
        }
    }
}
