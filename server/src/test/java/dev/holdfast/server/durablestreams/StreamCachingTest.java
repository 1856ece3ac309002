package dev.holdfast.server.durablestreams;

import static dev.holdfast.server.durablestreams.StreamServer.JSON;
import static dev.holdfast.server.durablestreams.StreamServer.TEXT;
import static dev.holdfast.server.durablestreams.StreamServer.header;
import static dev.holdfast.server.durablestreams.StreamServer.next;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.server.http.HttpServerOptions;
import dev.holdfast.stream.StreamOffset;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What caches, browsers and compression are told. */
@Timeout(60)
class StreamCachingTest {
    private static final String ETAG = "ETag";
    private static final String MATCH = "If-None-Match";
    private static final String CACHING = "Cache-Control";

    private final StreamServer server = StreamServer.open(StreamServer.patient().withChunkBytes(1_024));

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void aTagNamesContentTailAndEnd() throws Exception {
        Set<String> tags = new HashSet<>();
        server.create("s", TEXT, "one");
        tags.add(header(server.get("s"), ETAG));
        server.append("s", TEXT, "two");
        tags.add(header(server.get("s"), ETAG));
        tags.add(header(server.get("s?offset=" + StreamOffset.text(3)), ETAG));
        server.send("POST", "s", "", "Stream-Closed", "true");
        tags.add(header(server.get("s"), ETAG));

        assertThat(tags).hasSize(4).allMatch(tag -> tag.matches("\"[^\"]+\""));
    }

    @Test
    void theSameContentIsAnotherAnswerWhenMoreFollows() throws Exception {
        server.create("s", TEXT, "x".repeat(1_000));
        server.append("s", TEXT, "y".repeat(1_000));
        HttpResponse<String> atTail = server.get("s");
        server.append("s", TEXT, "z");

        HttpResponse<String> again = server.get("s", MATCH, header(atTail, ETAG));

        assertThat(next(again)).isEqualTo(next(atTail));
        assertThat(header(atTail, "Stream-Up-To-Date")).isEqualTo("true");
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(header(again, "Stream-Up-To-Date")).isEmpty();
    }

    @Test
    void aStreamThatWasMadeAgainMatchesNoEarlierTag() throws Exception {
        server.create("s", TEXT, "one");
        String tag = header(server.get("s"), ETAG);
        assertThat(server.get("s", MATCH, tag).statusCode()).isEqualTo(304);

        server.send("DELETE", "s", "");
        server.create("s", TEXT, "one");

        assertThat(server.get("s", MATCH, tag).statusCode()).isEqualTo(200);
        assertThat(header(server.get("s"), ETAG)).isNotEqualTo(tag);
    }

