package dev.holdfast.server.records;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.engine.Dialect;
import dev.holdfast.json.Json;
import dev.holdfast.record.Payload;
import dev.holdfast.record.Payload.Kind;
import dev.holdfast.record.RecordStore;
import dev.holdfast.record.ReplicaType;
import dev.holdfast.record.StoreMeta;
import dev.holdfast.record.StoreRecord;
import dev.holdfast.record.SyncMode;
import dev.holdfast.record.TableNames;
import dev.holdfast.server.HoldfastServer;
import dev.holdfast.server.ProtocolOptions;
import dev.holdfast.server.http.Authenticator;
import dev.holdfast.server.http.HttpServerOptions;
import dev.holdfast.server.http.ListeningSocket;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Record stores over HTTP, byte for byte; section 19 of the interface. */
class RecordsTest {
    private static final String LINES = "application/x-ndjson";
    private static final String FRAMES = "application/x-record-frames";
    private static final StoreRecord META =
            new StoreRecord.Meta(new StoreMeta(new ReplicaType("plain", 1, 0), SyncMode.AUTHORITATIVE, "00aa"));
    private static final StoreRecord TEXT = new StoreRecord.Entry(Payload.json(Kind.ENTIRETY, "{}"), "1");
    private static final StoreRecord BYTES = new StoreRecord.Entry(
            Payload.binary(Kind.SINCE, new byte[] {0, 1, -1}).withLineage("L"), "L:2");
    private static final String ENTRY =
            "{\"kind\":\"entry\",\"version\":\"1\",\"payload\":{\"kind\":\"since\",\"encoding\":\"json\"";
    private static final String BATCH = """
            {"kind":"meta","meta":{"replicaType":["plain",1,0],"syncMode":{"writerModel":"serialized",\
            "delivery":"delta-capable","durability":"persistent"},"schemaHash":"00aa"}}
            {"kind":"entry","version":"1","payload":{"kind":"entirety","encoding":"json","data":"{}"}}
            {"kind":"entry","version":"L:2","payload":{"kind":"since","encoding":"binary","bytes":"AAH/","lineage":"L"}}
            {"kind":"end","count":3}
            """;

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Holdfast HOLDFAST = Holdfast.open(Holdfast.MEMORY);
    private static final HoldfastServer SERVER =
            HoldfastServer.start(HOLDFAST, HttpServerOptions.defaults().withPort(0), Authenticator.none());

    private RecordStore store = HOLDFAST.recordStore("kyneta");

    @AfterAll
    static void stop() {
        SERVER.close();
        HOLDFAST.close();
        CLIENT.close();
    }

    @BeforeEach
    void empty() {
        HOLDFAST.recordStores().list().forEach(HOLDFAST.recordStores()::drop);
        store = HOLDFAST.recordStore("kyneta");
    }

    @Test
    void storesAreMadeDescribedListedAndDropped() throws Exception {
        String described = "{\"name\":\"a\",\"format\":{\"major\":1,\"minor\":0}}";

        assertThat(answer(send("PUT", "/a"))).isEqualTo("201 " + described);
        assertThat(answer(send("PUT", "/a"))).isEqualTo("200 " + described);
        assertThat(answer(send("GET", "/a"))).isEqualTo("200 " + described);
        assertThat(answer(send("GET", ""))).isEqualTo("200 {\"stores\":[\"a\",\"kyneta\"]}");
        assertThat(answer(send("DELETE", "/a"))).isEqualTo("204 ");
        assertThat(answer(send("DELETE", "/a"))).isEqualTo("204 ");
        refused(send("GET", "/a"), 404, "store-not-found");
        refused(send("PUT", "/A"), 400, "invalid-store-name");
        refused(send("GET", "/a/b/c"), 404, "not-found");
        refused(send("PATCH", "/a"), 405, "method-not-allowed");
    }

    @Test
    void aBatchComesBackAsItWent() throws Exception {
        assertThat(answer(send("POST", "/kyneta/records?doc=d", LINES, BATCH))).isEqualTo("204 ");

        HttpResponse<byte[]> back = send("GET", "/kyneta/records?doc=d");
        assertThat(new String(back.body(), StandardCharsets.UTF_8)).isEqualTo(BATCH);
        assertThat(back.headers().firstValue("Content-Type")).contains(LINES);
        assertThat(back.headers().firstValue("Cache-Control")).contains("no-store");
        try (var records = store.loadAll("d").stream()) {
            assertThat(records).containsExactly(META, TEXT, BYTES);
        }
        assertThat(answer(send("GET", "/kyneta/records?doc=nothing")))
                .isEqualTo("200 {\"kind\":\"end\",\"count\":0}\n");
    }

