package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.json.Json;
import dev.holdfast.server.HoldfastServer;
import dev.holdfast.server.durablestreams.DurableStreamsOptions;
import dev.holdfast.server.http.Authenticator;
import dev.holdfast.server.http.HttpServerOptions;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The commands of the client suite and what is answered, against a served store. */
class AdapterSessionTest {
    private static final String PATH = "\"path\":\"/v1/stream/a\"";

    private final Holdfast holdfast = Holdfast.open(Holdfast.MEMORY);
    private final HoldfastServer server = HoldfastServer.start(
            holdfast,
            HttpServerOptions.defaults().withPort(0),
            DurableStreamsOptions.defaults().withLongPollTimeout(Duration.ofMillis(200)),
            Authenticator.none());
    private final AdapterSession session = new AdapterSession();

    @BeforeEach
    void init() {
        JsonNode answer = ask("{\"type\":\"init\",\"serverUrl\":\"" + server.baseUrl() + "\"}");
        assertThat(answer.path("clientName").asString("")).isEqualTo("holdfast-client");
        assertThat(answer.path("features").path("sse").asBoolean(false)).isTrue();
    }

    @AfterEach
    void stop() {
        session.close();
        server.close();
        holdfast.close();
    }

    @Test
    void createsConnectsAndTellsWhatThereIs() {
        JsonNode made = ask("create", "\"contentType\":\"text/plain\",\"ttlSeconds\":60");
        JsonNode again = ask("create", "\"contentType\":\"text/plain\",\"ttlSeconds\":60");
        JsonNode head = ask("head", "\"x\":1");

        assertThat(made.path("status").asInt(0)).isEqualTo(201);
        assertThat(again.path("status").asInt(0)).isEqualTo(200);
        assertThat(ask("connect", "\"x\":1").path("offset")).isEqualTo(made.path("offset"));
        assertThat(head.path("contentType").asString("")).isEqualTo("text/plain");
        assertThat(head.path("ttlSeconds").asInt(0)).isEqualTo(60);
        assertThat(head.path("streamClosed").asBoolean(true)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "true", "\"long-poll\"", "\"sse\""})
    void appendsAndReads(String live) {
        ask("create", "\"contentType\":\"text/plain\"");
        ask("append", "\"data\":\"one \u2028\"");
        JsonNode appended = ask("append", "\"data\":\"dHdv\",\"binary\":true");

        JsonNode read = ask("read", "\"waitForUpToDate\":true,\"live\":" + live);

        StringBuilder data = new StringBuilder();
        read.path("chunks").forEach(chunk -> data.append(chunk.path("data").asString("")));
        assertThat(data).hasToString("one \u2028two");
        assertThat(read.path("offset")).isEqualTo(appended.path("offset"));
        assertThat(read.path("upToDate").asBoolean(false)).isTrue();
    }

    @Test
    void linesHoldNoSeparatorsOfUnicode() {
        ask("create", "\"contentType\":\"text/plain\",\"data\":\"a\u2028b\u2029c\"");

        assertThat(session.answer("{\"type\":\"read\"," + PATH + "}"))
                .contains("a\\u2028b\\u2029c")
                .doesNotContain("\u2028", "\u2029");
    }

    @Test
    void aLiveReadThatRunsOutOfTimeIsASuccess() {
        JsonNode made = ask("create", "\"contentType\":\"application/json\"");

        JsonNode read = ask("read", "\"live\":\"sse\",\"timeoutMs\":300,\"offset\":" + made.path("offset"));

        assertThat(read.path("success").asBoolean(false)).isTrue();
        assertThat(read.path("chunks").size()).isZero();
        assertThat(read.path("upToDate").asBoolean(false)).isTrue();
    }

    @Test
    void bytesThatAreNoTextAreToldInBase64() {
        ask("create", "\"contentType\":\"application/octet-stream\"");
        ask("append", "\"data\":\"/f7/AA==\",\"binary\":true");

        JsonNode chunk = ask("read", "\"live\":false").path("chunks").path(0);

        assertThat(chunk.path("data").asString("")).isEqualTo("/f7/AA==");
        assertThat(chunk.path("binary").asBoolean(false)).isTrue();
    }

