package dev.holdfast.server.durablestreams;

import static dev.holdfast.server.durablestreams.StreamServer.JSON;
import static dev.holdfast.server.durablestreams.StreamServer.TEXT;
import static dev.holdfast.server.durablestreams.StreamServer.header;
import static dev.holdfast.server.durablestreams.StreamServer.next;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.json.Json;
import dev.holdfast.server.http.HttpLimits;
import dev.holdfast.server.http.HttpServerOptions;
import dev.holdfast.stream.StreamOffset;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules of single requests that the published suite leaves open. */
@Timeout(60)
class StreamRequestsTest {
    private static final String CLOSED = "Stream-Closed";
    private static final String FORKED_FROM = "Stream-Forked-From";

    private final StreamServer server = StreamServer.open();

    @AfterEach
    void close() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "TRUE", "True"})
    void closingIsAskedForInAnyLetterCase(String text) throws Exception {
        assertThat(header(server.send("PUT", "a", "x", "Content-Type", TEXT, CLOSED, text), CLOSED))
                .isEqualTo("true");

        server.create("b", TEXT, "");
        assertThat(header(server.send("POST", "b", "x", "Content-Type", TEXT, CLOSED, text), CLOSED))
                .isEqualTo("true");
        HttpResponse<String> late = server.send("POST", "b", "y", "Content-Type", TEXT);
        assertThat(late.statusCode()).isEqualTo(409);
        assertThat(header(late, CLOSED)).isEqualTo("true");
        assertThat(next(late)).isEqualTo(next(server.get("b")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "POST"})
    void packedContentIsRefusedAndNothingIsStored(String method) throws Exception {
        server.create("s", TEXT, "one");
        HttpResponse<String> answer =
                server.send(method, "s", "packed", "Content-Type", TEXT, "Content-Encoding", "gzip");

        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(header(answer, "Accept-Encoding")).isEqualTo("identity");
        assertThat(server.get("s").body()).isEqualTo("one");
        assertThat(server.send("POST", "s", ", two", "Content-Type", TEXT, "Content-Encoding", "identity")
                        .statusCode())
                .isEqualTo(204);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Producer-Id", "Producer-Epoch", "Producer-Seq", "Stream-Seq"})
    void aHeaderThatComesTwiceIsRefusedAndNothingIsStored(String twice) throws Exception {
        server.create("s", TEXT, "one");
        HttpResponse<String> answer = server.send(
                "POST",
                "s",
                "two",
                "Content-Type",
                TEXT,
                "Producer-Id",
                "1",
                "Producer-Epoch",
                "0",
                "Producer-Seq",
                "0",
                "Stream-Seq",
                "0",
                twice,
                "0");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains(twice + " may come once");
        assertThat(server.get("s").body()).isEqualTo("one");
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "1", "yes", "trues"})
    void everyOtherValueIsAsIfItWereNotThere(String text) throws Exception {
        assertThat(header(server.send("PUT", "a", "x", "Content-Type", TEXT, CLOSED, text), CLOSED))
                .isEmpty();
        assertThat(server.send("POST", "a", "", "Content-Type", TEXT, CLOSED, text)
                        .statusCode())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"live=foo", "live=", "live", "live=true", "live=LONG-POLL", "live=foo&offset=now"})
    void everyOtherWayToBeLiveReadsWhatThereIs(String query) throws Exception {
        server.create("a", TEXT, "");

        HttpResponse<String> read = server.get("a?" + query);

        assertThat(read.statusCode()).isEqualTo(200);
        assertThat(header(read, "Stream-Up-To-Date")).isEqualTo("true");
        assertThat(header(read, "Stream-Cursor")).isEmpty();
    }

    @Test
    void stateEventsBearTheOffsetBehindTheirAppend() throws Exception {
        server.create("events", JSON, "");
        String one = next(server.append(
                "events",
                JSON,
                "[{\"type\":\"user\",\"key\":\"1\",\"headers\":{\"operation\":\"insert\"}},{\"plain\":true}]"));
        String two = next(server.append("events", JSON, "{\"headers\":{\"control\":\"snapshot-end\"}}"));

        var messages = Json.parse(server.get("events").body());

        assertThat(messages.get(0).at("/headers/offset").asString()).isEqualTo(one);
        assertThat(messages.get(1).has("headers")).isFalse();
        assertThat(messages.get(2).at("/headers/offset").asString()).isEqualTo(two);
        assertThat(one).matches("\\d{16}_\\d{16}").isLessThan(two);
        try (StreamEvents events = server.events("events?offset=-1&live=sse")) {
            assertThat(events.next("data").json()).isEqualTo(messages);
        }
    }

    @Test
    void aForkIsConfirmedWithoutWhatItInherited() throws Exception {
        server.send("PUT", "source", "abc", "Content-Type", "text/plain; charset=utf-8", "Stream-TTL", "1000");
        assertThat(server.send("PUT", "fork", "", FORKED_FROM, "/v1/stream/source")
                        .statusCode())
                .isEqualTo(201);

        HttpResponse<String> again = server.send("PUT", "fork", "", FORKED_FROM, "/v1/stream/source");

        assertThat(again.statusCode()).as(again.body()).isEqualTo(200);
        assertThat(header(again, "Content-Type")).isEqualTo("text/plain; charset=utf-8");
        assertThat(header(server.send("HEAD", "fork", ""), "Stream-TTL")).isEqualTo("1000");
        assertThat(server.send("PUT", "fork", "").statusCode()).isEqualTo(409);
    }

    @Test
    void theSourceOfAForkIsAPathOfThisMount() throws Exception {
        server.create("a/b%20c", TEXT, "abc");
        assertThat(server.send("PUT", "fork", "", FORKED_FROM, "/v1/stream/a/b%20c")
                        .statusCode())
                .isEqualTo(201);
        for (String wrong :
                new String[] {"a/b c", "/v1/streams/a", "/ns/other/v1/stream/a/b%20c", "/v1/stream/__ds/x"}) {
            assertThat(server.send("PUT", "fork2", "", FORKED_FROM, wrong).statusCode())
                    .as(wrong)
                    .isEqualTo(404);
        }
        assertThat(server.send("PUT", "fork2", "", FORKED_FROM, "/v1/stream/%zz")
                        .statusCode())
                .isEqualTo(400);
        assertThat(server.send("PUT", "fork2", "", "Stream-Fork-Offset", StreamOffset.text(0))
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void namesHaveSlashesAndEscapes() throws Exception {
        server.create("a//b/%C3%A9%20x/", TEXT, "one");

        assertThat(server.get("a//b/%c3%a9%20x/").body()).isEqualTo("one");
        assertThat(server.store().stream("a//b/\u00e9 x/").head().tail()).isEqualTo(3);
        assertThat(server.get("a/b/%C3%A9%20x/").statusCode()).isEqualTo(404);
        assertThat(server.send("PUT", "", "x").statusCode()).isEqualTo(400);
        assertThat(server.send("PUT", "bell%07", "x").statusCode()).isEqualTo(400);
        assertThat(server.send("PUT", "x".repeat(1_025), "x").statusCode()).isEqualTo(400);
    }

    @Test
    void namesOfTheProtocolItselfAreNotThere() throws Exception {
        for (String method : new String[] {"GET", "PUT", "POST", "DELETE"}) {
            HttpResponse<String> answer = server.send(method, "__ds/other/x", "", "Content-Type", JSON);

            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(Json.parse(answer.body()).at("/error/code").asString()).isEqualTo("NOT_FOUND");
        }
        assertThat(server.send("PUT", "__dsx", "").statusCode()).isEqualTo(201);
    }

    @Test
    void theLocationIsWhatTheClientWouldWrite() throws Exception {
        assertThat(header(server.send("PUT", "a%20b?x=1", ""), "Location"))
                .isEqualTo(server.server().baseUrl() + "/v1/stream/a%20b");
        assertThat(header(
                        server.send(
                                "PUT",
                                "b",
                                "",
                                "X-Forwarded-Proto",
                                "https",
                                "X-Forwarded-Host",
                                "app.example:8443, x"),
                        "Location"))
                .isEqualTo("https://app.example:8443/v1/stream/b");
        assertThat(header(
                        server.send("PUT", "c", "", "X-Forwarded-Proto", "ftp", "X-Forwarded-Host", "no host/"),
                        "Location"))
                .isEqualTo(server.server().baseUrl() + "/v1/stream/c");
        HttpResponse<String> tenant =
                server.ask(server.request("PUT", "/ns/acme/v1/stream/d", "", "Content-Type", TEXT));
        assertThat(header(tenant, "Location")).isEqualTo(server.server().baseUrl() + "/ns/acme/v1/stream/d");
        assertThat(server.get("d").statusCode()).isEqualTo(404);
        HttpServerOptions proxied =
                HttpServerOptions.defaults().withPublicUrl(URI.create("https://streams.example/root/"));
        try (StreamServer behind = StreamServer.open(proxied, StreamServer.patient())) {
            HttpResponse<String> made = behind.ask(HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + behind.server().port() + "/v1/stream/a"))
                    .PUT(HttpRequest.BodyPublishers.noBody())
                    .build());
            assertThat(header(made, "Location")).isEqualTo("https://streams.example/root/v1/stream/a");
        }
    }

    @Test
    void anAppendIsNotSplitAndAnAnswerIsNotEndless() throws Exception {
        try (StreamServer small = StreamServer.open(StreamServer.patient().withChunkBytes(1_024))) {
            small.create("s", JSON, "");
            for (int i = 0; i < 20; i++) {
                small.append("s", JSON, "[\"" + "x".repeat(300) + "\"," + i + "]");
            }
            small.append("s", JSON, "\"" + "y".repeat(5_000) + "\"");
            String offset = "-1";
            int answers = 0;
            int messages = 0;
            HttpResponse<String> page;
            do {
                page = small.get("s?offset=" + offset);
                assertThat(next(page)).isGreaterThan(offset);
                messages += Json.parse(page.body()).size();
                answers++;
                offset = next(page);
            } while (header(page, "Stream-Up-To-Date").isEmpty());

            assertThat(messages).isEqualTo(41);
            assertThat(answers).isBetween(5, 12);
        }
    }

    @Test
    void whatIsTooLargeIsRefusedAndChangesNothing() throws Exception {
        HttpServerOptions tight =
                HttpServerOptions.defaults().withLimits(HttpLimits.defaults().withBodyBytes(1_000));
        try (StreamServer small = StreamServer.open(tight, StreamServer.patient())) {
            small.create("s", TEXT, "x");

            HttpResponse<String> refused = small.send("POST", "s", "y".repeat(1_001), "Content-Type", TEXT);

            assertThat(refused.statusCode()).isEqualTo(413);
            assertThat(header(refused, "Access-Control-Allow-Origin")).isEqualTo("*");
            assertThat(small.get("s").body()).isEqualTo("x");
        }
        server.create("s", JSON, "");
        HttpResponse<String> many = server.send("POST", "s", "[" + "1,".repeat(100_000) + "1]", "Content-Type", JSON);
        assertThat(many.statusCode()).isEqualTo(413);
        assertThat(server.get("s").body()).isEqualTo("[]");
    }

    @Test
    void errorsAreShortPlainText() throws Exception {
        HttpResponse<String> missing = server.get("nothing-here");

        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(header(missing, "Content-Type")).isEqualTo("text/plain; charset=utf-8");
        assertThat(missing.body()).isEqualTo("there is no such stream");
        assertThat(header(missing, "Cache-Control")).isEmpty();
        assertThat(server.send("PATCH", "nothing-here", "x").statusCode()).isEqualTo(405);
    }
}
