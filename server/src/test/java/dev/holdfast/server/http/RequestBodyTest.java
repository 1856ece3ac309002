package dev.holdfast.server.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RequestBodyTest {
    private static final int LIMIT = 50_000;
    private static final BlockingQueue<Throwable> FAILURES = new LinkedBlockingQueue<>();
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer(
                TestServer.options().withLimits(HttpLimits.defaults().withBodyBytes(LIMIT)),
                b -> b.mount(TestServer.root(
                        Route.post("/whole", "whole", x -> x.respond(200, ContentType.BYTES, watched(x::body))),
                        Route.post("/stream", "stream", x -> x.respond(200, ContentType.BYTES, watched(() -> read(x)))),
                        Route.post("/bytes", "bytes", x -> x.respond(200, ContentType.BYTES, single(x))),
                        Route.post("/ignore", "ignore", x -> x.respond(204)))));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private interface Reading {
        byte[] read() throws Exception;
    }

    private static byte[] watched(Reading reading) throws Exception {
        try {
            return reading.read();
        } catch (Exception e) {
            FAILURES.add(e);
            throw e;
        }
    }

    private static byte[] read(Exchange exchange) throws Exception {
        try (InputStream in = exchange.bodyStream(LIMIT)) {
            return in.readAllBytes();
        }
    }

    private static byte[] single(Exchange exchange) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (InputStream in = exchange.bodyStream(LIMIT)) {
            for (int b = in.read(); b >= 0; b = in.read()) {
                out.write(b);
            }
            assertThat(in.read()).isNegative();
            assertThat(in.read(new byte[0], 0, 0)).isZero();
        }
        return out.toByteArray();
    }

    /** Bodies of any size around the limit, with and without length, cut anywhere on their way. */
    @Test
    void bodiesArriveWholeHoweverTheyAreCut() throws Exception {
        long seed = Long.getLong("holdfast.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 120; i++) {
            String target = new String[] {"/whole", "/stream", "/bytes"}[random.nextInt(3)];
            byte[] body = body(random);
            byte[] request = request(random, target, body);
            try (RawClient raw = server.raw()) {
                for (int begin = 0; begin < request.length; ) {
                    int end = Math.min(request.length, begin + 1 + random.nextInt(20_000));
                    raw.send(java.util.Arrays.copyOfRange(request, begin, end));
                    begin = end;
                }

                var answer = raw.answer(false);

                String what = "seed " + seed + ", " + target + " with " + body.length;
                if (body.length > LIMIT) {
                    assertThat(answer.status()).as(what).isEqualTo(413);
                } else {
                    assertThat(answer.status()).as(what).isEqualTo(200);
                    assertThat(answer.text()).as(what).isEqualTo(new String(body, US_ASCII));
                }
            }
        }
    }

    private static byte[] body(Random random) {
        int size = switch (random.nextInt(4)) {
            case 0 -> random.nextInt(20);
            case 1 -> LIMIT;
            case 2 -> LIMIT + 1 + random.nextInt(100_000);
            default -> random.nextInt(LIMIT);
        };
        byte[] body = new byte[size];
        for (int i = 0; i < size; i++) {
            body[i] = (byte) ('a' + (i * 7) % 26);
        }
        return body;
    }

    private static byte[] request(Random random, String target, byte[] body) {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        String head = "POST " + target + " HTTP/1.1\r\nHost: localhost\r\n";
        if (random.nextBoolean()) {
            request.writeBytes((head + "Content-Length: " + body.length + "\r\n\r\n").getBytes(US_ASCII));
            request.writeBytes(body);
            return request.toByteArray();
        }
        request.writeBytes((head + "Transfer-Encoding: chunked\r\n\r\n").getBytes(US_ASCII));
        for (int begin = 0; begin < body.length; ) {
            int end = Math.min(body.length, begin + 1 + random.nextInt(9_000));
            request.writeBytes((Integer.toHexString(end - begin) + "\r\n").getBytes(US_ASCII));
            request.write(body, begin, end - begin);
            request.writeBytes("\r\n".getBytes(US_ASCII));
            begin = end;
        }
        request.writeBytes("0\r\n\r\n".getBytes(US_ASCII));
        return request.toByteArray();
    }

    @Test
    void aBodyThatNobodyReadsDoesNotDisturbTheNextRequest() throws Exception {
        try (RawClient raw = server.raw()) {
            raw.send("POST /ignore HTTP/1.1\nHost: localhost\nContent-Length: 5\n\nhello");
            assertThat(raw.answer(false).status()).isEqualTo(204);

            raw.send("POST /whole HTTP/1.1\nHost: localhost\nContent-Length: 4\n\nnext");

            assertThat(raw.answer(false).text()).isEqualTo("next");
        }
    }

    @Test
    void aClientThatLeavesHalfWayEndsTheReading() throws Exception {
        FAILURES.clear();
        try (RawClient raw = server.raw()) {
            raw.send("POST /whole HTTP/1.1\nHost: localhost\nContent-Length: 100\n\nhalf");
        }

        assertThat(FAILURES.poll(20, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void brokenChunksAreBadRequests() throws Exception {
        try (RawClient raw = server.raw()) {
            raw.send("POST /whole HTTP/1.1\nHost: localhost\nTransfer-Encoding: chunked\n\nzz\nhello\n0\n\n");

            assertThat(raw.answer(false).status()).isEqualTo(400);
        }
    }

    @Test
    void continuesWhenTheBodyIsWelcome() throws Exception {
        try (RawClient raw = server.raw()) {
            raw.send("POST /whole HTTP/1.1\nHost: localhost\nContent-Length: 5\nExpect: 100-continue\n\n");
            assertThat(raw.head().status()).isEqualTo(100);

            raw.send("hello");

            assertThat(raw.answer(false).text()).isEqualTo("hello");
        }
    }
}