    @Test
    void producersLiveFromCommandToCommand() {
        ask("create", "\"contentType\":\"application/json\"");
        String producer = "\"producerId\":\"p\",\"epoch\":0,";

        ask("idempotent-append", producer + "\"data\":\"{\\\"n\\\": 1}\"");
        JsonNode closed = ask("idempotent-close", producer + "\"data\":\"4\"");
        JsonNode again = ask("idempotent-close", producer + "\"x\":1");
        JsonNode read = ask("read", "\"live\":false");

        assertThat(closed.path("finalOffset")).isEqualTo(again.path("finalOffset"));
        assertThat(read.path("chunks").path(0).path("data").asString("")).isEqualTo("[{\"n\":1},4]");
        assertThat(read.path("streamClosed").asBoolean(false)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5})
    void aBatchThatIsSentAgainIsStoredOnce(int inFlight) {
        ask("create", "\"contentType\":\"application/json\"");
        String batch = "\"producerId\":\"p\",\"epoch\":0,\"maxInFlight\":" + inFlight
                + ",\"items\":[{\"data\":\"[1, 2]\"},{\"data\":\"[3]\"}]";

        JsonNode first = ask("idempotent-append-batch", batch);
        JsonNode second = ask("idempotent-append-batch", batch);

        assertThat(first.path("duplicate").asBoolean(true)).isFalse();
        assertThat(second.path("duplicate").asBoolean(false)).isTrue();
        assertThat(ask("read", "\"live\":false")
                        .path("chunks")
                        .path(0)
                        .path("data")
                        .asString(""))
                .isEqualTo("[[1,2],[3]]");
    }

    @Test
    void aLongPollThatBringsNothingIsToldAsTheServerAnswersIt() {
        ask("create", "\"contentType\":\"text/plain\",\"data\":\"a\"");

        JsonNode read = ask("read", "\"live\":\"long-poll\",\"offset\":\"now\",\"timeoutMs\":400");

        assertThat(read.path("status").asInt(0)).isEqualTo(204);
        assertThat(read.path("upToDate").asBoolean(false)).isTrue();
        assertThat(read.path("offset")).isEqualTo(ask("head", "\"x\":1").path("offset"));
    }

    @Test
    void initBeginsAnew() {
        ask("create", "\"contentType\":\"text/plain\"");
        ask("{\"type\":\"set-dynamic-header\",\"name\":\"X-Count\",\"valueType\":\"counter\"}");
        ask("idempotent-append", "\"producerId\":\"p\",\"epoch\":0,\"data\":\"a\"");

        init();
        JsonNode repeated = ask("idempotent-append", "\"producerId\":\"p\",\"epoch\":0,\"data\":\"a\"");
        JsonNode appended = ask("append", "\"data\":\"b\"");

        assertThat(repeated.path("duplicate").asBoolean(false)).isTrue();
        assertThat(appended.has("headersSent")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"op\":\"append\",\"size\":100|100|0",
                "\"op\":\"read\"|5|0",
                "\"op\":\"read\",\"offset\":\"now\"|2|0",
                "\"op\":\"create\",\"contentType\":\"application/json\"|0|0",
                "\"op\":\"throughput_append\",\"size\":10,\"count\":50|500|50",
                "\"op\":\"throughput_read\"|5|2"
            })
    void timesAnOperation(String operation, long bytes, long messages) {
        ask("create", "\"contentType\":\"application/json\",\"data\":\"[1,2]\"");

        JsonNode timed =
                ask("{\"type\":\"benchmark\",\"iterationId\":\"7\",\"operation\":{" + PATH + "," + operation + "}}");

        assertThat(timed.path("iterationId").asString("")).isEqualTo("7");
        assertThat(Long.parseLong(timed.path("durationNs").asString(""))).isPositive();
        assertThat(timed.path("metrics").path("bytesTransferred").asLong(0)).isEqualTo(bytes);
        assertThat(timed.path("metrics").path("messagesProcessed").asLong(0)).isEqualTo(messages);
    }

