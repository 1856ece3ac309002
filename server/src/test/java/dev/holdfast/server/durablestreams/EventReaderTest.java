package dev.holdfast.server.durablestreams;

import static dev.holdfast.server.durablestreams.StreamServer.JSON;
import static dev.holdfast.server.durablestreams.StreamServer.TEXT;
import static dev.holdfast.server.durablestreams.StreamServer.header;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.server.durablestreams.StreamEvents.Event;
import dev.holdfast.server.http.HttpLimits;
import dev.holdfast.server.http.HttpServerOptions;
import dev.holdfast.stream.StreamOffset;
import dev.holdfast.stream.StreamSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Readers of an event stream. */
@Timeout(60)
class EventReaderTest {
    private static final String BEGIN = "?offset=-1&live=sse";
    private static final HttpServerOptions QUICK_PINGS =
            HttpServerOptions.defaults().withPingInterval(Duration.ofMillis(20));

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void everyContentHasItsControlAndTheEndIsTold(HttpClient.Version version) throws Exception {
        try (StreamServer server = StreamServer.open(version)) {
            server.create("s", JSON, "1");
            try (StreamEvents events = server.events("s" + BEGIN)) {
                assertThat(events.answer().version()).isEqualTo(version);
                assertThat(header(events.answer(), "Content-Type")).isEqualTo("text/event-stream");
                assertThat(header(events.answer(), "X-Accel-Buffering")).isEqualTo("no");
                assertThat(header(events.answer(), "Stream-SSE-Data-Encoding")).isEmpty();
                assertThat(events.next("data").data()).isEqualTo("[1]");
                Event first = events.next("control");
                assertThat(first.nextOffset()).isEqualTo(StreamOffset.text(1));
                assertThat(first.json().path("upToDate").asBoolean()).isTrue();
                assertThat(first.json().path("streamCursor").asString()).matches("\\d+");

                server.send("POST", "s", "[2,3]", "Content-Type", JSON, "Stream-Closed", "true");

                assertThat(events.next("data").data()).isEqualTo("[2,3]");
                Event last = events.next("control");
                assertThat(last.nextOffset()).isEqualTo(StreamOffset.text(3));
                assertThat(last.json().path("streamClosed").asBoolean()).isTrue();
                assertThat(last.has("streamCursor")).isFalse();
                assertThat(events.poll()).isEmpty();
            }
            server.awaitReaders(0);
        }
    }

    @Test
    void aClosedStreamAtItsEndIsOneEvent() throws Exception {
        try (StreamServer server = StreamServer.open()) {
            server.send("PUT", "s", "x", "Content-Type", TEXT, "Stream-Closed", "true");
            try (StreamEvents events = server.events("s?live=sse&offset=" + StreamOffset.text(1))) {
                assertThat(events.next("control").json().path("streamClosed").asBoolean())
                        .isTrue();
                assertThat(events.poll()).isEmpty();
            }
        }
    }

    @Test
    void bytesAreBase64() throws Exception {
        byte[] bytes = new byte[700_000];
        new Random(5).nextBytes(bytes);
        try (StreamServer server = StreamServer.open()) {
            server.store().stream("s").create(StreamSpec.bytes());
            for (int i = 0; i < 7; i++) {
                server.store().stream("s").append(Arrays.copyOfRange(bytes, i * 100_000, (i + 1) * 100_000));
            }
            ByteArrayOutputStream read = new ByteArrayOutputStream();
            try (StreamEvents events = server.events("s" + BEGIN)) {
                assertThat(header(events.answer(), "Stream-SSE-Data-Encoding")).isEqualTo("base64");
                while (read.size() < bytes.length) {
                    read.writeBytes(
                            Base64.getDecoder().decode(events.next("data").data()));
                    assertThat(events.next("control").nextOffset()).isEqualTo(StreamOffset.text(read.size()));
                }
            }
            assertThat(read.toByteArray()).isEqualTo(bytes);
        }
    }

