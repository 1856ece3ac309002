package dev.holdfast.testkit.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Migration;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.kv.KvRoom;
import dev.holdfast.search.SearchRoom;
import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.StreamAppend;
import dev.holdfast.stream.StreamChunk;
import dev.holdfast.stream.StreamException;
import dev.holdfast.stream.StreamException.Reason;
import dev.holdfast.stream.StreamRoom;
import dev.holdfast.testkit.Contract;
import dev.holdfast.testkit.Store;
import dev.holdfast.testkit.VirtualTime;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;

/** A suite over streams: an empty store for each test, and a clock that stands still. */
public abstract class StreamSuite extends Contract {
    /** More bytes than any stream of these tests holds. */
    static final int ALL = Integer.MAX_VALUE;

    /** Which tables belong to streams. */
    static final List<String> TABLES = List.of("streams", "stream_data", "stream_producers", "stream_garbage");

    VirtualTime time = new VirtualTime();
    Store store;

    /** A suite over the stores of one engine, which must hold the tables of {@link #rooms()}. */
    protected StreamSuite() {}

    /** What the stores of these suites are made of: streams, and keys and values beside them. */
    public static List<Migration> rooms() {
        return Stream.of(SearchRoom.migrations(), KvRoom.migrations(), StreamRoom.migrations())
                .flatMap(List::stream)
                .toList();
    }

    @BeforeEach
    void openStore() {
        time = new VirtualTime();
        store = stores().fresh(time);
    }

    DurableStream stream(String name) {
        return DurableStream.in(store.session(), name);
    }

    <R> R transaction(Function<Tx, R> work) {
        return store.session().write(UnitKind.USER, work);
    }

    StreamRoom room() {
        return StreamRoom.of(store.database());
    }

    long sweep() {
        return room().sweep(store.session().namespace());
    }

    /** How many rows a table has, in all namespaces. */
    long rows(String table) {
        String text = store.database().tables().sql("select count(*) from {p}" + table);
        return store.session().read(tx -> tx.first(text, row -> row.getLong(1)).orElseThrow());
    }

    /** Nothing of any stream is left in any table. */
    void assertNothingIsLeft() {
        assertThat(TABLES).allSatisfy(table -> assertThat(rows(table)).as(table).isZero());
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static StreamAppend say(String text) {
        return StreamAppend.of(bytes(text));
    }

    static String text(StreamChunk chunk) {
        return new String(chunk.toBytes(), StandardCharsets.UTF_8);
    }

    /** What a stream of bytes holds, as text; a stream of JSON as one array. */
    static String whole(DurableStream stream) {
        return from(stream, DurableStream.BEGINNING);
    }

    /** The same from an offset on, read in as many chunks as it takes. */
    static String from(DurableStream stream, long offset) {
        var all = new ByteArrayOutputStream();
        List<String> messages = new ArrayList<>();
        long at = offset;
        while (true) {
            StreamChunk chunk = stream.read(at, ALL);
            if (chunk.info().json()) {
                chunk.parts().forEach(part -> messages.add(new String(part, StandardCharsets.UTF_8)));
            } else {
                all.writeBytes(chunk.toBytes());
            }
            if (chunk.upToDate()) {
                return chunk.info().json()
                        ? "[" + String.join(",", messages) + "]"
                        : all.toString(StandardCharsets.UTF_8);
            }
            at = chunk.next();
        }
    }

    /** A stream refuses a call; returns what it says. */
    static StreamException assertRefused(Reason reason, ThrowingCallable call) {
        StreamException refusal = catchThrowableOfType(StreamException.class, call);
        assertThat(refusal).as("a refusal with " + reason).isNotNull();
        assertThat(refusal.reason()).isEqualTo(reason);
        return refusal;
    }

    /** A call is refused whatever the state of the stream. */
    static void assertInvalid(String code, ThrowingCallable call) {
        InvalidInputException refusal = catchThrowableOfType(InvalidInputException.class, call);
        assertThat(refusal).as("a refusal with " + code).isNotNull();
        assertThat(refusal.code()).isEqualTo(code);
    }
}
