package dev.holdfast.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.holdfast.Holdfast;
import dev.holdfast.access.NewToken;
import dev.holdfast.access.Token;
import dev.holdfast.json.Json;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyWire;
import dev.holdfast.kv.KvValue;
import dev.holdfast.queue.Job;
import dev.holdfast.queue.Queue;
import dev.holdfast.server.http.HttpServerOptions;
import dev.holdfast.server.kvconnect.wire.Datapath;
import dev.holdfast.server.kvconnect.wire.Datapath.AtomicWrite;
import dev.holdfast.server.kvconnect.wire.Datapath.AtomicWriteOutput;
import dev.holdfast.server.kvconnect.wire.Datapath.AtomicWriteStatus;
import dev.holdfast.server.kvconnect.wire.Datapath.MutationType;
import dev.holdfast.server.kvconnect.wire.Datapath.ReadRange;
import dev.holdfast.server.kvconnect.wire.Datapath.SnapshotRead;
import dev.holdfast.server.kvconnect.wire.Datapath.SnapshotReadOutput;
import dev.holdfast.server.kvconnect.wire.Datapath.ValueEncoding;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** KV Connect at the wire: what its clients send, and what they never send. */
@Timeout(60)
class KvConnectTest {
    private static final ServedStore SERVED = new ServedStore(Holdfast.MEMORY, HttpServerOptions.defaults());
    private static final String ALL_VERSIONS = "{\"supportedVersions\":[1,2,3]}";
    private static KvConnectClient client;

    @BeforeAll
    static void open() throws Exception {
        client = new KvConnectClient(SERVED, HttpClient.Version.HTTP_1_1, "/kv", ServedStore.ADMIN);
    }

    @AfterAll
    static void close() {
        client.close();
        SERVED.close();
    }

