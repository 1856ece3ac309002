package dev.holdfast.server.durablestreams;

import static dev.holdfast.access.Token.Grant.Kind.STREAM;
import static dev.holdfast.access.Token.Scope.READ;
import static dev.holdfast.access.Token.Scope.WRITE;
import static dev.holdfast.server.durablestreams.StreamServer.ADMIN;
import static dev.holdfast.server.durablestreams.StreamServer.JSON;
import static dev.holdfast.server.durablestreams.StreamServer.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.access.NewToken;
import dev.holdfast.json.Json;
import dev.holdfast.stream.StreamOffset;
import dev.holdfast.stream.StreamSpec;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Rules of subscriptions over HTTP that the published suite leaves open. */
@Timeout(60)
class SubscriptionRoutesTest {
    private static final String ROOT = "/v1/stream/__ds/";
    private static final String ONE = ROOT + "subscriptions/s";
    private static final Duration SOON = Duration.ofSeconds(30);

    private final StreamServer server =
            StreamServer.withTokens(StreamServer.patient().withLoopbackWebhooks(true));
    private final WebhookReceiver receiver = new WebhookReceiver();

    @AfterEach
    void close() {
        server.close();
        receiver.close();
    }

    @Test
    void aWebhookIsSignedAndCalledBackWithItsOwnToken() throws Exception {
        assertThat(ask(ADMIN, "PUT", "/ns/acme" + ONE, hook("a/*")).statusCode())
                .isEqualTo(201);
        server.store().namespace("acme").stream("a/1").create(StreamSpec.json().content(utf8("[1,2]")));

        WebhookReceiver.Call call = receiver.next();

        JsonNode told = call.json();
        String callback = told.path("callback_url").asString();
        assertThat(callback).isEqualTo(server.server().baseUrl() + "/ns/acme" + ONE + "/callback");
        assertThat(told.at("/streams/0/path").asString()).isEqualTo("a/1");
        assertThat(told.at("/streams/0/link_type").asString()).isEqualTo("glob");
        assertThat(told.at("/streams/0/acked_offset").asString()).isEqualTo("-1");
        assertThat(told.at("/streams/0/tail_offset").asString()).isEqualTo(StreamOffset.text(2));
        assertThat(told.at("/streams/0/has_pending").booleanValue()).isTrue();
        assertSigned(call, "/ns/acme");
        String path = URI.create(callback).getPath();
        assertThat(ask("", "POST", path, acked(told, 2)).statusCode()).isEqualTo(401);
        HttpResponse<String> ours = ask(ADMIN, "POST", path, acked(told, 2));
        assertThat(ours.statusCode()).isEqualTo(401);
        assertThat(code(ours)).isEqualTo("TOKEN_INVALID");
        assertThat(header(ours, "WWW-Authenticate")).startsWith("Bearer");
        String token = told.path("callback_token").asString();
        assertThat(code(ask(token, "POST", path, acked(told, 3)))).isEqualTo("INVALID_OFFSET");
        // The namespace stands in the token, too.
        HttpResponse<String> done = ask(token, "POST", ONE + "/callback", acked(told, 2));
        assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
        assertThat(Json.parse(done.body())).isEqualTo(Json.parse("{\"ok\":true,\"next_wake\":false}"));
        assertThat(code(ask(token, "POST", path, acked(told, 2)))).isEqualTo("FENCED");
        assertThat(server.store().namespace("default").subscriptions().find("s"))
                .isEmpty();
    }

    @Test
    void whatAReceiverRefusesIsCalledAgain() throws Exception {
        receiver.answering(500, "");
        ask(ADMIN, "PUT", ONE, hook("a"));
        server.store().stream("a").create(StreamSpec.json().content(utf8("1")));

        JsonNode first = receiver.next().json();
        await().atMost(SOON).until(() -> info().path("status").asString().equals("failed"));
        receiver.answering(200, "{\"done\":true}");
        JsonNode second = receiver.next().json();

        assertThat(second.path("generation").longValue())
                .isGreaterThan(first.path("generation").longValue());
        await().atMost(SOON)
                .until(() -> info().at("/streams/0/acked_offset").asString().equals(StreamOffset.text(1)));
        assertThat(info().path("status").asString()).isEqualTo("active");
    }