    @Test
    void framesAreThoseOfKynetasEnvelopes() throws Exception {
        String small = "00000008" + "01" + "00000001" + "31" + "6869" + "00000000" + "00000001";
        store.append("d", META);

        assertThat(answer(send(
                        "POST", "/kyneta/records?doc=d", FRAMES, HexFormat.of().parseHex(small))))
                .isEqualTo("204 ");
        store.append("d", BYTES);

        HttpResponse<byte[]> back = accepting("/kyneta/records?doc=d", FRAMES);
        assertThat(back.headers().firstValue("Content-Type")).contains(FRAMES);
        assertThat(new FrameBatch().read(new ByteArrayInputStream(back.body())))
                .containsExactly(META, new StoreRecord.Entry(Payload.json(Kind.SINCE, "hi"), "1"), BYTES);
        assertThat(HexFormat.of().formatHex(back.body()))
                .contains("00000008" + "01" + "00000001" + "31" + "6869")
                .endsWith("00000010" + "17" + "00000003" + "4c3a32" + "00000001" + "4c" + "0001ff" + "00000000"
                        + "00000003");
    }

    @Test
    void aBatchThatIsCutAnywhereChangesNothing() throws Exception {
        for (BatchFormat format : List.of(new LineBatch(), new FrameBatch())) {
            byte[] whole = bytes(format, List.of(META, TEXT, BYTES));
            int last = format instanceof LineBatch ? whole.length - 1 : whole.length;
            for (int length = 0; length < last; length++) {
                HttpResponse<byte[]> answer =
                        send("POST", "/kyneta/records?doc=d", format.type().value(), Arrays.copyOf(whole, length));
                refused(answer, 400, "incomplete-batch");
            }
            assertThat(store.currentMeta("d")).isEmpty();
            byte[] more = Arrays.copyOf(whole, whole.length + 1);
            more[whole.length] = 'x';
            refused(send("POST", "/kyneta/records?doc=d", format.type().value(), more), 400, "incomplete-batch");
            assertThat(store.currentMeta("d")).isEmpty();
        }
        assertThat(answer(send("POST", "/kyneta/records?doc=d", LINES, BATCH.stripTrailing())))
                .isEqualTo("204 ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"kind\":\"end\",\"count\":1}| incomplete-batch",
                "{\"kind\":\"end\"}| incomplete-batch",
                "{\"kind\":\"other\"}| malformed-record",
                "[]| malformed-record",
                ENTRY + "}}| malformed-record",
                ENTRY + ",\"data\":\"\",\"bytes\":\"\"}}| malformed-record",
                ENTRY + ",\"bytes\":\"AA\"}}| malformed-record",
                "{\"kind\":| malformed-record"
            })
    void aLineThatIsNoRecordSpoilsTheBatch(String line, String code) throws Exception {
        refused(send("POST", "/kyneta/records?doc=d", LINES, line + "\n" + BATCH), 400, code);
        assertThat(store.currentMeta("d")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "00000001 20",
        "00000001 09",
        "00000002 087b",
        "00000001 00",
        "00000005 0100000001",
        "00000006 0000000001ff"
    })
    void anEnvelopeThatIsNoneSpoilsTheBatch(String frame) throws Exception {
        byte[] body = HexFormat.of().parseHex(frame.replace(" ", "") + "0000000000000001");

        refused(send("POST", "/kyneta/records?doc=d", FRAMES, body), 400, "malformed-record");
    }

