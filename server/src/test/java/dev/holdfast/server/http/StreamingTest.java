package dev.holdfast.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StreamingTest {
    private static final int LARGE = 64 * 1024 * 1024;

    private TestServer server = TestServer.of();

    private void start(Route... routes) {
        server.close();
        server = TestServer.of(routes);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void sendsABodyOfUnknownLengthPieceByPiece() throws Exception {
        start(Route.get(
                "/lines",
                "lines",
                x -> x.respond(200, ContentType.NDJSON, out -> {
                    for (int i = 0; i < 10_000; i++) {
                        out.write((i + "\n").getBytes(UTF_8));
                    }
                    out.write('!');
                })));

        var answer = server.ask("GET", "/lines");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("content-type")).contains("application/x-ndjson");
        assertThat(answer.header("transfer-encoding")).contains("chunked");
        assertThat(answer.text()).startsWith("0\n1\n").endsWith("9999\n!");
        assertThat(answer.text().lines().count()).isEqualTo(10_001);
    }

    @Test
    void flushingSendsWhatIsThere() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        start(Route.get(
                "/slow",
                "slow",
                x -> x.respond(200, ContentType.TEXT, out -> {
                    out.write('a');
                    out.flush();
                    goOn.await();
                    out.write('b');
                })));

        try (RawClient raw = server.raw().send("GET /slow HTTP/1.1\nHost: localhost\n\n")) {
            raw.head();

            assertThat(raw.textChunk()).isEqualTo("a");
            goOn.countDown();
            assertThat(raw.textChunk()).isEqualTo("b");
            assertThat(raw.chunk()).isEmpty();
        }
    }

    @Test
    void aSlowReaderHoldsTheWriterBack() throws Exception {
        AtomicLong written = new AtomicLong();
        byte[] piece = new byte[64 * 1024];
        CountDownLatch blocked = new CountDownLatch(LARGE / piece.length / 8);
        start(Route.get(
                "/large",
                "large",
                x -> x.respond(200, ContentType.BYTES, out -> {
                    for (int i = 0; i < LARGE / piece.length; i++) {
                        out.write(piece);
                        written.addAndGet(piece.length);
                        blocked.countDown();
                    }
                })));

        try (RawClient raw = server.raw().send("GET /large HTTP/1.1\nHost: localhost\n\n")) {
            raw.head();

            // The sockets' buffers take a few megabytes; an eighth of the body would be 8 MiB more than we read.
            assertThat(blocked.await(1, TimeUnit.SECONDS)).isFalse();
            assertThat(written.get()).isLessThan(LARGE / 8);
            long received = 0;
            for (byte[] chunk = raw.chunk(); chunk.length > 0; chunk = raw.chunk()) {
                received += chunk.length;
            }
            assertThat(received).isEqualTo(LARGE);
        }
    }

    @Test
    void anAnswerThatBreaksOffIsCutAndNotEnded() throws Exception {
        start(Route.get(
                "/half",
                "half",
                x -> x.respond(200, ContentType.TEXT, out -> {
                    out.write(new byte[100_000]);
                    throw new IllegalStateException("half way");
                })));

        try (RawClient raw = server.raw().send("GET /half HTTP/1.1\nHost: localhost\n\n")) {
            raw.head();

            assertThat(raw.chunk()).isNotEmpty();
            assertThatThrownBy(raw::chunk).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void closingTheStreamDoesNotHideThatTheWriterFailed() throws Exception {
        start(Route.get(
                "/half",
                "half",
                x -> x.respond(200, ContentType.TEXT, out -> {
                    try (OutputStream closing = out) {
                        closing.write(new byte[100_000]);
                        throw new IllegalStateException("half way");
                    }
                })));

        try (RawClient raw = server.raw().send("GET /half HTTP/1.1\nHost: localhost\n\n")) {
            raw.head();

            assertThatThrownBy(() -> {
                        while (raw.chunk().length > 0) {}
                    })
                    .isInstanceOf(EOFException.class);
        }
    }

    @Test
    void aHandlerCannotHideThatItsWriterFailed() throws Exception {
        start(Route.get("/hidden", "hidden", x -> {
            try {
                x.respond(200, ContentType.TEXT, out -> {
                    out.write('a');
                    throw new IllegalStateException("half way");
                });
            } catch (IllegalStateException e) {
                x.setHeader("X-Hidden", String.valueOf(e.getMessage()));
            }
        }));

        assertThat(server.ask("GET", "/hidden").status()).isEqualTo(500);
    }

    @Test
    void aFailureBeforeTheFirstPieceIsAnOrdinaryError() throws Exception {
        start(Route.get(
                "/early",
                "early",
                x -> x.respond(200, ContentType.TEXT, out -> {
                    out.write(new byte[1000]);
                    throw HttpException.notFound("test.nothing", "nothing there");
                })));

        var answer = server.ask("GET", "/early");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.text()).contains("test.nothing");
    }

    @Test
    void aReaderThatGoesAwayEndsTheWriter() throws Exception {
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        start(Route.get(
                "/endless",
                "endless",
                x -> x.respond(200, ContentType.BYTES, out -> {
                    byte[] piece = new byte[8192];
                    try {
                        while (true) {
                            out.write(piece);
                        }
                    } catch (java.io.IOException e) {
                        ended.complete(e);
                        throw e;
                    }
                })));

        try (RawClient raw = server.raw().send("GET /endless HTTP/1.1\nHost: localhost\n\n")) {
            raw.head();
        }

        assertThat(ended.get(20, TimeUnit.SECONDS)).isInstanceOf(java.io.IOException.class);
    }

    @Test
    void largeAnswersArriveWhole() throws Exception {
        byte[] body = new byte[5_000_000];
        Arrays.fill(body, (byte) 'x');
        start(Route.get("/whole", "whole", x -> x.respond(200, ContentType.BYTES, body)));

        assertThat(server.get("/whole").body()).hasSize(body.length);
    }
}
