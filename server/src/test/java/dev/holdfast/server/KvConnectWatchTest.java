package dev.holdfast.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.holdfast.Holdfast;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyWire;
import dev.holdfast.kv.KvValue;
import dev.holdfast.server.http.HttpServerOptions;
import dev.holdfast.server.kvconnect.wire.Datapath.Watch;
import dev.holdfast.server.kvconnect.wire.Datapath.WatchKey;
import dev.holdfast.server.kvconnect.wire.Datapath.WatchKeyOutput;
import dev.holdfast.server.kvconnect.wire.Datapath.WatchOutput;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What watches of KV Connect send, over either version of HTTP. */
@Timeout(60)
class KvConnectWatchTest {
    private static final ServedStore SERVED =
            new ServedStore(Holdfast.MEMORY, HttpServerOptions.defaults().withPingInterval(Duration.ofMillis(50)));
    private static final int MANY = 200;

    @AfterAll
    static void close() {
        SERVED.close();
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void everyChangeIsAFrameWithAllKeysAndSilenceIsFramedToo(HttpClient.Version version) throws Exception {
        Key a = Key.of(version.name(), "a");
        Key b = Key.of(version.name(), "b");
        SERVED.store().kv().set(a, KvValue.v8(HexFormat.of().parseHex("ff0f4902")));
        try (KvConnectClient client = new KvConnectClient(SERVED, version, "/kv", ServedStore.ADMIN)) {
            HttpResponse<InputStream> answer = client.open("watch", watch(a, b));
            try (InputStream frames = answer.body()) {
                assertThat(answer.version()).isEqualTo(version);
                assertThat(answer.headers().allValues("content-type")).containsExactly("application/octet-stream");
                assertThat(told(message(frames))).containsExactly("changed ff0f4902", "changed");

                SERVED.store().kv().set(b, 5);
                assertThat(told(message(frames))).containsExactly("changed ff0f4902", "changed ff0f490a");
                SERVED.store().kv().deleteExact(a);
                assertThat(told(message(frames))).containsExactly("changed", "changed ff0f490a");
                assertThat(frame(frames)).as("a sign of life").isEmpty();
                SERVED.store().kv().atomic().set(a, new byte[] {7}).delete(b).commit();
                assertThat(told(message(frames))).containsExactly("changed 07", "changed");
            }
        }
    }

    @Test
    void oneConnectionOfHttp2HasManyWatches() throws Exception {
        Key key = Key.of("many");
        List<InputStream> opened = new ArrayList<>();
        try (KvConnectClient client =
                new KvConnectClient(SERVED, HttpClient.Version.HTTP_2, "/kv", ServedStore.ADMIN)) {
            for (int i = 0; i < MANY; i++) {
                opened.add(client.open("watch", watch(key)).body());
            }
            for (InputStream frames : opened) {
                assertThat(told(message(frames))).containsExactly("changed");
            }
            SERVED.store().kv().set(key, new byte[] {1});

            for (InputStream frames : opened) {
                assertThat(told(message(frames))).containsExactly("changed 01");
            }
        }
    }

    private static byte[] watch(Key... keys) {
        return Watch.newBuilder()
                .addAllKeys(Arrays.stream(keys)
                        .map(key -> WatchKey.newBuilder()
                                .setKey(ByteString.copyFrom(KeyWire.wire(key)))
                                .build())
                        .toList())
                .build()
                .toByteArray();
    }

    private static List<String> told(WatchOutput output) {
        assertThat(output.getStatusValue()).isEqualTo(1);
        return output.getKeysList().stream().map(KvConnectWatchTest::told).toList();
    }

    private static String told(WatchKeyOutput key) {
        String value =
                HexFormat.of().formatHex(key.getEntryIfChanged().getValue().toByteArray());
        return ((key.getChanged() ? "changed " : "same ") + value).strip();
    }

    private static WatchOutput message(InputStream frames) throws IOException {
        byte[] frame = frame(frames);
        while (frame.length == 0) {
            frame = frame(frames);
        }
        return WatchOutput.parseFrom(frame);
    }

    private static byte[] frame(InputStream frames) throws IOException {
        int length = ByteBuffer.wrap(frames.readNBytes(Integer.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getInt();
        return frames.readNBytes(length);
    }
}