    @Test
    void whatIsRefusedHasItsStatus() throws Exception {
        String meta = BATCH.lines().findFirst().orElseThrow();
        store.append("d", META);

        refused(send("POST", "/kyneta/records?doc=new", LINES, entryAlone()), 409, "meta-required");
        refused(send("PUT", "/kyneta/records?doc=d", LINES, entryAlone()), 422, "meta-missing");
        refused(send("POST", "/kyneta/records?doc=d", LINES, "{\"kind\":\"end\",\"count\":0}"), 422, "empty-batch");
        String end = "\n{\"kind\":\"end\",\"count\":1}";
        JsonNode loro = refused(
                send("POST", "/kyneta/records?doc=d", LINES, meta.replace("plain", "loro") + end),
                409,
                "replica-type-mismatch");
        assertThat(loro.path("detail").stringValue()).contains("replicaType");
        refused(
                send("POST", "/kyneta/records?doc=d", LINES, meta.replace("serialized", "concurrent") + end),
                409,
                "sync-mode-mismatch");
        refused(send("POST", "/kyneta/records?doc=d", "application/json", BATCH), 415, "unsupported-media-type");
        refused(accepting("/kyneta/records?doc=d", "text/html"), 406, "not-acceptable");
        refused(send("POST", "/missing/records?doc=d", LINES, BATCH), 404, "store-not-found");
        refused(
                send("POST", "/kyneta/records?doc=d", FRAMES, HexFormat.of().parseHex("01000001")),
                413,
                "record-too-large");
        for (String query :
                List.of("", "?doc=a&doc=b", "?doc=%ff", "?doc=%ed%a0%80", "?doc=%00", "?doc=" + "x".repeat(1_025))) {
            refused(send("GET", "/kyneta/records" + query), 400, "invalid-doc-id");
            refused(send("GET", "/kyneta/meta" + query), 400, "invalid-doc-id");
            refused(send("POST", "/kyneta/records" + query, LINES, BATCH), 400, "invalid-doc-id");
        }
        assertThat(answer(send("POST", "/kyneta/records?doc=d", LINES, entryAlone())))
                .isEqualTo("204 ");
    }

    @Test
    void aBatchMayBeAsLargeAsTheServerWasToldTo() throws Exception {
        RecordsOptions small = RecordsOptions.defaults().withBatchBytesMax(1 << 20);
        HttpServerOptions options = HttpServerOptions.defaults().withPort(0);
        try (HoldfastServer server = HoldfastServer.start(
                HOLDFAST,
                ListeningSocket.open(options, true),
                options,
                ProtocolOptions.defaults().withRecords(small),
                Authenticator.none())) {
            StoreRecord large = new StoreRecord.Entry(Payload.json(Kind.SINCE, "x".repeat(300_000)), "1");
            for (BatchFormat format : List.of(new LineBatch(), new FrameBatch())) {
                HttpRequest.Builder request = HttpRequest.newBuilder(
                                URI.create(server.baseUrl() + RecordsMount.BASE + "/kyneta/records?doc=d"))
                        .header("Content-Type", format.type().value());
                byte[] fits = bytes(format, List.of(META, large, large, large));
                byte[] beyond = bytes(format, List.of(META, large, large, large, large));

                assertThat(answer(put(request, fits))).isEqualTo("204 ");
                refused(put(request, beyond), 413, "batch-too-large");
                assertThat(answer(put(request, fits))).isEqualTo("204 ");
            }
        }
        try (var records = store.loadAll("d").stream()) {
            assertThat(records).hasSize(4);
        }
    }

    private static HttpResponse<byte[]> put(HttpRequest.Builder request, byte[] body) throws Exception {
        return CLIENT.send(request.PUT(BodyPublishers.ofByteArray(body)).build(), BodyHandlers.ofByteArray());
    }

    private static String entryAlone() {
        return BATCH.lines().skip(1).findFirst().orElseThrow() + "\n{\"kind\":\"end\",\"count\":1}";
    }

    @Test
    void theAnswerHasTheTypeThatIsWanted() throws Exception {
        store.append("d", META);

        for (String lines : List.of("*/*", "application/*", LINES + ", " + FRAMES, FRAMES + ";q=0.5, " + LINES)) {
            assertThat(accepting("/kyneta/records?doc=d", lines).headers().firstValue("Content-Type"))
                    .contains(LINES);
        }
        for (String frames :
                List.of(FRAMES, "text/html, " + FRAMES, FRAMES + ", */*;q=0.1", LINES + ";q=0, " + FRAMES)) {
            assertThat(accepting("/kyneta/records?doc=d", frames).headers().firstValue("Content-Type"))
                    .contains(FRAMES);
        }
    }

