package dev.holdfast.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.Holdfast;
import dev.holdfast.client.ClientException.Reason;
import dev.holdfast.server.HoldfastServer;
import dev.holdfast.server.durablestreams.DurableStreamsOptions;
import dev.holdfast.server.http.Authenticator;
import dev.holdfast.server.http.HttpServerOptions;
import dev.holdfast.stream.ProducerStamp;
import dev.holdfast.stream.StreamAppend;
import dev.holdfast.stream.StreamFork;
import dev.holdfast.stream.StreamSpec;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the client promises, against a store that is served. */
abstract class RemoteStreamContract {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    // Jetty tells of every start and stop; kept in a field because loggers are held weakly.
    private static final Logger JETTY = Logger.getLogger("org.eclipse.jetty");

    static {
        JETTY.setLevel(Level.WARNING);
    }

    record Order(String item, int pieces) {}

    private Holdfast holdfast;
    private HoldfastServer server;
    private StreamClient client;

    /** The name of an empty store. */
    abstract String db();

    @BeforeEach
    void serve() {
        holdfast = Holdfast.open(db());
        server = HoldfastServer.start(
                holdfast,
                HttpServerOptions.defaults().withPort(0),
                DurableStreamsOptions.defaults().withLongPollTimeout(Duration.ofMillis(300)),
                Authenticator.none());
        client = StreamClient.open(URI.create(server.baseUrl() + "/v1/stream"));
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
        holdfast.close();
    }

    @Test
    void makesConfirmsAndRefuses() {
        RemoteStream stream = client.stream("a/b c\u00e4");

        RemoteCreated made = stream.create(StreamSpec.of("text/plain").content(bytes("first")));

        assertThat(made.created()).isTrue();
        assertThat(stream.create(StreamSpec.of("text/plain")).created()).isFalse();
        assertThat(refusal(() -> stream.create(StreamSpec.json()))).isEqualTo(Reason.OCCUPIED);
        assertThat(stream.head().tail()).isEqualTo(made.tail());
        assertThat(holdfast.stream("a/b c\u00e4").head().tail()).isEqualTo(5);
    }

    @Test
    void headTellsWhatThereIs() {
        client.stream("a").create(StreamSpec.json().ttl(Duration.ofHours(1)).asClosed());

        RemoteInfo info = client.stream("a").head();

        assertThat(info.json()).isTrue();
        assertThat(info.closed()).isTrue();
        assertThat(info.ttlSeconds()).hasValue(3_600);
        assertThat(refusal(() -> client.stream("none").head())).isEqualTo(Reason.NOT_FOUND);
    }

    @Test
    void forksAStream() {
        client.stream("source").create(StreamSpec.of("text/plain").content(bytes("abcdef")));

        client.stream("fork").create(StreamSpec.of(StreamFork.of("source", 0)));
        client.stream("other").create(StreamSpec.of(StreamFork.of("source")));

        assertThat(text(client.stream("fork"))).isEmpty();
        assertThat(text(client.stream("other"))).isEqualTo("abcdef");
        assertThat(refusal(() -> client.stream("x").create(StreamSpec.of(StreamFork.of("none")))))
                .isEqualTo(Reason.NOT_FOUND);
    }

    @Test
    void appendsAndReads() {
        RemoteStream stream = client.stream("a");
        stream.create(StreamSpec.of("text/plain"));

        String after = stream.append(bytes("one ")).tail();
        stream.append(bytes("two"));

        assertThat(text(stream)).isEqualTo("one two");
        assertThat(text(stream, after)).isEqualTo("two");
        assertThat(refusal(() -> stream.append(StreamAppend.of(bytes("x")).as("image/png"))))
                .isEqualTo(Reason.CONTENT_TYPE);
        assertThatThrownBy(() -> stream.append(new byte[0])).hasMessageStartingWith("client.empty");
        assertThat(refusal(() -> text(stream, "nonsense"))).isEqualTo(Reason.BAD_REQUEST);
    }

    @Test
    void overlappingAppendsAreAllStoredInTheOrderOfTheirCallers() throws InterruptedException {
        RemoteStream stream = client.stream("a");
        stream.create(StreamSpec.json());

        List<Thread> callers = IntStream.range(0, 8)
                .mapToObj(caller -> Thread.ofVirtual().start(() -> {
                    for (int n = 0; n < 50; n++) {
                        stream.append(bytes("{\"caller\":" + caller + ",\"n\":" + n + "}"));
                    }
                }))
                .toList();
        for (Thread caller : callers) {
            caller.join();
        }

        int[] next = new int[8];
        try (Reading<RemoteChunk> reading = stream.read(ReadOptions.beginning())) {
            reading.forEachRemaining(chunk -> chunk.messages().forEach(message -> {
                int caller = message.path("caller").asInt(-1);
                assertThat(message.path("n").asInt(-1)).isEqualTo(next[caller]++);
            }));
        }
        assertThat(next).containsOnly(50);
    }