    @Test
    void theExchangeAnswersWhatNodesClientAccepts() throws Exception {
        HttpResponse<byte[]> answer = client.exchange(ALL_VERSIONS);
        JsonNode metadata = Json.parse(answer.body());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().allValues("content-type")).containsExactly("application/json");
        assertThat(metadata.propertyNames())
                .containsExactlyInAnyOrder("version", "databaseId", "endpoints", "token", "expiresAt");
        assertThat(metadata.path("version").intValue()).isEqualTo(3);
        assertThat(metadata.path("databaseId").stringValue())
                .matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
                .isEqualTo(Json.parse(client.exchange(ALL_VERSIONS).body())
                        .path("databaseId")
                        .stringValue());
        assertThat(metadata.path("endpoints"))
                .isEqualTo(Json.parse("[{\"url\":\"./kv/v2\",\"consistency\":\"strong\"}]"));
        assertThat(metadata.path("token").stringValue()).isEqualTo(ServedStore.ADMIN);
        assertThat(metadata.path("expiresAt").stringValue())
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z");
        assertThat(Instant.parse(metadata.path("expiresAt").stringValue()))
                .isAfter(Instant.now().plus(Duration.ofHours(23)));
    }

    @Test
    void theHighestCommonVersionIsChosenAndWithoutOneTheExchangeIsRefused() throws Exception {
        assertThat(version("[2]")).isEqualTo(2);
        assertThat(version("[1, 2]")).isEqualTo(2);
        assertThat(version("[3, 99, \"2\", 1e40]")).isEqualTo(3);
        for (String body : List.of(
                "{\"supportedVersions\":[]}",
                "{\"supportedVersions\":[1,99]}",
                "{\"supportedVersions\":3}",
                "[]",
                "{nope",
                "")) {
            HttpResponse<byte[]> answer = client.exchange(body);
            assertThat(answer.statusCode()).as(body).isEqualTo(400);
            assertThat(KvConnectClient.text(answer)).isNotBlank().doesNotStartWith("{");
        }
    }

    @Test
    void otherMethodsAndTokensAndPathsAreRefusedInPlainText() throws Exception {
        for (String method : List.of("GET", "PUT", "DELETE")) {
            assertThat(SERVED.ask(ServedStore.ADMIN, method, "/kv", "").status())
                    .isEqualTo(405);
        }
        for (String header : List.of("Basic abc", ServedStore.ADMIN, "Bearer ", "Bearer wrong")) {
            HttpResponse<String> answer = client.http()
                    .send(
                            HttpRequest.newBuilder(URI.create(SERVED.server().baseUrl() + "/kv"))
                                    .header("Authorization", header)
                                    .POST(HttpRequest.BodyPublishers.ofString(ALL_VERSIONS))
                                    .build(),
                            BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(header).isEqualTo(401);
            assertThat(answer.body()).isIn("Malformed authorization header.", "Invalid access token.");
        }
        HttpResponse<byte[]> unknown = client.call("no_such_thing", new byte[0]);
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(KvConnectClient.text(unknown)).isEqualTo("Resource not found.");
    }

    @Test
    void theDataPathAsksForTokenVersionAndDatabase() throws Exception {
        refusedHeader(KvConnectClient.TOKEN, "", 401, "Malformed authorization header.");
        refusedHeader(KvConnectClient.TOKEN, "Bearer x", 401, "Invalid access token.");
        for (String version : List.of("", "1", "9", "3.0")) {
            refusedHeader(KvConnectClient.VERSION, version, 400, "Invalid protocol version");
        }
        for (String id : List.of("", "nope", "11111111-2222-3333-4444-555555555555")) {
            refusedHeader(KvConnectClient.DATABASE_ID, id, 400, "Invalid database id.");
        }
        assertThat(client.call("snapshot_read", new byte[0], KvConnectClient.VERSION, "2")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void theMessagesThatDenoSendsAreAnsweredAsThePublicServerDoes() throws Exception {
        try (KvConnectClient own = named("captured", HttpClient.Version.HTTP_2)) {
            assertThat(hex(own, "snapshot_read", "0a0d0a030261001204026100001801"))
                    .isEqualTo("0a0020014001");
            String stamp = stamp(hex(own, "atomic_write", "12150a03026e00120c0a08050000000000000010021803"));
            String set = stamp(hex(own, "atomic_write", "12130a03026100120a0a06ff102202686910011801"));
            assertThat(set).isGreaterThan(stamp);
            assertThat(hex(own, "snapshot_read", "0a0d0a030261001204026100001801"))
                    .isEqualTo("0a1d0a1b0a030261001206ff10220268691801220a" + set + "20014001");
            assertThat(hex(own, "snapshot_read", "0a0e0a04026100001204026100ff1805"))
                    .isEqualTo("0a0020014001");
            assertThat(hex(own, "snapshot_read", "0a0a0a01001201ff18052001")).contains(set, stamp);
            assertThat(hex(own, "snapshot_read", "0a100a060270000271001204027000ff1802"))
                    .isEqualTo("0a0020014001");
            assertThat(hex(own, "atomic_write", "0a050a0302610012110a03027a0012080a04ff10490210011801"))
                    .isEqualTo("0802220100");
            stamp(hex(own, "atomic_write", "120c0a04027a7a00120210031802"));
            stamp(hex(own, "atomic_write", "121b0a05026269670012100a0cff105a10050000000000000010011803"));
            // This one has expired long ago.
            stamp(hex(own, "atomic_write", "121a0a03026100120a0a06ff1022026869100118012095e5aacd9f34"));
            assertThat(hex(own, "snapshot_read", "0a0d0a030261001204026100001801"))
                    .isEqualTo("0a0020014001");
        }
    }

    @Test
    void everyFaceReadsWhatTheOthersHaveWritten() throws Exception {
        SERVED.store().kv().set(Key.of("faces", "json"), 7);
        client.write(AtomicWrite.newBuilder()
                .addMutations(set("faces/v8", "ff0f4902", ValueEncoding.VE_V8))
                .addMutations(set("faces/u64", "0900000000000000", ValueEncoding.VE_LE64))
                .addMutations(set("faces/bytes", "00ff", ValueEncoding.VE_BYTES))
                .build());

        SnapshotReadOutput read = read(range("faces", 10));

        assertThat(read.getRanges(0).getValuesList())
                .extracting(entry -> entry.getEncoding() + " "
                        + HexFormat.of().formatHex(entry.getValue().toByteArray()))
                .containsExactly("VE_BYTES 00ff", "VE_V8 ff0f490e", "VE_LE64 0900000000000000", "VE_V8 ff0f4902");
        assertThat(SERVED.store().kv().get(Key.of("faces", "v8")).orElseThrow().value())
                .isEqualTo(KvValue.v8(HexFormat.of().parseHex("ff0f4902")));
        assertThat(SERVED.store().kv().get(Key.of("faces", "u64")).orElseThrow().value())
                .isEqualTo(KvValue.u64(9));
    }

    @Test
    void aTokenThatMayOnlyReadIsToldThatWritingIsDisabled() throws Exception {
        String reader = SERVED.secret(NewToken.of("reader", Token.Scope.READ));
        try (KvConnectClient own = new KvConnectClient(SERVED, HttpClient.Version.HTTP_1_1, "/kv", reader)) {
            AtomicWriteOutput written = own.write(AtomicWrite.newBuilder()
                    .addMutations(set("reader", "00", ValueEncoding.VE_BYTES))
                    .build());

            assertThat(written.getStatus()).isEqualTo(AtomicWriteStatus.AW_WRITE_DISABLED);
            assertThat(own.call("snapshot_read", new byte[0]).statusCode()).isEqualTo(200);
            assertThat(SERVED.store().kv().get(Key.of("reader"))).isEmpty();
        }
    }

    @Test
    void everyNamespaceIsADatabaseOfItsOwn() throws Exception {
        String acme = SERVED.secret(
                NewToken.of("acme", Token.Scope.READ, Token.Scope.WRITE).in("acme"));
        AtomicWrite write = AtomicWrite.newBuilder()
                .addMutations(set("tenant", "01", ValueEncoding.VE_BYTES))
                .build();
        try (KvConnectClient byToken = new KvConnectClient(SERVED, HttpClient.Version.HTTP_1_1, "/kv", acme);
                KvConnectClient byPath = named("acme", HttpClient.Version.HTTP_1_1);
                KvConnectClient slash =
                        new KvConnectClient(SERVED, HttpClient.Version.HTTP_1_1, "/ns/acme/kv/", ServedStore.ADMIN)) {
            byToken.write(write);

            assertThat(SERVED.store().namespace("acme").kv().get(Key.of("tenant")))
                    .isPresent();
            assertThat(SERVED.store().kv().get(Key.of("tenant"))).isEmpty();
            String id = Json.parse(byToken.exchange(ALL_VERSIONS).body())
                    .path("databaseId")
                    .stringValue();
            for (KvConnectClient same : List.of(byPath, slash)) {
                assertThat(Json.parse(same.exchange(ALL_VERSIONS).body())
                                .path("databaseId")
                                .stringValue())
                        .isEqualTo(id);
                assertThat(SnapshotReadOutput.parseFrom(same.call("snapshot_read", read1("tenant"))
                                        .body())
                                .getRanges(0)
                                .getValuesCount())
                        .isEqualTo(1);
            }
            assertThat(client.call("snapshot_read", read1("tenant"), KvConnectClient.DATABASE_ID, id)
                            .statusCode())
                    .isEqualTo(400);
            assertThat(SERVED.ask(acme, "POST", "/kv/other", ALL_VERSIONS).status())
                    .isEqualTo(403);
        }
    }

    @Test
    void tokensForSomeKeysAreRefused() throws Exception {
        NewToken some = new NewToken(
                "some",
                Set.of(Token.Scope.READ),
                Optional.of("default"),
                List.of(new Token.Grant(Token.Grant.Kind.KEY, "[\"a\"]")),
                Optional.empty());

        assertThat(SERVED.ask(SERVED.secret(some), "POST", "/kv", ALL_VERSIONS).status())
                .isEqualTo(403);
    }

    @Test
    void messagesComeWithTheirWriteAndLeaveTheirFallbackKeysBehind() throws Exception {
        byte[] payload = HexFormat.of().parseHex("ff0f22026869");
        AtomicWrite.Builder write = AtomicWrite.newBuilder()
                .addMutations(set("queue/set", "01", ValueEncoding.VE_BYTES))
                .addEnqueues(Datapath.Enqueue.newBuilder()
                        .setPayload(ByteString.copyFrom(payload))
                        .setDeadlineMs(1)
                        .addBackoffSchedule(0)
                        .addKeysIfUndelivered(key("queue/lost")));
        SERVED.store().kv().set(Key.of("queue", "there"), 1);
        AtomicWrite failing = write.clone()
                .addChecks(Datapath.Check.newBuilder().setKey(key("queue/there")))
                .build();
        Queue queue = SERVED.store().queue("default");

        assertThat(client.write(failing).getStatus()).isEqualTo(AtomicWriteStatus.AW_CHECK_FAILURE);
        assertThat(queue.claim(1, Duration.ofMinutes(1))).isEmpty();
        assertThat(client.write(write.build()).getStatus()).isEqualTo(AtomicWriteStatus.AW_SUCCESS);
        for (int attempt = 1; attempt <= 2; attempt++) {
            Job job = queue.claim(1, Duration.ofMinutes(1)).getFirst();
            assertThat(job.value()).isEqualTo(KvValue.v8(payload));
            assertThat(job.attempt()).isEqualTo(attempt);
            assertThat(queue.nack(job.claim(), "no")).isTrue();
        }

        assertThat(queue.claim(1, Duration.ofMinutes(1))).isEmpty();
        assertThat(SERVED.store()
                        .kv()
                        .get(Key.of("queue", "lost"))
                        .orElseThrow()
                        .value())
                .isEqualTo(KvValue.v8(payload));
    }

    @Test
    void oneConnectionCarriesThousandsOfRequestsInASecond() throws Exception {
        try (KvConnectClient own = named("many", HttpClient.Version.HTTP_2)) {
            byte[] read = read1("a");
            List<CompletableFuture<HttpResponse<byte[]>>> answers = new ArrayList<>();
            for (int round = 0; round < 10; round++) {
                IntStream.range(0, 200)
                        .forEach(i -> answers.add(
                                own.http().sendAsync(own.request("snapshot_read", read), BodyHandlers.ofByteArray())));
                answers.forEach(CompletableFuture::join);
            }

            assertThat(answers).allSatisfy(answer -> {
                assertThat(answer.join().statusCode()).isEqualTo(200);
                assertThat(answer.join().version()).isEqualTo(HttpClient.Version.HTTP_2);
            });
        }
    }

    private static void refusedHeader(String name, String value, int status, String text) throws Exception {
        HttpResponse<byte[]> answer = client.call("snapshot_read", new byte[0], name, value);
        assertThat(answer.statusCode()).as(name + ": " + value).isEqualTo(status);
        assertThat(KvConnectClient.text(answer)).startsWith(text);
    }

    private static int version(String offered) throws Exception {
        return Json.parse(client.exchange("{\"supportedVersions\":" + offered + "}")
                        .body())
                .path("version")
                .intValue();
    }

    private static KvConnectClient named(String namespace, HttpClient.Version version) throws Exception {
        return new KvConnectClient(SERVED, version, "/kv/" + namespace, ServedStore.ADMIN);
    }

    private static String hex(KvConnectClient own, String method, String body) throws Exception {
        HttpResponse<byte[]> answer = own.call(method, HexFormat.of().parseHex(body));
        assertThat(answer.statusCode()).as(KvConnectClient.text(answer)).isEqualTo(200);
        assertThat(answer.headers().allValues("content-type")).containsExactly("application/x-protobuf");
        return HexFormat.of().formatHex(answer.body());
    }

    /** The versionstamp of a write that succeeded. */
    private static String stamp(String output) {
        assertThat(output).startsWith("0801120a").hasSize(28).endsWith("0000");
        return output.substring(8);
    }

    private static SnapshotReadOutput read(ReadRange range) throws Exception {
        byte[] request = SnapshotRead.newBuilder().addRanges(range).build().toByteArray();
        return SnapshotReadOutput.parseFrom(
                client.call("snapshot_read", request).body());
    }

    private static byte[] read1(String path) {
        ByteString key = key(path);
        return SnapshotRead.newBuilder()
                .addRanges(ReadRange.newBuilder()
                        .setStart(key)
                        .setEnd(key.concat(ByteString.copyFrom(new byte[1])))
                        .setLimit(1))
                .build()
                .toByteArray();
    }

    private static ReadRange range(String prefix, int limit) {
        ByteString key = key(prefix);
        return ReadRange.newBuilder()
                .setStart(key.concat(ByteString.copyFrom(new byte[1])))
                .setEnd(key.concat(ByteString.copyFrom(new byte[] {(byte) 0xff})))
                .setLimit(limit)
                .build();
    }

    private static Datapath.Mutation.Builder set(String path, String hex, ValueEncoding encoding) {
        return Datapath.Mutation.newBuilder()
                .setKey(key(path))
                .setMutationType(MutationType.M_SET)
                .setValue(Datapath.KvValue.newBuilder()
                        .setData(ByteString.copyFrom(HexFormat.of().parseHex(hex)))
                        .setEncoding(encoding));
    }

    private static ByteString key(String path) {
        return ByteString.copyFrom(KeyWire.wire(Key.of((Object[]) path.split("/"))));
    }
}
