package dev.holdfast.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.holdfast.Holdfast;
import dev.holdfast.kv.KvSelection;
import dev.holdfast.server.http.HttpServerOptions;
import dev.holdfast.server.kvconnect.wire.Datapath;
import dev.holdfast.server.kvconnect.wire.Datapath.AtomicWrite;
import dev.holdfast.server.kvconnect.wire.Datapath.MutationType;
import dev.holdfast.server.kvconnect.wire.Datapath.ReadRange;
import dev.holdfast.server.kvconnect.wire.Datapath.SnapshotRead;
import dev.holdfast.server.kvconnect.wire.Datapath.ValueEncoding;
import dev.holdfast.server.kvconnect.wire.Datapath.Watch;
import dev.holdfast.server.kvconnect.wire.Datapath.WatchKey;
import dev.holdfast.testkit.RandomProgram;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What KV Connect refuses: with a status that no client repeats, and a text that it shows. */
@Timeout(60)
class KvConnectRefusalsTest {
    private static final ServedStore SERVED = new ServedStore(Holdfast.MEMORY, HttpServerOptions.defaults());
    private static final int GARBAGE = 200;
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
    void readsHaveTheLimitsOfDenoKv() throws Exception {
        String tooLarge = "A key exceeds the key size limit. (keyBytes=2050, keyBytesMax=2049)";
        String entries = "The total number of entries requested across read ranges in the read request is too large.";

        accepted("snapshot_read", read(10, range(2049, 2049, 100)));
        refused("snapshot_read", read(11, range(1, 1, 1)), "Too many read ranges requested in one read request.");
        refused("snapshot_read", read(1, range(1, 1, 1001)), entries);
        refused("snapshot_read", read(2, range(1, 1, 501)), entries);
        for (int limit : new int[] {0, -1, Integer.MIN_VALUE}) {
            refused(
                    "snapshot_read",
                    read(1, range(1, 1, limit)),
                    "The read range limit of the snapshot read request is invalid.");
        }
        refused("snapshot_read", read(1, range(2050, 1, 1)), tooLarge);
        refused("snapshot_read", read(1, range(1, 2050, 1)), tooLarge);
    }

    @Test
    void writesHaveTheLimitsOfDenoKv() throws Exception {
        String mutations = "Too many mutations / enqueues included in atomic write.";

        accepted("atomic_write", write(1, b -> b.setKey(text(2048))));
        refused("atomic_write", write(1, b -> b.setKey(text(2049))), "A key exceeds the key size limit.");
        accepted("atomic_write", write(1, b -> b.setValue(bytes(65_536))));
        refused("atomic_write", write(1, b -> b.setValue(bytes(65_537))), "A value exceeds the value size limit.");
        accepted("atomic_write", write(1_000, b -> b));
        refused("atomic_write", write(1_001, b -> b), mutations);
        accepted("atomic_write", write(12, b -> b.setValue(bytes(65_000))));
        refused(
                "atomic_write",
                write(13, b -> b.setValue(bytes(65_000))),
                "The total size of the atomic write is too large. (writeBytes=845039, writeBytesMax=819200)");
        accepted("atomic_write", checks(100, 4, 10));
        refused("atomic_write", checks(101, 4, 10), "Too many checks included in atomic write.");
        accepted("atomic_write", checks(1, 2049, 0));
        refused("atomic_write", checks(1, 2050, 0), "A key exceeds the key size limit.");
        for (int bytes : new int[] {1, 9, 11, 20}) {
            refused("atomic_write", checks(1, 4, bytes), "Invalid versionstamp.");
        }
    }

    @Test
    void mutationsAreRefusedByKindValueExpiryAndKey() throws Exception {
        String kind = "Invalid mutation kind or arguments.";

        for (int type : new int[] {0, 6, 8, 99, -1}) {
            refused("atomic_write", write(1, b -> b.setMutationTypeValue(type)), kind);
        }
        for (int type : new int[] {1, 3, 4, 5, 9}) {
            refused("atomic_write", write(1, b -> b.setMutationTypeValue(type).clearValue()), kind);
        }
        accepted(
                "atomic_write",
                write(1, b -> b.setMutationType(MutationType.M_DELETE).clearValue()));
        for (int encoding : new int[] {0, 4, 77, -1}) {
            refused(
                    "atomic_write",
                    write(1, b -> b.setValue(bytes(1).setEncodingValue(encoding))),
                    "The value encoding " + encoding + " is unknown.");
        }
        for (int bytes : new int[] {0, 3, 9}) {
            refused(
                    "atomic_write",
                    write(1, b -> b.setValue(bytes(bytes).setEncoding(ValueEncoding.VE_LE64))),
                    "a counter has another number of bytes");
        }
        for (long expiry : new long[] {0, -1, 1, Long.MAX_VALUE}) {
            accepted("atomic_write", write(1, b -> b.setExpireAtMs(expiry)));
        }
        refused("atomic_write", write(1, b -> b.setExpireAtMs(-2)), "Invalid mutation expire at.");
        for (String noKey : List.of("", "0261", "03", "210000", "026100ff")) {
            refused("atomic_write", write(1, b -> b.setKey(hex(noKey))), "the bytes are no encoded key");
        }
    }

