package dev.holdfast.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.cli.load.LoadCheck;
import dev.holdfast.cli.load.LoadReaders;
import dev.holdfast.cli.load.LoadResult;
import dev.holdfast.cli.load.LoadShape;
import dev.holdfast.cli.load.LoadTarget;
import dev.holdfast.cli.load.StreamLoad;
import dev.holdfast.cli.load.StreamReading;
import dev.holdfast.json.Json;
import dev.holdfast.server.HoldfastServer;
import dev.holdfast.server.http.Authenticator;
import dev.holdfast.server.http.HttpServerOptions;
import dev.holdfast.server.http.TokenLookup;
import dev.holdfast.stream.StreamSpec;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class BenchStreamsCommandTest {
    private static final String SECRET = "the-administrators-secret";
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final Holdfast holdfast;
    private HoldfastServer server;

    BenchStreamsCommandTest(@TempDir Path folder) {
        holdfast = Holdfast.open(folder.resolve("app.db"));
        server = start(Authenticator.none());
    }

    @AfterEach
    void stop() {
        server.close();
        holdfast.close();
    }

    private HoldfastServer start(Authenticator rules) {
        return HoldfastServer.start(holdfast, HttpServerOptions.defaults().withPort(0), rules);
    }

    private String url() {
        return server.baseUrl() + "/v1/stream";
    }

    private StreamLoad load(LoadShape shape) throws Exception {
        return new StreamLoad(LoadTarget.of(url(), Optional.empty()), shape);
    }

    @Test
    void whatIsAcknowledgedIsWhatTheStoreHolds() throws Exception {
        try (StreamLoad load = load(new LoadShape(8, 5, 64, 0))) {
            load.create();

            LoadResult full = load.append(300);
            LoadResult planned = load.appendAt(1_000, TimeUnit.MILLISECONDS.toNanos(200));

            assertThat(full.acknowledged()).isEqualTo(300);
            assertThat(planned.acknowledged()).isEqualTo(200);
            assertThat(full.failed() + planned.failed()).isZero();
            assertThat(load.acknowledged()).isEqualTo(500);
            assertThat(load.check()).isEqualTo(new LoadCheck(500, 500, 0));
            assertThat(stored()).isEqualTo(500 * 64);
            load.delete();
            assertThat(holdfast.streams().list("", "", 10)).isEmpty();
        }
    }

    @Test
    void oneRequestStoresSoManyMessages() throws Exception {
        try (StreamLoad load = load(new LoadShape(3, 2, 100, 40))) {
            load.create();

            load.append(30);

            assertThat(load.check()).isEqualTo(new LoadCheck(1_200, 1_200, 0));
            assertThat(stored()).isEqualTo(1_200);
        }
    }

    @Test
    void sayWhatIsStoredBesidesAndWhatIsMissing() throws Exception {
        try (StreamLoad load = load(new LoadShape(2, 2, 32, 0))) {
            load.create();
            load.append(20);
            String name = load.place().path().substring("/v1/stream/".length());

            holdfast.stream(name + "/0").append("@0000000000000007 of somebody else".getBytes(UTF_8));
            LoadCheck more = load.check();
            holdfast.stream(name + "/1").delete();
            load.create();
            LoadCheck less = load.check();

            assertThat(more).isEqualTo(new LoadCheck(20, 21, 1));
            assertThat(less.right()).isFalse();
            assertThat(less.wrong()).isEqualTo(2);
        }
    }

    @Test
    void everyReaderGetsEveryMessage() throws Exception {
        for (int messages : List.of(0, 3)) {
            try (StreamLoad load = load(new LoadShape(4, 1, 64, messages))) {
                load.create();
                load.append(10);
                long before = load.acknowledged();
                try (LoadReaders readers = load.readers(20)) {
                    load.append(50);

                    long sent = load.acknowledged() - before;
                    readers.awaitEach(sent, 1, TimeUnit.MINUTES);

                    assertThat(sent).isEqualTo(50L * Math.max(1, messages));
                    assertThat(readers.agreeOn(sent)).isTrue();
                    assertThat(readers.latencies().count()).isEqualTo(20 * sent);
                }
            }
        }
    }

    @Test
    void aReaderTakesAWholeStream() throws Exception {
        byte[] part = "0123456789".repeat(30_000).getBytes(UTF_8);
        holdfast.stream("big/0").create(StreamSpec.bytes());
        for (int i = 0; i < 12; i++) {
            holdfast.stream("big/0").append(part);
        }

        var taken = StreamReading.take(LoadTarget.of(url() + "/big", Optional.empty()));

        assertThat(taken.bytes()).isEqualTo(12L * part.length);
        assertThat(taken.answers()).isBetween(3L, 12L);
    }

    @Test
    void printsCeilingFullSpeedAndRateAndLeavesNothingBehind() {
        var result = bench("--connections", "4", "--streams", "3", "--duration", "300ms", "--rate", "100");

        assertThat(result.code()).as(result.err()).isZero();
        List<JsonNode> lines = result.lines().stream().map(Json::parse).toList();
        assertThat(lines)
                .extracting(line -> line.path("operation").stringValue())
                .containsExactly("ceiling", "append", "append at a rate");
        assertThat(lines).allSatisfy(line -> {
            assertThat(line.path("operations").intValue()).isPositive();
            assertThat(line.path("failed").intValue()).isZero();
            assertThat(line.path("p50Micros").doubleValue())
                    .isPositive()
                    .isLessThanOrEqualTo(line.path("p999Micros").doubleValue());
        });
        assertThat(lines.getLast().path("operations").intValue()).isEqualTo(30);
        assertThat(lines.getLast().path("durability").stringValue()).isEqualTo("synchronous=full");
        assertThat(result.err()).contains("streams that differ: 0");
        assertThat(holdfast.streams().list("", "", 10)).isEmpty();
    }

    @Test
    void printsWhatReadersGot() {
        var result = bench("--readers", "5", "--duration", "200ms", "--rate", "50", "--messages", "2", "-o", "table");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.lines()).hasSize(4);
        assertThat(result.lines().getFirst()).startsWith("OPERATION").contains("P999MICROS", "DURABILITY");
        assertThat(result.lines().getLast()).startsWith("delivery to 5");
    }

    @Test
    void bearsATokenWhereOneIsAskedFor() {
        server.close();
        server = start(Authenticator.bearer(TokenLookup.admin(SECRET)));

        var refused = bench("--duration", "100ms");
        var allowed = bench("--duration", "100ms", "--token", SECRET);

        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("is answered 401", "cli.load");
        assertThat(allowed.code()).as(allowed.err()).isZero();
    }

    @Test
    void failsWhereNobodyAnswers() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }

        var result = Shell.run("bench", "streams", "http://127.0.0.1:" + port + "/v1/stream");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("Connection refused", "cli.load");
    }

    @Test
    void aStopEndsALongRun() throws Exception {
        try (StreamLoad load = load(new LoadShape(2, 1, 32, 0))) {
            load.create();
            Thread.ofVirtual().start(load::stop);

            LoadResult result = load.appendAt(1, MINUTE);

            assertThat(load.stopped()).isTrue();
            assertThat(result.unsent() + result.acknowledged()).isEqualTo(60);
            assertThat(result.unsent()).isPositive();
        }
    }

    private Shell.Result bench(String... more) {
        return Shell.run(Stream.concat(Stream.of("bench", "streams", url()), Stream.of(more))
                .toArray(String[]::new));
    }

    /** What all streams hold, by their tails: bytes, or messages of JSON. */
    private long stored() {
        return holdfast.streams().list("", "", 100).stream()
                .mapToLong(info -> info.tail())
                .sum();
    }
}
