package dev.holdfast.testkit.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Doctor;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastOptions;
import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.ProducerStamp;
import dev.holdfast.stream.StreamAppend;
import dev.holdfast.stream.StreamException;
import dev.holdfast.stream.StreamFork;
import dev.holdfast.stream.StreamRetention;
import dev.holdfast.stream.StreamSpec;
import dev.holdfast.testkit.PostgresServer;
import dev.holdfast.testkit.VirtualTime;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams from any engine to any engine. */
class StreamTransferTest {
    private static final int ALL = Integer.MAX_VALUE;

    private final VirtualTime time = new VirtualTime();
    private final HoldfastOptions options = HoldfastOptions.defaults().withTime(time);
    private final String url = PostgresServer.shared().freshDatabase();

    @TempDir
    Path folder;

    private Holdfast memory;
    private Holdfast file;
    private Holdfast postgres;

    @BeforeEach
    void open() {
        memory = Holdfast.open(Holdfast.MEMORY, options);
        file = Holdfast.open(folder.resolve("file.db").toString(), options);
        postgres = Holdfast.open(url, options);
    }

    @AfterEach
    void close() {
        List.of(memory, file, postgres).forEach(Holdfast::close);
        PostgresServer.shared().drop(url);
    }

    @Test
    void everythingThatBelongsToAStreamArrives() throws IOException {
        DurableStream json = memory.stream("json");
        json.create(StreamSpec.json().ttl(Duration.ofDays(1)));
        json.append(say("[1.00, {\"headers\":{\"operation\":\"insert\"},\"a\":1,\"a\":2}]"));
        json.append(say("3").by(new ProducerStamp("p", 1, 0)).sequence("s"));
        memory.stream("bytes").create(StreamSpec.bytes().content(new byte[] {0, -1, 10}));
        memory.stream("fork").create(StreamSpec.of(StreamFork.of("json", 1)));
        memory.stream("fork").append(say("9").by(new ProducerStamp("q", 0, 0)).andClose());

        copy(memory, file);
        copy(file, postgres);

        for (Holdfast store : List.of(memory, file, postgres)) {
            assertThat(whole(store, "json"))
                    .isEqualTo("[1.00,{\"headers\":{\"offset\":\"0000000000000000_0000000000000002\","
                            + "\"operation\":\"insert\"},\"a\":1,\"a\":2},3]");
            assertThat(store.stream("bytes").read(0, ALL).toBytes()).containsExactly(0, -1, 10);
            assertThat(whole(store, "fork")).isEqualTo("[1.00,9]");
            assertThat(store.stream("fork").head().closed()).isTrue();
            assertThat(store.stream("fork")
                            .append(say("9").by(new ProducerStamp("q", 0, 0)).andClose())
                            .repeated())
                    .isTrue();
            assertThat(store.stream("json")
                            .append(say("3").by(new ProducerStamp("p", 1, 0)))
                            .repeated())
                    .isTrue();
            assertThatThrownBy(() -> store.stream("json").append(say("4").sequence("s")))
                    .isInstanceOf(StreamException.class);
            assertThat(store.doctor().examine(finding -> {})).isEqualTo(Doctor.Verdict.SOUND);
        }
        assertThat(file.contentHash()).isEqualTo(postgres.contentHash());
    }

    @Test
    void aTrimmedStreamKeepsItsOffsetsAndWhatItIsToKeep() throws IOException {
        memory.stream("json").create(StreamSpec.json().content(bytes("[1,2,3,4]")));
        memory.stream("json").trim(2);
        memory.stream("empty").create(StreamSpec.bytes().content(bytes("abc")));
        memory.stream("empty").trim(DurableStream.NOW);
        StreamRetention keeps = StreamRetention.all()
                .age(Duration.ofDays(7))
                .bytes(1_000)
                .units(9)
                .compactUnits(100);
        memory.stream("json").retain(keeps);

        copy(memory, file);
        copy(file, postgres);

        for (Holdfast store : List.of(memory, file, postgres)) {
            assertThat(whole(store, "json")).isEqualTo("[3,4]");
            assertThat(store.stream("json").head().first()).isEqualTo(2);
            assertThat(store.stream("json").retention()).isEqualTo(keeps);
            assertThat(store.stream("empty").head().tail()).isEqualTo(3);
            assertThat(store.stream("empty").head().first()).isEqualTo(3);
            assertThat(store.doctor().examine(finding -> {})).isEqualTo(Doctor.Verdict.SOUND);
            assertThat(store.stream("json").append(bytes("5")).tail()).isEqualTo(5);
        }
    }

    @Test
    void aStreamWhoseTimePassedMeanwhileIsLeftOut() throws IOException {
        memory.stream("at")
                .create(StreamSpec.json()
                        .content(bytes("[1]"))
                        .expiresAt(time.instant().plusSeconds(60)));
        memory.stream("kept").create(StreamSpec.json().content(bytes("[2]")));
        byte[] export = export(memory);

        time.advance(Duration.ofMinutes(2));
        file.importFrom(new ByteArrayInputStream(export));

        assertThat(file.streams().list("", "", 10)).map(info -> info.name()).containsExactly("kept");
        assertThat(whole(file, "kept")).isEqualTo("[2]");
    }

    @Test
    void aStreamThatIsThereIsReplacedUnlessItHasForks() throws IOException {
        memory.stream("a").create(StreamSpec.json().content(bytes("[1]")));
        byte[] export = export(memory);
        file.stream("a").create(StreamSpec.bytes().content(bytes("old")));

        file.importFrom(new ByteArrayInputStream(export));
        assertThat(whole(file, "a")).isEqualTo("[1]");

        file.stream("f").create(StreamSpec.of(StreamFork.of("a")));
        assertThatThrownBy(() -> file.importFrom(new ByteArrayInputStream(export)))
                .hasMessageContaining("stream.transfer");
        assertThat(whole(file, "f")).isEqualTo("[1]");
    }

    private static StreamAppend say(String text) {
        return StreamAppend.of(bytes(text));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String whole(Holdfast store, String name) {
        return new String(store.stream(name).read(DurableStream.BEGINNING, ALL).toBytes(), StandardCharsets.UTF_8);
    }

    private static void copy(Holdfast from, Holdfast to) throws IOException {
        to.importFrom(new ByteArrayInputStream(export(from)));
    }

    private static byte[] export(Holdfast from) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        from.exportTo(out);
        return out.toByteArray();
    }
}