    @Test
    void messagesAndWatchesHaveTheirLimitsToo() throws Exception {
        refused("atomic_write", enqueue(b -> b.setPayload(zeros(65_537))), "A value exceeds the value size limit.");
        refused(
                "atomic_write",
                enqueue(b -> b.addAllKeysIfUndelivered(repeat(text(4), 11))),
                "Too many dead letter keys for a single queue message.");
        refused("atomic_write", enqueue(b -> b.addKeysIfUndelivered(text(2049))), "A key exceeds the key size limit.");
        refused(
                "atomic_write",
                enqueue(b -> b.addAllBackoffSchedule(repeat(100, 11))),
                "Too many backoff intervals for a single queue message.");
        for (int interval : new int[] {3_600_001, -1}) {
            refused(
                    "atomic_write",
                    enqueue(b -> b.addBackoffSchedule(interval)),
                    "A backoff interval of a queue message is too long.");
        }
        refused("atomic_write", enqueue(b -> b.setDeadlineMs(-1)), "Invalid mutation enqueue deadline.");
        refused("watch", watch(11, 4), "Too many keys watched in a single watch request.");
        refused("watch", watch(1, 2050), "A key exceeds the key size limit.");
    }

    @Test
    void bodiesThatAreNoMessagesOrTooLargeAreRefused() throws Exception {
        for (String method : List.of("snapshot_read", "atomic_write", "watch")) {
            refused(method, HexFormat.of().parseHex("0affffffff0f"), "Request protobuf is invalid: ");
            HttpResponse<byte[]> answer = client.call(method, new byte[(2 << 20) + 1]);
            assertThat(answer.statusCode()).isEqualTo(413);
            assertThat(KvConnectClient.text(answer)).startsWith("the body is larger than the limit");
        }
    }

    @Test
    void noBytesWhatsoeverAreTheServersFault() throws Exception {
        long seed = Long.getLong(RandomProgram.SEED_PROPERTY, System.nanoTime());
        for (HttpClient.Version version : HttpClient.Version.values()) {
            Random random = new Random(seed);
            try (KvConnectClient own = new KvConnectClient(SERVED, version, "/kv/garbage", ServedStore.ADMIN)) {
                for (int i = 0; i < GARBAGE; i++) {
                    String method = List.of("snapshot_read", "atomic_write", "watch", "exchange")
                            .get(i % 4);
                    byte[] body = garbage(random, method);

                    assertThat(status(own, method, body))
                            .as(
                                    "-D%s=%d: %s %s",
                                    RandomProgram.SEED_PROPERTY,
                                    seed,
                                    method,
                                    HexFormat.of().formatHex(body))
                            .isIn(200, 400);
                }
            }
        }
        otherFacesReadWhatWasWritten(seed);
    }

    private static int status(KvConnectClient own, String method, byte[] body) throws Exception {
        if (method.equals("exchange")) {
            return own.exchange(body).statusCode();
        }
        HttpResponse<InputStream> answer = own.open(method, body);
        answer.body().close();
        return answer.statusCode();
    }

    private static void otherFacesReadWhatWasWritten(long seed) throws Exception {
        String as = "-D" + RandomProgram.SEED_PROPERTY + "=" + seed;
        try (var entries = SERVED.store().namespace("garbage").kv().list(KvSelection.all())) {
            assertThat(entries.map(entry -> entry.value().findJson())).as(as).isNotEmpty();
        }
        for (String body : List.of("{}", "{\"where\":{\"a.b\":{\"$gt\":1}}}")) {
            assertThat(SERVED.ask(ServedStore.ADMIN, "POST", "/ns/garbage/keyval/api/keys/list", body)
                            .status())
                    .as(as)
                    .isEqualTo(200);
        }
    }

    /** Bytes of any kind, or a message with some of its bytes changed. */
    private static byte[] garbage(Random random, String method) {
        byte[] message = switch (random.nextInt(4)) {
            case 0 -> new byte[random.nextInt(40)];
            default -> valid(random, method);
        };
        if (message.length == 0 || random.nextInt(8) == 0) {
            random.nextBytes(message);
        }
        for (int changes = random.nextInt(4); changes > 0 && message.length > 0; changes--) {
            message[random.nextInt(message.length)] = (byte) random.nextInt();
        }
        return random.nextInt(6) > 0 ? message : Arrays.copyOf(message, random.nextInt(message.length + 1));
    }