    @Test
    void anAnswerThatIsTooLargeOrNoJsonIsTaken() throws Exception {
        receiver.answering(200, "x".repeat(1 << 20));
        ask(ADMIN, "PUT", ONE, hook("a"));
        server.store().stream("a").create(StreamSpec.json().content(utf8("1")));

        JsonNode told = receiver.next().json();

        HttpResponse<String> done =
                ask(told.path("callback_token").asString(), "POST", ONE + "/callback", acked(told, 1, "a"));
        assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
    }

    @Test
    void aWorkerWithATokenOfItsNamespaceClaimsAndAcknowledges() throws Exception {
        String worker = server.store()
                .tokens()
                .create(NewToken.of("worker", READ, WRITE).in("acme"))
                .secret();
        server.store().namespace("acme").stream("wakes").create(StreamSpec.json());
        assertThat(ask(worker, "PUT", ONE, "{\"type\":\"pull-wake\",\"streams\":[\"/a/\"],\"wake_stream\":\"wakes\"}")
                        .statusCode())
                .isEqualTo(201);
        server.store().namespace("acme").stream("a").create(StreamSpec.json().content(utf8("1")));

        JsonNode claim = Json.parse(
                ask(worker, "POST", ONE + "/claim", "{\"worker\":\"w\"}").body());
        HttpResponse<String> done = ask(claim.path("token").asString(), "POST", ONE + "/ack", acked(claim, 1, "a"));

        assertThat(claim.path("lease_ttl_ms").longValue()).isEqualTo(30_000);
        assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
        assertThat(code(ask(worker, "POST", ONE + "/claim", "{\"worker\":\"w\"}")))
                .isEqualTo("NO_PENDING_WORK");
    }