    @Test
    void dynamicValuesAreToldAsTheyWereSent() {
        ask("create", "\"contentType\":\"text/plain\"");
        ask("{\"type\":\"set-dynamic-header\",\"name\":\"X-Count\",\"valueType\":\"counter\"}");
        ask("{\"type\":\"set-dynamic-param\",\"name\":\"turn\",\"valueType\":\"counter\"}");

        JsonNode first = ask("append", "\"data\":\"a\"");
        JsonNode second = ask("append", "\"data\":\"b\"");
        ask("{\"type\":\"clear-dynamic\"}");
        JsonNode third = ask("append", "\"data\":\"c\"");

        assertThat(first.path("headersSent").path("X-Count").asString("")).isEqualTo("1");
        assertThat(second.path("headersSent").path("X-Count").asString("")).isEqualTo("2");
        assertThat(second.path("paramsSent").path("turn").asString("")).isEqualTo("2");
        assertThat(third.has("headersSent")).isFalse();
    }

    @Test
    void errorsAreToldInTheWordsOfTheSuite() {
        JsonNode missing = ask("read", "\"live\":false");
        ask("create", "\"contentType\":\"text/plain\"");
        JsonNode conflict = ask("create", "\"contentType\":\"application/json\"");
        JsonNode offset = ask("read", "\"offset\":\"nonsense\"");
        JsonNode empty = ask("append", "\"data\":\"\"");
        ask("close", "\"x\":1");
        JsonNode closed = ask("append", "\"data\":\"a\"");

        assertError(missing, "NOT_FOUND", 404);
        assertThat(missing.path("message").asString("")).contains("/v1/stream/a");
        assertError(conflict, "CONFLICT", 409);
        assertError(offset, "INVALID_OFFSET", 400);
        assertError(empty, "INVALID_ARGUMENT", 400);
        assertError(closed, "STREAM_CLOSED", 409);
        assertThat(ask("{\"type\":\"dance\"}").path("errorCode").asString("")).isEqualTo("NOT_SUPPORTED");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"target\":\"retry-options\",\"maxRetries\":-1|maxRetries",
                "\"target\":\"retry-options\",\"initialDelayMs\":0|initialDelayMs",
                "\"target\":\"retry-options\",\"initialDelayMs\":1000,\"maxDelayMs\":500|maxDelayMs",
                "\"target\":\"retry-options\",\"multiplier\":0.5|multiplier",
                "\"target\":\"idempotent-producer\",\"producerId\":\"p\",\"epoch\":-1|epoch",
                "\"target\":\"idempotent-producer\",\"producerId\":\"p\",\"maxBatchBytes\":0|maxBatchBytes",
                "\"target\":\"idempotent-producer\",\"producerId\":\"p\",\"maxBatchItems\":-1|maxBatchItems"
            })
    void refusesWhatIsNoOption(String target, String named) {
        JsonNode refused = ask("{\"type\":\"validate\",\"target\":{" + target + "}}");

        assertThat(refused.path("errorCode").asString("")).isEqualTo("INVALID_ARGUMENT");
        assertThat(refused.path("message").asString("")).contains(named);
    }

    @Test
    void takesWhatIsAnOption() {
        JsonNode retry = ask("{\"type\":\"validate\",\"target\":{\"target\":\"retry-options\",\"maxRetries\":3,"
                + "\"initialDelayMs\":100,\"maxDelayMs\":5000,\"multiplier\":2.0}}");

        assertThat(retry.path("success").asBoolean(false)).isTrue();
    }

    @Test
    void endsWhenItIsTold() {
        ask("{\"type\":\"shutdown\"}");

        assertThat(session.isOver()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"long-poll", "sse"})
    void timesARoundTrip(String live) {
        JsonNode timed = ask("{\"type\":\"benchmark\",\"operation\":{" + PATH
                + ",\"op\":\"roundtrip\",\"size\":100,\"contentType\":\"text/plain\",\"live\":\"" + live + "\"}}");

        assertThat(timed.path("metrics").path("bytesTransferred").asLong(0)).isEqualTo(200);
    }

    private static void assertError(JsonNode answer, String code, int status) {
        assertThat(answer.path("type").asString("")).isEqualTo("error");
        assertThat(answer.path("success").asBoolean(true)).isFalse();
        assertThat(answer.path("errorCode").asString("")).isEqualTo(code);
        assertThat(answer.path("status").asInt(0)).isEqualTo(status);
    }

    private JsonNode ask(String type, String members) {
        return ask("{\"type\":\"" + type + "\"," + PATH + "," + members + "}");
    }

    private JsonNode ask(String line) {
        return Json.parse(session.answer(line));
    }
}