    @Test
    void anotherStoreWithAStreamOfTheSameNameAndNumberMatchesNoTagOfThisOne() throws Exception {
        server.create("s", TEXT, "one");
        try (StreamServer other = StreamServer.open()) {
            other.create("s", TEXT, "two");

            assertThat(other.get("s", MATCH, header(server.get("s"), ETAG)).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void tagsAreComparedAsHttpDoes() throws Exception {
        server.create("s", TEXT, "one");
        String tag = header(server.get("s"), ETAG);

        for (String match : List.of(tag, "W/" + tag, "\"other\", " + tag, "*")) {
            HttpResponse<String> same = server.get("s", MATCH, match);
            assertThat(same.statusCode()).as(match).isEqualTo(304);
            assertThat(same.body()).isEmpty();
            assertThat(header(same, ETAG)).isEqualTo(tag);
            assertThat(next(same)).isEqualTo(StreamOffset.text(3));
        }
        assertThat(server.get("s", MATCH, "\"other\"").statusCode()).isEqualTo(200);
        assertThat(header(server.get("s?offset=now", MATCH, "*"), ETAG)).isEmpty();
    }

    @Test
    void onlyWhatNeverChangesMayBeKept() throws Exception {
        server.create("s", TEXT, "x".repeat(1_500));
        server.append("s", TEXT, "y");

        assertThat(header(server.get("s"), CACHING)).isEqualTo("public, max-age=60, stale-while-revalidate=300");
        assertThat(header(server.get("s?offset=" + StreamOffset.text(1_500)), CACHING))
                .isEqualTo("no-cache");
        assertThat(header(server.get("s?offset=now"), CACHING)).isEqualTo("no-store");
        assertThat(header(server.send("HEAD", "s", ""), CACHING)).isEqualTo("no-store");
        assertThat(header(server.get("s?offset=bad"), CACHING)).isEmpty();
    }

    @Test
    void whatATokenOpensIsForItsBearerAlone() throws Exception {
        String[] token = {"Authorization", "Bearer " + StreamServer.ADMIN};
        try (StreamServer closed = StreamServer.withTokens()) {
            closed.send("PUT", "s", "x", token);

            assertThat(header(closed.get("s", token), CACHING)).isEqualTo("private, no-cache");
        }
    }

    @Test
    void largeAnswersAreCompressedForThoseWhoTakeIt() throws Exception {
        String text = "compressible ".repeat(400);
        server.create("s", JSON, "[\"" + text + "\",1]");
        HttpResponse<byte[]> plain = server.bytes("/v1/stream/s");

        HttpResponse<byte[]> dense = server.bytes("/v1/stream/s", "Accept-Encoding", "br, gzip;q=0.5");

        assertThat(new String(plain.body(), UTF_8)).isEqualTo("[\"" + text + "\",1]");
        assertThat(header(plain, "Content-Encoding")).isEmpty();
        assertThat(header(dense, "Content-Encoding")).isEqualTo("gzip");
        assertThat(dense.body().length).isLessThan(500);
        assertThat(unzipped(dense.body())).isEqualTo(plain.body());
        assertThat(header(dense, ETAG)).isEqualTo("W/" + header(plain, ETAG));
        assertThat(plain.headers().allValues("Vary")).contains("Accept-Encoding");
        assertThat(dense.headers().allValues("Vary")).contains("Accept-Encoding");
        assertThat(server.bytes("/v1/stream/s", "Accept-Encoding", "gzip", MATCH, header(dense, ETAG))
                        .statusCode())
                .isEqualTo(304);
        assertThat(header(
                        server.bytes("/v1/stream/s?offset=-1&live=long-poll", "Accept-Encoding", "gzip"),
                        "Content-Encoding"))
                .isEqualTo("gzip");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip;q=0", "br", "identity", "gzip; q=0.000, *", "*;q=0", "deflate;q=1"})
    void nobodyElseGetsThemCompressed(String accepted) throws Exception {
        server.create("s", TEXT, "x".repeat(1_023));
        server.create("large", TEXT, "x".repeat(1_024));

        assertThat(header(server.bytes("/v1/stream/s", "Accept-Encoding", "gzip"), "Content-Encoding"))
                .isEmpty();
        assertThat(header(server.bytes("/v1/stream/large", "Accept-Encoding", accepted), "Content-Encoding"))
                .isEmpty();
        assertThat(header(server.bytes("/v1/stream/large", "Accept-Encoding", "GZIP"), "Content-Encoding"))
                .isEqualTo("gzip");
    }

    @Test
    void picturesAndEventStreamsAreNotCompressed() throws Exception {
        server.create("s", "image/png", "x".repeat(5_000));

        assertThat(header(server.bytes("/v1/stream/s", "Accept-Encoding", "gzip"), "Content-Encoding"))
                .isEmpty();
        try (StreamEvents events = server.events("s?offset=-1&live=sse", "Accept-Encoding", "gzip")) {
            assertThat(header(events.answer(), "Content-Encoding")).isEmpty();
            events.next("data");
        }
    }

    @Test
    void everyAnswerMayBeReadByEveryPage() throws Exception {
        server.create("s", TEXT, "x");
        for (HttpResponse<String> answer : List.of(
                server.get("s"),
                server.get("missing"),
                server.send("HEAD", "s", ""),
                server.send("POST", "s", ""),
                server.send("PATCH", "s", ""),
                server.send("OPTIONS", "whatever", ""))) {
            assertThat(header(answer, "Access-Control-Allow-Origin")).isEqualTo("*");
            assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(header(answer, "Cross-Origin-Resource-Policy")).isEqualTo("cross-origin");
            assertThat(header(answer, "Access-Control-Allow-Headers"))
                    .contains("content-type", "authorization", "if-none-match", "Producer-Id", "Stream-Forked-From");
            assertThat(header(answer, "Access-Control-Expose-Headers"))
                    .contains("Stream-Next-Offset", "Stream-Cursor", "Producer-Expected-Seq", "ETag");
        }
        assertThat(server.send("OPTIONS", "whatever", "").statusCode()).isEqualTo(204);
    }

    @Test
    void aForeignPageMayReadWithoutATokenButNotWrite() throws Exception {
        server.create("s", TEXT, "x");
        String[] foreign = {"Origin", "https://evil.example", "Content-Type", TEXT};

        assertThat(server.get("s", foreign).statusCode()).isEqualTo(200);
        for (String method : List.of("PUT", "POST", "DELETE")) {
            assertThat(server.send(method, "s", "y", foreign).statusCode())
                    .as(method)
                    .isEqualTo(403);
        }
        assertThat(server.get("s").body()).isEqualTo("x");
    }

    @Test
    void anOperatorMayNameThePages() throws Exception {
        HttpServerOptions named = HttpServerOptions.defaults().withCorsOrigins(List.of("https://app.example"));
        try (StreamServer some = StreamServer.open(named, StreamServer.patient())) {
            some.create("s", TEXT, "x");

            assertThat(origin(some.get("s", "Origin", "https://app.example"))).isEqualTo("https://app.example");
            assertThat(origin(some.get("s", "Origin", "https://other.example"))).isEmpty();
            HttpResponse<String> preflight = some.send(
                    "OPTIONS", "s", "", "Origin", "https://app.example", "Access-Control-Request-Method", "PUT");
            assertThat(preflight.statusCode()).isEqualTo(204);
            assertThat(header(preflight, "Access-Control-Allow-Headers")).contains("Producer-Id");
        }
    }

    private static String origin(HttpResponse<?> answer) {
        return header(answer, "Access-Control-Allow-Origin");
    }

    private static byte[] unzipped(byte[] bytes) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return in.readAllBytes();
        }
    }
}