    @Test
    void metadataAndIdsAreAnswered() throws Exception {
        List.of("", ".", "a/b", "a b+c", "\u00e9").forEach(id -> store.append(id, META));
        JsonNode meta = Json.parse(BATCH.lines().findFirst().orElseThrow()).path("meta");

        JsonNode found = json(send("GET", "/kyneta/meta?doc=a+b%2Bc"));
        assertThat(found.path("docId").stringValue()).isEqualTo("a b+c");
        assertThat(found.path("meta")).isEqualTo(meta);
        assertThat(json(send("GET", "/kyneta/meta?doc=none")).path("meta").isNull())
                .isTrue();
        assertThat(answer(send("GET", "/kyneta/docs"))).isEqualTo("""
                        200 {"docId":""}
                        {"docId":"."}
                        {"docId":"a b+c"}
                        {"docId":"a/b"}
                        {"docId":"\u00e9"}
                        {"kind":"end","count":5}
                        """);
        assertThat(answer(send("GET", "/kyneta/docs?prefix=a")))
                .isEqualTo("200 {\"docId\":\"a b+c\"}\n{\"docId\":\"a/b\"}\n{\"kind\":\"end\",\"count\":2}\n");
        assertThat(answer(send("GET", "/kyneta/docs?after=.&limit=1")))
                .isEqualTo("200 {\"docId\":\"a b+c\"}\n{\"kind\":\"end\",\"count\":1,\"more\":true}\n");
        refused(send("GET", "/kyneta/docs?limit=0"), 400, "invalid-limit");
        assertThat(answer(send("DELETE", "/kyneta/records?doc="))).isEqualTo("204 ");
        assertThat(store.currentMeta("")).isEmpty();
    }

    @Test
    void anotherFormatIsToldWithWhatIsStored() throws Exception {
        HOLDFAST.transaction(tx -> {
            TableNames.ofStore("theirs")
                    .ddl(Dialect.SQLITE)
                    .forEach(sql -> tx.tx().exec(sql));
            return tx.tx().exec("insert into theirs_store_meta values ('format', '{\"major\":9,\"minor\":1}')");
        });

        JsonNode problem = refused(send("PUT", "/theirs"), 409, "store-format");

        assertThat(problem.path("reason").stringValue()).isEqualTo("incompatible-major");
        assertThat(problem.path("stored")).isEqualTo(Json.parse("{\"major\":9,\"minor\":1}"));
        assertThat(problem.path("current")).isEqualTo(Json.parse("{\"major\":1,\"minor\":0}"));
    }

    private static byte[] bytes(BatchFormat format, List<StoreRecord> records) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (StoreRecord record : records) {
            format.write(out, record);
        }
        format.end(out, records.size());
        return out.toByteArray();
    }

    private static HttpResponse<byte[]> send(String method, String path) throws Exception {
        return CLIENT.send(request(path).method(method, BodyPublishers.noBody()).build(), BodyHandlers.ofByteArray());
    }

    private static HttpResponse<byte[]> send(String method, String path, String type, String body) throws Exception {
        return send(method, path, type, body.getBytes(StandardCharsets.UTF_8));
    }

    private static HttpResponse<byte[]> send(String method, String path, String type, byte[] body) throws Exception {
        return CLIENT.send(
                request(path)
                        .header("Content-Type", type)
                        .method(method, BodyPublishers.ofByteArray(body))
                        .build(),
                BodyHandlers.ofByteArray());
    }

    private static HttpResponse<byte[]> accepting(String path, String accept) throws Exception {
        return CLIENT.send(request(path).header("Accept", accept).build(), BodyHandlers.ofByteArray());
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(SERVER.baseUrl() + RecordsMount.BASE + path));
    }

    private static String answer(HttpResponse<byte[]> answer) {
        return answer.statusCode() + " " + new String(answer.body(), StandardCharsets.UTF_8);
    }

    private static JsonNode json(HttpResponse<byte[]> answer) {
        return Json.parse(answer.body());
    }

    private static JsonNode refused(HttpResponse<byte[]> answer, int status, String code) {
        assertThat(answer.statusCode()).as(answer(answer)).isEqualTo(status);
        JsonNode problem = json(answer);
        assertThat(problem.path("code").stringValue()).as(answer(answer)).isEqualTo(code);
        return problem;
    }
}