    @Test
    void tokensOpenWhatTheirScopesSay() throws Exception {
        ask(ADMIN, "PUT", ONE, hook("a"));
        String reader = secret(NewToken.of("reader", READ));
        String limited = secret(NewToken.of("limited", READ, WRITE).only(STREAM, "a"));

        assertThat(ask(reader, "GET", ONE, "").statusCode()).isEqualTo(200);
        assertThat(ask(reader, "DELETE", ONE, "").statusCode()).isEqualTo(403);
        assertThat(ask(limited, "GET", ONE, "").statusCode()).isEqualTo(403);
        assertThat(ask("", "GET", ONE, "").statusCode()).isEqualTo(401);
        assertThat(code(ask("", "GET", ONE, ""))).isEqualTo("UNAUTHORIZED");
        assertThat(ask("", "GET", ROOT + "jwks.json", "").statusCode()).isEqualTo(200);
        assertThat(ask("ds1.9.w.bm93aGVyZQ.cw.cw", "POST", ONE + "/callback", "{\"wake_id\":\"w\",\"generation\":1}")
                        .statusCode())
                .isEqualTo(401);
        assertThat(server.store().namespaces().list()).doesNotContain("nowhere");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/callback", "/ack", "/release"})
    void whoHasNoTokenOfAWakeIsRefusedBeforeTheBodyIsLookedAt(String below) throws Exception {
        ask(ADMIN, "PUT", ONE, hook("a"));

        for (String token : new String[] {"", ADMIN, "ds1.9.w.ZGVmYXVsdA.cw.cw"}) {
            HttpResponse<String> refused = ask(token, "POST", ONE + below, "no JSON");

            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(code(refused)).isEqualTo("TOKEN_INVALID");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{\"type\":\"webhook\"}",
                "{\"type\":\"other\",\"pattern\":\"a\"}",
                "{\"type\":\"pull-wake\",\"pattern\":\"a\"}",
                "{\"type\":\"pull-wake\",\"wake_stream\":\"w\"}",
                "{\"type\":\"pull-wake\",\"wake_stream\":\"w\",\"pattern\":\"*\"}",
                "{\"type\":\"pull-wake\",\"wake_stream\":\"w\",\"streams\":\"a\"}",
                "{\"type\":\"pull-wake\",\"wake_stream\":\"w\",\"streams\":[1]}",
                "{\"type\":\"pull-wake\",\"wake_stream\":\"w\",\"streams\":[\"\"]}",
                "{\"type\":\"pull-wake\",\"wake_stream\":\"w\",\"streams\":[\"a\"],\"lease_ttl_ms\":999}",
                "{\"type\":\"pull-wake\",\"wake_stream\":\"w\",\"streams\":[\"a\"],\"lease_ttl_ms\":600001}",
                "{\"type\":\"pull-wake\",\"wake_stream\":\"w\",\"streams\":[\"a\"],\"lease_ttl_ms\":1000.5}",
            })
    void whatIsNoSubscriptionIsRefused(String body) throws Exception {
        HttpResponse<String> refused = ask(ADMIN, "PUT", ONE, body);

        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
        assertThat(code(refused)).isEqualTo("INVALID_REQUEST");
    }

    @Test
    void errorsAreJson() throws Exception {
        assertThat(code(ask(ADMIN, "GET", ONE, ""))).isEqualTo("SUBSCRIPTION_NOT_FOUND");
        assertThat(ask(ADMIN, "DELETE", ONE, "").statusCode()).isEqualTo(204);
        HttpResponse<String> wrong = ask(ADMIN, "PATCH", ONE, "{}");
        assertThat(wrong.statusCode()).isEqualTo(405);
        assertThat(code(wrong)).isEqualTo("METHOD_NOT_ALLOWED");
        assertThat(code(ask(ADMIN, "GET", ROOT + "other", ""))).isEqualTo("NOT_FOUND");
        assertThat(code(ask(ADMIN, "PUT", ONE, hook("a").replace(receiver.url(), "https://169.254.169.254/x"))))
                .isEqualTo("WEBHOOK_URL_REJECTED");
    }

    private void assertSigned(WebhookReceiver.Call call, String namespace) throws Exception {
        JsonNode key = Json.parse(
                        ask("", "GET", namespace + ROOT + "jwks.json", "").body())
                .at("/keys/0");
        String[] parts = call.signature().split("[=,]", 6);
        byte[] prefix = HexFormat.of().parseHex("302a300506032b6570032100");
        byte[] point = Base64.getUrlDecoder().decode(key.path("x").asString());
        byte[] encoded = new byte[prefix.length + point.length];
        System.arraycopy(prefix, 0, encoded, 0, prefix.length);
        System.arraycopy(point, 0, encoded, prefix.length, point.length);
        Signature check = Signature.getInstance("Ed25519");
        check.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
        check.update(utf8(parts[1] + "." + call.body()));
        assertThat(parts[3]).isEqualTo(key.path("kid").asString());
        assertThat(check.verify(Base64.getUrlDecoder().decode(parts[5]))).isTrue();
    }

    private String hook(String pattern) {
        return "{\"type\":\"webhook\",\"pattern\":\"" + pattern + "\",\"webhook\":{\"url\":\"" + receiver.url()
                + "\"}}";
    }

    private static String acked(JsonNode told, long offset) {
        return acked(told, offset, "a/1");
    }

    private static String acked(JsonNode told, long offset, String stream) {
        return "{\"wake_id\":\"" + told.path("wake_id").asString() + "\",\"generation\":"
                + told.path("generation").longValue() + ",\"acks\":[{\"stream\":\"" + stream + "\",\"offset\":\""
                + StreamOffset.text(offset) + "\"}],\"done\":true}";
    }

    private JsonNode info() throws IOException, InterruptedException {
        return Json.parse(ask(ADMIN, "GET", ONE, "").body());
    }

    private String secret(NewToken token) {
        return server.store().tokens().create(token).secret();
    }

    private HttpResponse<String> ask(String token, String method, String path, String body)
            throws IOException, InterruptedException {
        return token.isEmpty()
                ? server.ask(server.request(method, path, body, "Content-Type", JSON))
                : server.ask(
                        server.request(method, path, body, "Content-Type", JSON, "Authorization", "Bearer " + token));
    }

    private static String code(HttpResponse<String> answer) {
        return Json.parse(answer.body()).at("/error/code").asString();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