    @Test
    void sequencesMustGrow() {
        RemoteStream stream = client.stream("a");
        stream.create(StreamSpec.of("text/plain"));
        stream.append(StreamAppend.of(bytes("a")).sequence("2"));

        assertThat(refusal(() -> stream.append(StreamAppend.of(bytes("b")).sequence("10"))))
                .isEqualTo(Reason.SEQUENCE);
        assertThat(text(stream)).isEqualTo("a");
    }

    @Test
    void aClosedStreamTakesNoMore() {
        RemoteStream stream = client.stream("a");
        stream.create(StreamSpec.of("text/plain"));

        RemoteAppended last = stream.append(StreamAppend.of(bytes("end")).andClose());

        assertThat(last.closed()).isTrue();
        assertThat(stream.close().tail()).isEqualTo(last.tail());
        ClientException refused = catchThrowableOfType(ClientException.class, () -> stream.append(bytes("more")));
        assertThat(refused.reason()).isEqualTo(Reason.CLOSED);
        assertThat(refused.tail()).contains(last.tail());
    }

    @Test
    void deletesAStream() {
        RemoteStream stream = client.stream("a");
        stream.create(StreamSpec.of("text/plain"));

        stream.delete();

        assertThat(refusal(stream::delete)).isEqualTo(Reason.NOT_FOUND);
        assertThat(refusal(() -> stream.append(bytes("a")))).isEqualTo(Reason.NOT_FOUND);
    }