    private static byte[] valid(Random random, String method) {
        byte[] some = new byte[random.nextInt(12)];
        random.nextBytes(some);
        ByteString key = random.nextBoolean() ? ByteString.copyFrom(some) : hex("0261002180000000000000001501");
        return switch (method) {
            case "exchange" -> "{\"supportedVersions\":[1,2,3],\"more\":null}".getBytes(StandardCharsets.UTF_8);
            case "snapshot_read" ->
                read(1, ReadRange.newBuilder().setStart(key).setEnd(hex("ff")).setLimit(3));
            case "watch" ->
                Watch.newBuilder()
                        .addKeys(WatchKey.newBuilder().setKey(key))
                        .build()
                        .toByteArray();
            default ->
                AtomicWrite.newBuilder()
                        .addChecks(Datapath.Check.newBuilder().setKey(hex("026200")))
                        .addMutations(Datapath.Mutation.newBuilder()
                                .setKey(key)
                                .setMutationTypeValue(1 + random.nextInt(9))
                                .setSumMin(random.nextBoolean() ? ByteString.EMPTY : ByteString.copyFrom(some))
                                .setValue(Datapath.KvValue.newBuilder()
                                        .setData(random.nextBoolean() ? hex("ff0f5a020105") : ByteString.copyFrom(some))
                                        .setEncodingValue(1 + random.nextInt(3))))
                        .build()
                        .toByteArray();
        };
    }

    private static void accepted(String method, byte[] body) throws Exception {
        HttpResponse<byte[]> answer = client.call(method, body);
        assertThat(answer.statusCode()).as(KvConnectClient.text(answer)).isEqualTo(200);
    }

    private static void refused(String method, byte[] body, String text) throws Exception {
        HttpResponse<byte[]> answer = client.call(method, body);
        assertThat(KvConnectClient.text(answer)).startsWith(text);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("content-type")).contains("text/plain; charset=utf-8");
    }

    private static byte[] read(int ranges, ReadRange.Builder range) {
        return SnapshotRead.newBuilder()
                .addAllRanges(repeat(range.build(), ranges))
                .build()
                .toByteArray();
    }

    private static ReadRange.Builder range(int startBytes, int endBytes, int limit) {
        return ReadRange.newBuilder()
                .setStart(zeros(startBytes))
                .setEnd(zeros(endBytes))
                .setLimit(limit);
    }

    private static byte[] write(int mutations, UnaryOperator<Datapath.Mutation.Builder> change) {
        Datapath.Mutation.Builder one = Datapath.Mutation.newBuilder()
                .setKey(text(3))
                .setMutationType(MutationType.M_SET)
                .setValue(bytes(1));
        return AtomicWrite.newBuilder()
                .addAllMutations(repeat(change.apply(one).build(), mutations))
                .build()
                .toByteArray();
    }

    /** Checks that hold, unless they name a versionstamp; of ten bytes they name one that no commit has. */
    private static byte[] checks(int count, int keyBytes, int stampBytes) {
        return AtomicWrite.newBuilder()
                .addAllChecks(repeat(
                        Datapath.Check.newBuilder()
                                .setKey(zeros(keyBytes))
                                .setVersionstamp(zeros(stampBytes))
                                .build(),
                        count))
                .build()
                .toByteArray();
    }

    private static byte[] enqueue(UnaryOperator<Datapath.Enqueue.Builder> change) {
        return AtomicWrite.newBuilder()
                .addEnqueues(change.apply(Datapath.Enqueue.newBuilder()))
                .build()
                .toByteArray();
    }

    private static byte[] watch(int keys, int keyBytes) {
        return Watch.newBuilder()
                .addAllKeys(repeat(WatchKey.newBuilder().setKey(zeros(keyBytes)).build(), keys))
                .build()
                .toByteArray();
    }

    private static <T> List<T> repeat(T one, int times) {
        return IntStream.range(0, times).mapToObj(i -> one).toList();
    }

    private static Datapath.KvValue.Builder bytes(int count) {
        return Datapath.KvValue.newBuilder().setData(zeros(count)).setEncoding(ValueEncoding.VE_BYTES);
    }

    /** A key of one text with so many bytes in all. */
    private static ByteString text(int bytes) {
        return hex("02" + "61".repeat(bytes - 2) + "00");
    }

    private static ByteString zeros(int count) {
        return ByteString.copyFrom(new byte[count]);
    }

    private static ByteString hex(String hex) {
        return ByteString.copyFrom(HexFormat.of().parseHex(hex));
    }
}
