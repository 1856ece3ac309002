package dev.holdfast.server.durablestreams;

import static dev.holdfast.access.Token.Grant.Kind.KEY;
import static dev.holdfast.access.Token.Grant.Kind.STREAM;
import static dev.holdfast.access.Token.Scope.READ;
import static dev.holdfast.access.Token.Scope.WRITE;
import static dev.holdfast.server.durablestreams.StreamServer.TEXT;
import static dev.holdfast.server.durablestreams.StreamServer.header;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.access.CreatedToken;
import dev.holdfast.access.NewToken;
import dev.holdfast.server.http.HttpServerOptions;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What tokens open. */
@Timeout(60)
class StreamAuthTest {
    private final StreamServer server = StreamServer.withTokens();

    @BeforeEach
    void streams() throws Exception {
        for (String stream : List.of("ann/one", "ben/one")) {
            assertThat(send(StreamServer.ADMIN, "PUT", stream, "x").statusCode())
                    .isEqualTo(201);
        }
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void everyRequestNeedsAToken() throws Exception {
        for (String method : List.of("GET", "HEAD", "PUT", "POST", "DELETE")) {
            HttpResponse<String> refused = server.send(method, "ann/one", "");

            assertThat(refused.statusCode()).as(method).isEqualTo(401);
            assertThat(header(refused, "WWW-Authenticate")).startsWith("Bearer");
            assertThat(header(refused, "Access-Control-Allow-Origin")).isEqualTo("*");
        }
        assertThat(server.send("OPTIONS", "ann/one", "").statusCode()).isEqualTo(204);
    }

    @Test
    void readersReadAndWritersWrite() throws Exception {
        String reader = secret(NewToken.of("reader", READ));
        String writer = secret(NewToken.of("writer", WRITE));

        for (String query : List.of("", "?offset=-1&live=long-poll")) {
            assertThat(send(reader, "GET", "ann/one" + query, "").statusCode()).isEqualTo(200);
            assertThat(send(writer, "GET", "ann/one" + query, "").statusCode()).isEqualTo(403);
        }
        assertThat(send(reader, "HEAD", "ann/one", "").statusCode()).isEqualTo(200);
        assertThat(send(writer, "HEAD", "ann/one", "").statusCode()).isEqualTo(403);
        assertThat(send(writer, "GET", "ann/one?offset=-1&live=sse", "").statusCode())
                .isEqualTo(403);
        for (String method : List.of("PUT", "POST", "DELETE")) {
            assertThat(send(reader, method, "ann/one", "y").statusCode())
                    .as(method)
                    .isEqualTo(403);
            assertThat(send(writer, method, "ann/one", "y").statusCode())
                    .as(method)
                    .isBetween(200, 204);
        }
    }

    @Test
    void prefixesLimitATokenToSomeStreams() throws Exception {
        String ann = secret(NewToken.of("ann", READ, WRITE).only(STREAM, "ann/"));
        String keys = secret(NewToken.of("keys", READ, WRITE).only(KEY, "[\"ann\"]"));

        for (String method : List.of("GET", "HEAD", "PUT", "POST", "DELETE")) {
            assertThat(send(ann, method, "ben/one", "y").statusCode())
                    .as(method)
                    .isEqualTo(403);
            assertThat(send(keys, method, "ann/one", "y").statusCode())
                    .as(method)
                    .isEqualTo(403);
            assertThat(send(ann, method, "%62en/one", "y").statusCode())
                    .as(method)
                    .isEqualTo(403);
        }
        assertThat(send(ann, "GET", "ann/one", "").statusCode()).isEqualTo(200);
        assertThat(send(ann, "GET", "ann%2Fone", "").statusCode()).isEqualTo(200);
        assertThat(send(ann, "POST", "ann/one", "y").statusCode()).isEqualTo(204);
        assertThat(send(StreamServer.ADMIN, "GET", "ben/one", "").body()).isEqualTo("x");
    }

    @Test
    void aForkIsAReadOfItsSource() throws Exception {
        String ann = secret(NewToken.of("ann", READ, WRITE).only(STREAM, "ann/"));
        String writer = secret(NewToken.of("writer", WRITE));

        assertThat(fork(ann, "ann/two", "ben/one")).isEqualTo(403);
        assertThat(fork(writer, "two", "ben/one")).isEqualTo(403);
        assertThat(fork(ann, "ann/two", "ann/one")).isEqualTo(201);
    }

    @Test
    void aTokenOpensTheStreamsOfItsNamespace() throws Exception {
        String acme = secret(NewToken.of("acme", READ, WRITE).in("acme"));

        assertThat(send(acme, "GET", "ann/one", "").statusCode()).isEqualTo(404);
        assertThat(send(acme, "PUT", "ann/one", "of acme").statusCode()).isEqualTo(201);
        assertThat(send(acme, "GET", "ann/one", "").body()).isEqualTo("of acme");
        assertThat(send(StreamServer.ADMIN, "GET", "ann/one", "").body()).isEqualTo("x");
        assertThat(server.ask(server.request(
                                "GET", "/ns/default/v1/stream/ann/one", "", "Authorization", "Bearer " + acme))
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void revokingATokenEndsItsEventStreamsInOrder() throws Exception {
        HttpServerOptions quick = HttpServerOptions.defaults().withPingInterval(Duration.ofMillis(20));
        try (StreamServer other = StreamServer.withTokens(quick)) {
            CreatedToken token = other.store().tokens().create(NewToken.of("reader", READ));
            other.send("PUT", "s", "x", "Authorization", "Bearer " + StreamServer.ADMIN, "Content-Type", TEXT);
            try (StreamEvents events =
                    other.events("s?offset=now&live=sse", "Authorization", "Bearer " + token.secret())) {
                events.next("control");

                other.store().tokens().revoke(token.token().id());

                events.awaitEnd();
            }
        }
    }

    private String secret(NewToken token) {
        return server.store().tokens().create(token).secret();
    }

    private HttpResponse<String> send(String secret, String method, String stream, String body) throws Exception {
        boolean bare = method.equals("GET") || method.equals("HEAD");
        return server.send(method, stream, bare ? "" : body, "Authorization", "Bearer " + secret, "Content-Type", TEXT);
    }

    private int fork(String secret, String stream, String source) throws Exception {
        return server.send(
                        "PUT",
                        stream,
                        "",
                        "Authorization",
                        "Bearer " + secret,
                        "Stream-Forked-From",
                        "/v1/stream/" + source)
                .statusCode();
    }
}
