package dev.holdfast.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Doctor;
import dev.holdfast.Holdfast;
import dev.holdfast.engine.RowReader;
import dev.holdfast.engine.Sql;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where streams end in a SQLite file: their content tells it, unless more is to be noted than that. */
class StreamTailTest {
    private static final int ALL = 1_000;

    @TempDir
    private Path folder;

    private Holdfast holdfast;

    @BeforeEach
    void open() {
        holdfast = Holdfast.open(folder.resolve("a.db"));
        assertThat(stream("a").create(StreamSpec.json()).created()).isTrue();
    }

    @AfterEach
    void close() {
        assertThat(holdfast.doctor().examine(finding -> {})).isEqualTo(Doctor.Verdict.SOUND);
        holdfast.close();
    }

    private DurableStream stream(String name) {
        return holdfast.stream(name);
    }

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    private void reopen() {
        holdfast.close();
        holdfast = Holdfast.open(folder.resolve("a.db"));
    }

    private long column(String name) {
        return holdfast.database()
                .engine()
                .readOne(unit -> unit.first(
                        holdfast.database().tables().sql("select tail from {p}streams where name = ?"),
                        row -> row.getLong(1),
                        name))
                .orElseThrow();
    }

    private String whole(DurableStream stream) {
        return new String(stream.read(stream.head().first(), ALL).toBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void anAppendWritesNothingButItsContent() {
        stream("a").append(bytes("[1,2,3]"));

        long inFile = column("a");
        reopen();

        assertThat(inFile).isZero();
        assertThat(stream("a").head().tail()).isEqualTo(3);
        assertThat(stream("a").append(bytes("4")).tail()).isEqualTo(4);
        assertThat(whole(stream("a"))).isEqualTo("[1,2,3,4]");
    }

    @Test
    void whatElseAnAppendChangesIsWrittenWithIt() {
        stream("a").append(StreamAppend.of(bytes("[1,2]")).sequence("s1"));
        stream("a").append(bytes("3"));

        reopen();

        assertThat(column("a")).isEqualTo(2);
        assertThat(stream("a").head().tail()).isEqualTo(3);
        stream("a").append(StreamAppend.of(bytes("4")).andClose());
        assertThat(column("a")).isEqualTo(4);
    }

    @Test
    void aStreamWhoseContentIsGoneKeepsItsPlace() {
        stream("a").append(bytes("[1,2,3]"));

        stream("a").trim(3);
        reopen();

        assertThat(column("a")).isEqualTo(3);
        assertThat(stream("a").head().first()).isEqualTo(3);
        assertThat(stream("a").append(bytes("4")).tail()).isEqualTo(4);
    }

    @Test
    void aForkBeginsWhereItsSourceEnds() {
        stream("a").append(bytes("[1,2]"));
        reopen();

        stream("f").create(StreamSpec.of(new StreamFork("a", OptionalLong.empty(), 0)));
        stream("f").append(bytes("3"));

        assertThat(column("a")).isZero();
        assertThat(whole(stream("f"))).isEqualTo("[1,2,3]");
        assertThat(stream("f").head().tail()).isEqualTo(3);
    }

    @Test
    void noStatementLooksAtAllStreams() {
        StreamRoom room = StreamRoom.of(holdfast.database());

        assertThat(plan(sql -> room.sql().tails(sql, 1, 7L)))
                .anyMatch(step -> step.contains("streams_id (ns=? AND id=?)"))
                .noneMatch(step -> step.endsWith("(ns=?)"));
        assertThat(plan(sql -> room.sql().byId(sql, 1, 7)))
                .anyMatch(step -> step.contains("streams_id (ns=? AND id=?)"));
        assertThat(plan(sql -> room.subscriptionSql().pending(sql, 1, 0)))
                .anyMatch(step -> step.startsWith("SEARCH l USING PRIMARY KEY (ns=? AND subscription=?)"))
                .anyMatch(step -> step.startsWith("SEARCH s USING PRIMARY KEY (ns=? AND name=?)"))
                .anyMatch(step -> step.contains("stream_data_place (ns=? AND stream=?)"));
    }

    /** What SQLite says it would do for the statements that are asked for meanwhile, which find nothing. */
    private List<String> plan(Consumer<Sql> statements) {
        return holdfast.database().engine().read(unit -> {
            List<String> steps = new ArrayList<>();
            statements.accept(new Sql() {
                @Override
                public int exec(String sql, @Nullable Object... args) {
                    throw new AssertionError("a statement that writes: " + sql);
                }

                @Override
                public <R> Stream<R> iterate(String sql, RowReader<R> reader, @Nullable Object... args) {
                    steps.addAll(unit.list("explain query plan " + sql, row -> row.getString(4), args));
                    return Stream.empty();
                }
            });
            return steps;
        });
    }

    @Test
    void aTransactionSeesItsOwnAppends() {
        long seen = holdfast.transaction(tx -> {
            tx.stream("a").append(bytes("1"));
            tx.stream("a").append(bytes("2"));
            return tx.stream("a").head().tail();
        });

        assertThat(seen).isEqualTo(2);
        assertThat(stream("a").head().tail()).isEqualTo(2);
        assertThat(column("a")).isZero();
    }
}