    @Test
    void noTextForgesAnEvent() throws Exception {
        String text = "a\n\nevent: control\ndata:{\"streamNextOffset\":\"x\"}\r\n\r\nevent: data\r\rdata: b\n";
        try (StreamServer server = StreamServer.open()) {
            server.create("s", TEXT, text);
            try (StreamEvents events = server.events("s" + BEGIN)) {
                assertThat(events.next("data").data())
                        .isEqualTo(text.replace("\r\n", "\n").replace('\r', '\n'));
                assertThat(events.next("control").nextOffset()).isEqualTo(StreamOffset.text(text.length()));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&cursor=5", "&cursor=garbage"})
    void idleReadersAreToldNowAndThenWhereTheyAre(String cursor) throws Exception {
        try (StreamServer server = StreamServer.open(QUICK_PINGS, StreamServer.patient())) {
            server.create("s", TEXT, "one");
            try (StreamEvents events = server.events("s?offset=now&live=sse" + cursor)) {
                for (int i = 0; i < 3; i++) {
                    Event idle = events.next("control");
                    assertThat(idle.nextOffset()).isEqualTo(StreamOffset.text(3));
                    assertThat(idle.json().path("upToDate").asBoolean()).isTrue();
                }
            }
            server.awaitReaders(0);
        }
    }

    @Test
    void aStreamOfSomeAgeEndsInOrderAndGoesOnWhereItWas() throws Exception {
        DurableStreamsOptions options = StreamServer.patient().withSseMaxAge(Duration.ofSeconds(1));
        try (StreamServer server = StreamServer.open(QUICK_PINGS, options)) {
            server.create("s", TEXT, "one");
            String offset = "-1";
            StringBuilder read = new StringBuilder();
            for (int round = 0; round < 2; round++) {
                try (StreamEvents events = server.events("s?live=sse&offset=" + offset)) {
                    for (Optional<Event> event = events.poll(); event.isPresent(); event = events.poll()) {
                        if (event.get().name().equals("data")) {
                            read.append(event.get().data());
                        } else {
                            offset = event.get().nextOffset();
                        }
                    }
                }
                server.append("s", TEXT, "two");
            }
            assertThat(read).hasToString("onetwo");
        }
    }

    @Test
    void deletionEndsInOrder() throws Exception {
        try (StreamServer server = StreamServer.open()) {
            server.create("s", TEXT, "one");
            try (StreamEvents events = server.events("s?offset=now&live=sse")) {
                events.next("control");

                server.send("DELETE", "s", "");

                events.awaitEnd();
            }
            server.awaitReaders(0);
            assertThat(server.get("s?offset=now&live=sse").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void aServerThatStopsEndsInOrder() throws Exception {
        StreamServer server = StreamServer.open();
        server.create("s", TEXT, "one");
        try (StreamEvents events = server.events("s" + BEGIN)) {
            events.next("data");

            server.server().close();

            events.awaitEnd();
        } finally {
            server.close();
        }
    }

    @Test
    void whatIsLargerThanTheBufferArrivesWholeAndInOrder() throws Exception {
        HttpServerOptions tight =
                HttpServerOptions.defaults().withLimits(HttpLimits.defaults().withStreamBytes(10_000));
        try (StreamServer server = StreamServer.open(tight, StreamServer.patient())) {
            server.create("s", JSON, "");
            for (int i = 0; i < 300; i++) {
                server.store().stream("s").append(("[" + i + ",\"" + "x".repeat(20_000) + "\"]").getBytes(UTF_8));
            }
            List<Integer> read = new ArrayList<>();
            try (StreamEvents events = server.events("s" + BEGIN)) {
                while (read.size() < 300) {
                    events.next("data")
                            .json()
                            .valueStream()
                            .filter(n -> n.isInt())
                            .forEach(n -> read.add(n.intValue()));
                    events.next("control");
                }
            }
            assertThat(read).isSorted().doesNotHaveDuplicates();
        }
    }

    @Test
    void aReaderThatTakesNothingHoldsUpNobody() throws Exception {
        try (StreamServer server = StreamServer.open();
                Socket stuck = new Socket()) {
            server.create("s", TEXT, "");
            askAndTakeNothing(stuck, server);
            server.awaitReaders(1);
            String piece = "x".repeat(100_000);
            try (StreamEvents events = server.events("s" + BEGIN)) {
                events.next("control");
                for (int i = 0; i < 100; i++) {
                    server.append("s", TEXT, piece);
                    assertThat(events.next("data").data()).hasSize(piece.length());
                    events.next("control");
                }
            }
        }
    }

    @Test
    void whoTakesNothingIsCutWhenItsTimeIsOver() throws Exception {
        DurableStreamsOptions options = StreamServer.patient().withSseMaxAge(Duration.ofSeconds(1));
        try (StreamServer server = StreamServer.open(QUICK_PINGS, options);
                Socket stuck = new Socket()) {
            server.create("s", TEXT, "");
            for (int i = 0; i < 100; i++) {
                server.store().stream("s").append("x".repeat(100_000).getBytes(UTF_8));
            }
            askAndTakeNothing(stuck, server);
            server.awaitReaders(1);

            server.awaitReaders(0);
        }
    }

    @Test
    void allReadersSeeTheSameWhateverTheirPace() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (StreamServer server = StreamServer.open()) {
            server.create("s", JSON, "");
            List<StreamEvents> readers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                readers.add(server.events("s" + BEGIN));
            }
            Thread writer = Thread.ofVirtual().start(() -> {
                for (int i = 0; i < 300; i++) {
                    String body = "[" + i + ",\"" + "y".repeat(random.nextInt(3_000)) + "\"]";
                    server.store().stream("s").append(body.getBytes(UTF_8));
                }
                server.store().stream("s").close();
            });
            for (StreamEvents reader : readers) {
                List<Integer> read = new ArrayList<>();
                String last = "";
                for (Optional<Event> event = reader.poll(); event.isPresent(); event = reader.poll()) {
                    if (event.get().name().equals("data")) {
                        event.get().json().valueStream().filter(n -> n.isInt()).forEach(n -> read.add(n.intValue()));
                    } else {
                        assertThat(event.get().nextOffset()).isGreaterThanOrEqualTo(last);
                        last = event.get().nextOffset();
                    }
                }
                assertThat(read).as("seed %d", seed).hasSize(300).isSorted().doesNotHaveDuplicates();
                assertThat(last).isEqualTo(StreamOffset.text(600));
                reader.close();
            }
            writer.join();
        }
    }

    /** Asks for an event stream without ever reading. */
    private static void askAndTakeNothing(Socket socket, StreamServer server) throws IOException {
        socket.setReceiveBufferSize(4_096);
        socket.connect(new InetSocketAddress(
                InetAddress.getLoopbackAddress(), server.server().port()));
        socket.getOutputStream()
                .write(("GET /v1/stream/s" + BEGIN + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
    }
}
