package dev.holdfast.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.client.ClientException;
import dev.holdfast.client.ClientException.Reason;
import dev.holdfast.client.ClientOptions;
import dev.holdfast.client.Live;
import dev.holdfast.client.ProducerOptions;
import dev.holdfast.client.ReadOptions;
import dev.holdfast.client.Reading;
import dev.holdfast.client.RemoteAppended;
import dev.holdfast.client.RemoteChunk;
import dev.holdfast.client.RemoteMessages;
import dev.holdfast.client.RemoteStream;
import dev.holdfast.client.StreamClient;
import dev.holdfast.client.StreamProducer;
import dev.holdfast.stream.ProducerStamp;
import dev.holdfast.stream.StreamAppend;
import dev.holdfast.stream.StreamSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client against a server that is not ours: the published reference server, also while it fails. */
class ReferenceServerIT {
    @TempDir
    static Path folder;

    private static ReferenceServer server;
    private static StreamClient client;
    private static final AtomicInteger STREAMS = new AtomicInteger();

    private RemoteStream stream;

    record Order(String item, int pieces) {}

    @BeforeAll
    static void start() throws IOException {
        server = ReferenceServer.start(folder);
        client = StreamClient.open(server.base(), ClientOptions.defaults().withRequestTimeout(Duration.ofSeconds(5)));
    }

    @BeforeEach
    void takeAName() {
        stream = client.stream("it-" + STREAMS.incrementAndGet());
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    @Test
    void makesAppendsTellsAndDeletes() {
        assertThat(stream.create(StreamSpec.of("text/plain").ttl(Duration.ofHours(1)))
                        .created())
                .isTrue();
        stream.append(bytes("one"));
        String tail = stream.append(bytes("two")).tail();

        assertThat(stream.head().tail()).isEqualTo(tail);
        assertThat(stream.head().ttlSeconds()).hasValue(3_600);
        assertThat(read(Live.CATCH_UP)).isEqualTo("onetwo");
        assertThat(refusal(() -> stream.create(StreamSpec.json()))).isEqualTo(Reason.OCCUPIED);
        assertThat(refusal(() -> stream.append(StreamAppend.of(bytes("x")).as("image/png"))))
                .isEqualTo(Reason.CONTENT_TYPE);
        stream.delete();
        assertThat(refusal(stream::head)).isEqualTo(Reason.NOT_FOUND);
    }

    @ParameterizedTest
    @EnumSource(Live.class)
    void bytesComeAsTheyWere(Live live) {
        byte[] content = new byte[100_000];
        new Random(7).nextBytes(content);
        stream.create(StreamSpec.bytes().content(content));
        stream.close();

        ByteArrayOutputStream read = new ByteArrayOutputStream();
        try (Reading<RemoteChunk> reading =
                stream.read(ReadOptions.beginning().live(live).directly())) {
            reading.forEachRemaining(chunk -> read.writeBytes(chunk.content()));
        }

        assertThat(read.toByteArray()).isEqualTo(content);
    }

    @ParameterizedTest
    @EnumSource(
            value = Live.class,
            names = {"LONG_POLL", "SSE"})
    void followsMessagesToTheEnd(Live live) {
        stream.create(StreamSpec.json());
        List<Order> read = new ArrayList<>();
        CompletableFuture<Void> reader = CompletableFuture.runAsync(() -> {
            try (Reading<RemoteMessages<Order>> reading =
                    stream.as(Order.class).read(ReadOptions.beginning().live(live))) {
                reading.forEachRemaining(messages -> read.addAll(messages.values()));
            }
        });

        for (int i = 0; i < 20; i++) {
            stream.as(Order.class).append(new Order("lamp", i));
        }
        stream.close();
        reader.join();

        assertThat(read)
                .extracting(Order::pieces)
                .isEqualTo(IntStream.range(0, 20).boxed().toList());
    }

    @Test
    void aProducerStoresEachMessageOnceAndClaims() {
        stream.create(StreamSpec.json());
        StreamProducer producer = stream.producer(
                "p", ProducerOptions.defaults().withAutoClaim(true).withBatchMessagesMax(10));
        List<CompletableFuture<RemoteAppended>> answers = new ArrayList<>();

        for (int i = 0; i < 500; i++) {
            answers.add(producer.append(bytes(Integer.toString(i))));
        }
        producer.flush();
        stream.append(StreamAppend.of(bytes("500")).by(new ProducerStamp("p", 7, 0)));
        answers.add(producer.append(bytes("501")));
        producer.close(bytes("502"));

        assertThat(answers).allMatch(CompletableFuture::isDone);
        assertThat(producer.epoch()).isEqualTo(8);
        assertThat(read(Live.CATCH_UP)).isEqualTo("[" + numbers(503) + "]");
        assertThat(refusal(() -> stream.append(bytes("503")))).isEqualTo(Reason.CLOSED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"status\":503,\"count\":2",
                "\"status\":429,\"count\":1,\"retryAfter\":0",
                "\"dropConnection\":true,\"count\":2"
            })
    void goesOnAfterFailures(String fault) throws Exception {
        stream.create(StreamSpec.of("text/plain").content(bytes("content")));
        String path = stream.name();

        server.inject(path, fault);
        assertThat(read(Live.CATCH_UP)).isEqualTo("content");
        server.inject(path, fault);
        StreamProducer producer = stream.producer("p", ProducerOptions.defaults());
        List<CompletableFuture<RemoteAppended>> answers =
                List.of(producer.append(bytes("+")), producer.append(bytes("-")));
        answers.forEach(CompletableFuture::join);
        stream.close();
        server.inject(path, fault);
        assertThat(read(Live.LONG_POLL)).isEqualTo("content+-");
        server.inject(path, fault);

        assertThat(read(Live.SSE)).isEqualTo("content+-");
    }

    @Test
    void skipsEventsThatItDoesNotKnow() throws Exception {
        stream.create(StreamSpec.of("text/plain").content(bytes("content")).asClosed());

        server.inject(stream.name(), "\"injectSseEvent\":{\"eventType\":\"news\",\"data\":\"{oops\"},\"count\":1");

        assertThat(read(Live.SSE)).isEqualTo("content");
    }

    private String read(Live live) {
        StringBuilder text = new StringBuilder();
        try (Reading<RemoteChunk> reading =
                stream.read(ReadOptions.beginning().live(live).directly())) {
            reading.forEachRemaining(chunk -> text.append(chunk.text()));
        }
        return text.toString();
    }

    private static String numbers(int count) {
        return String.join(
                ",", IntStream.range(0, count).mapToObj(Integer::toString).toList());
    }

    private static Reason refusal(ThrowingCallable call) {
        return catchThrowableOfType(ClientException.class, call).reason();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
