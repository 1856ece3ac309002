package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Holdfast;
import dev.holdfast.filter.Filter;
import dev.holdfast.json.Json;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.kv.KvSelection;
import dev.holdfast.testkit.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class BenchCommandTest {
    private static final int OPERATIONS = 20;
    private static final int CLIENTS = 4;
    private static final String[] TINY = {
        "--seconds", "600", "--operations", "20", "--clients", "4", "--entries", "30", "--value-bytes", "64"
    };

    private static final List<String> TABLES = List.of(
            "kv", "documents", "collections", "indexes", "document_index", "document_unique", "usage", "changes");

    @TempDir
    private Path folder;

    @Test
    void measuresAFileAndItsDiskAndLeavesNothingBehind() throws Exception {
        Path db = folder.resolve("app.db");
        Shell.run("kv", "set", "mine", "1", "--db", db.toString());
        List<String> before = rows("jdbc:sqlite:" + db);

        var result = bench(db.toString());

        assertThat(result.code()).as(result.err()).isZero();
        List<JsonNode> parts = result.lines().stream().map(Json::parse).toList();
        assertThat(parts)
                .extracting(part -> part.path("operation").stringValue() + " "
                        + part.path("callers").intValue())
                .containsExactly(
                        "disk.fdatasync 1",
                        "kv.set 1",
                        "kv.set " + CLIENTS,
                        "kv.get 1",
                        "kv.get " + CLIENTS,
                        "kv.list 1",
                        "collection.find 1");
        assertThat(parts).allSatisfy(part -> {
            assertThat(part.path("operations").intValue()).isEqualTo(OPERATIONS);
            assertThat(part.path("perSecond").doubleValue()).isPositive();
            assertThat(part.path("p50Micros").doubleValue())
                    .isPositive()
                    .isLessThanOrEqualTo(part.path("p99Micros").doubleValue());
            assertThat(part.path("durability").stringValue()).isEqualTo("synchronous=full");
        });
        assertThat(result.err()).contains("which is deleted afterwards", "kv.set, callers: " + CLIENTS);
        assertThat(rows("jdbc:sqlite:" + db)).isEqualTo(before);
        assertThat(Shell.run("namespace", "list", "--names-only", "--db", db.toString())
                        .lines())
                .containsExactly("{\"name\":\"default\"}");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())).allMatch(name -> name.startsWith("app.db"));
        }
    }

    @Test
    void measuresPostgresWithoutItsDisk() throws Exception {
        String db = PostgresServer.shared().freshDatabase();
        Shell.run("kv", "set", "mine", "1", "--db", db);
        List<String> before = rows(db);

        var result = bench(db, "-o", "table");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.lines()).hasSize(7);
        assertThat(result.lines().getFirst()).startsWith("OPERATION").contains("CALLERS", "P99MICROS", "DURABILITY");
        assertThat(result.out()).contains("synchronous_commit=").doesNotContain("disk");
        assertThat(rows(db)).isEqualTo(before);
    }

    @Test
    void saysThatMemoryIsNotDurable() {
        var result = bench(Holdfast.MEMORY);

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.lines()).hasSize(6).allMatch(line -> line.contains("none: memory"));
    }

    @Test
    void writesWhatItSays() throws Exception {
        try (Holdfast holdfast = Holdfast.open(Holdfast.MEMORY)) {
            BenchWork work = new BenchWork(holdfast.namespace("bench"), 1_234, 64);

            work.prepare(() -> false);
            for (BenchWork.Part part : work.parts(CLIENTS)) {
                part.operation().run(new SplittableRandom(1));
            }

            var rooms = holdfast.namespace("bench");
            assertThat(rooms.kv().count(KeyPrefix.of("bench"))).isEqualTo(1_234);
            assertThat(rooms.collection("bench").count(Filter.all())).isEqualTo(1_234);
            assertThat(rooms.collection("bench").indexes()).hasSize(1);
            try (var entries = rooms.kv().list(KvSelection.all())) {
                assertThat(entries)
                        .allMatch(entry -> Json.text(entry.value().json()).length() == 64);
            }
        }
    }

    @Test
    void stopsWhenToldAndAfterAFailure() throws Exception {
        BenchCallers callers = new BenchCallers(Long.MAX_VALUE, TimeUnit.HOURS.toNanos(1));
        AtomicInteger calls = new AtomicInteger();

        assertThatThrownBy(() -> callers.run(CLIENTS, random -> {
                    if (calls.incrementAndGet() == OPERATIONS) {
                        throw new IllegalStateException("broken");
                    }
                }))
                .hasMessage("broken");
        BenchFigures stopped = callers.run(CLIENTS, random -> callers.stop());

        assertThat(stopped.latencies().count()).isBetween(1L, (long) CLIENTS);
        assertThat(callers.run(1, random -> calls.set(0)).latencies().count()).isZero();
        assertThat(calls.get()).isPositive();
    }

    private static Shell.Result bench(String db, String... more) {
        return Shell.run(Stream.of(new String[] {"bench", "--db", db}, TINY, more)
                .flatMap(Stream::of)
                .toArray(String[]::new));
    }

    /** What the tables of the rooms hold, but for what counts up. */
    private static List<String> rows(String url) throws Exception {
        List<String> rows = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (String table : TABLES) {
                try (ResultSet count = statement.executeQuery("select count(*) from holdfast_" + table)) {
                    count.next();
                    rows.add(table + " " + count.getInt(1));
                }
            }
        }
        return rows;
    }
}