    @ParameterizedTest
    @EnumSource(
            value = Live.class,
            names = {"LONG_POLL", "SSE"})
    void followsAStreamToItsEnd(Live live) {
        RemoteStream stream = client.stream("a");
        stream.create(StreamSpec.of("text/plain").content(bytes("0")));

        try (Reading<RemoteChunk> reading = stream.read(ReadOptions.beginning().live(live))) {
            assertThat(reading.next().text()).isEqualTo("0");
            for (int i = 1; i <= 20; i++) {
                stream.append(bytes("<" + i + ">"));
                assertThat(reading.next().text()).isEqualTo("<" + i + ">");
            }
            stream.append(StreamAppend.of(bytes("end")).andClose());
            RemoteChunk last = reading.next();
            assertThat(last.text()).isEqualTo("end");
            while (!last.atEnd()) {
                last = reading.next();
                assertThat(last.isEmpty()).isTrue();
            }
            assertThat(reading.hasNext()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(Live.class)
    void bytesComeAsTheyWere(Live live) {
        long seed = System.nanoTime();
        byte[] content = new byte[400_000];
        new Random(seed).nextBytes(content);
        RemoteStream stream = client.stream("a");
        stream.create(StreamSpec.bytes());
        for (int at = 0; at < content.length; at += 50_000) {
            stream.append(Arrays.copyOfRange(content, at, at + 50_000));
        }
        stream.close();

        ByteArrayOutputStream read = new ByteArrayOutputStream();
        try (Reading<RemoteChunk> reading =
                stream.read(ReadOptions.beginning().live(live).directly())) {
            reading.forEachRemaining(chunk -> read.writeBytes(chunk.content()));
        }

        assertThat(Arrays.equals(read.toByteArray(), content))
                .as("seed %d", seed)
                .isTrue();
    }

    @Test
    void readsFromNowOn() {
        RemoteStream stream = client.stream("a");
        stream.create(StreamSpec.of("text/plain").content(bytes("old")));

        try (Reading<RemoteChunk> reading = stream.read(ReadOptions.now().live(Live.SSE))) {
            assertThat(reading.next().isEmpty()).isTrue();
            stream.append(bytes("new"));
            assertThat(reading.next().text()).isEqualTo("new");
        }
    }

    @Test
    void aReadingEndsWithItsStream() {
        RemoteStream stream = client.stream("a");
        stream.create(StreamSpec.of("text/plain").content(bytes("a")));

        try (Reading<RemoteChunk> reading = stream.read(ReadOptions.beginning().live(Live.SSE))) {
            assertThat(reading.next().text()).isEqualTo("a");
            stream.delete();
            assertThat(refusal(() -> reading.poll(LIMIT))).isEqualTo(Reason.NOT_FOUND);
        }
    }

    @Test
    void viewsHaveTypes() {
        RemoteView<Order> orders = client.stream("a").as(Order.class);
        orders.stream().create(StreamSpec.json());

        orders.append(new Order("lamp", 1));
        orders.appendAll(List.of(new Order("desk", 2), new Order("chair", 4)));
        orders.appendAsync(new Order("rug", 1)).join();

        List<Order> read = new ArrayList<>();
        try (Reading<RemoteMessages<Order>> reading = orders.read(ReadOptions.beginning())) {
            reading.forEachRemaining(messages -> read.addAll(messages.values()));
        }
        assertThat(read)
                .containsExactly(
                        new Order("lamp", 1), new Order("desk", 2), new Order("chair", 4), new Order("rug", 1));
    }

    @Test
    void aMessageThatIsAnArrayStaysOne() {
        RemoteView<int[]> view = client.stream("a").as(int[].class);
        view.stream().create(StreamSpec.json());

        view.append(new int[] {1, 2});
        view.append(new int[] {});

        try (Reading<RemoteMessages<int[]>> reading = view.read(ReadOptions.beginning())) {
            List<int[]> read = reading.next().values();
            assertThat(read.get(0)).containsExactly(1, 2);
            assertThat(read.get(1)).isEmpty();
        }
    }

    @Test
    void whatIsOfAnotherTypeEndsTheReading() {
        RemoteStream stream = client.stream("a");
        stream.create(StreamSpec.json().content(bytes("\"text\"")));

        try (Reading<RemoteMessages<Order>> reading = stream.as(Order.class).read(ReadOptions.beginning())) {
            assertThat(refusal(reading::hasNext)).isEqualTo(Reason.MALFORMED);
        }
    }

    @Test
    void aProducerStoresEachMessageOnceInOrder() {
        RemoteStream stream = client.stream("a");
        stream.create(StreamSpec.json());
        StreamProducer producer =
                stream.producer("p", ProducerOptions.defaults().withBatchMessagesMax(7));
        List<CompletableFuture<RemoteAppended>> answers = new ArrayList<>();

        for (int i = 0; i < 1_000; i++) {
            answers.add(producer.append(bytes(Integer.toString(i))));
        }
        producer.flush();

        assertThat(answers).allMatch(answer -> answer.isDone() && !answer.isCompletedExceptionally());
        List<Integer> read = new ArrayList<>();
        try (Reading<RemoteMessages<Integer>> reading = stream.as(Integer.class).read(ReadOptions.beginning())) {
            reading.forEachRemaining(messages -> read.addAll(messages.values()));
        }
        assertThat(read).isEqualTo(IntStream.range(0, 1_000).boxed().toList());
    }

    @Test
    void aProducerIsFencedOrClaims() {
        RemoteStream stream = client.stream("a");
        stream.create(StreamSpec.of("text/plain"));
        StreamProducer old = stream.producer("p", ProducerOptions.defaults());
        StreamProducer claiming =
                stream.producer("p", ProducerOptions.defaults().withAutoClaim(true));
        old.append(bytes("a")).join();
        stream.append(StreamAppend.of(bytes("b")).by(new ProducerStamp("p", 5, 0)));

        CompletableFuture<RemoteAppended> fenced = old.append(bytes("lost"));
        assertThat(refusal(old::flush)).isEqualTo(Reason.STALE_EPOCH);
        RemoteAppended taken = claiming.append(bytes("c")).join();

        assertThat(fenced).isCompletedExceptionally();
        assertThat(taken.producer()).contains(new ProducerStamp("p", 6, 0));
        assertThat(claiming.epoch()).isEqualTo(6);
        assertThat(text(stream)).isEqualTo("abc");
    }

    @Test
    void aProducerClosesTheStream() {
        RemoteStream stream = client.stream("a");
        stream.create(StreamSpec.of("text/plain"));
        StreamProducer producer = stream.producer("p", ProducerOptions.defaults());
        CompletableFuture<RemoteAppended> first = producer.append(bytes("a"));

        RemoteAppended closed = producer.close(bytes("b"));

        assertThat(first).isCompleted();
        assertThat(closed.closed()).isTrue();
        assertThat(producer.close()).isEqualTo(closed);
        assertThat(refusal(
                        () -> stream.producer("q", ProducerOptions.defaults()).close()))
                .isEqualTo(Reason.CLOSED);
        assertThat(text(stream)).isEqualTo("ab");
    }

    private static Reason refusal(ThrowingCallable call) {
        return catchThrowableOfType(ClientException.class, call).reason();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static String text(RemoteStream stream) {
        return text(stream, ReadOptions.BEGINNING);
    }

    private static String text(RemoteStream stream, String from) {
        StringBuilder text = new StringBuilder();
        try (Reading<RemoteChunk> reading = stream.read(ReadOptions.from(from))) {
            reading.forEachRemaining(chunk -> text.append(chunk.text()));
        }
        return text.toString();
    }
}
