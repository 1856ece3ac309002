package dev.holdfast.testkit.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.json.Json;
import dev.holdfast.record.RecordCursor;
import dev.holdfast.record.RecordJson;
import dev.holdfast.record.RecordStore;
import dev.holdfast.record.RecordStores;
import dev.holdfast.record.StoreRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A SQLite file that Kyneta's published store 3.0.0 wrote, made by {@code conformance/kyneta/run write}: what it
 * printed is what every store of ours reads from it.
 */
class KynetaFileTest {
    private static final String NAME = "kyneta-3.0.0";

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void copy() throws IOException {
        file = Files.write(folder.resolve("app.db"), resource(NAME + ".sqlite"));
    }

    @Test
    void isReadOverAConnection() throws Exception {
        try (Connection connection = connection();
                RecordStore store = RecordStores.jdbc(connection).open()) {
            assertThat(lines(store)).isEqualTo(expected());
        }
    }

    @Test
    void isReadAsAStoreOfOurs() throws Exception {
        try (Holdfast holdfast = Holdfast.open(file.toString())) {
            assertThat(lines(holdfast.recordStore("kyneta"))).isEqualTo(expected());
        }
    }

    @Test
    void isWrittenBehindWhatIsThere() throws Exception {
        List<JsonNode> before = expected();
        try (Connection connection = connection();
                RecordStore store = RecordStores.jdbc(connection).open()) {
            store.append("notes/1", RecordSuite.since("next"));
            store.append("compacted", RecordSuite.since("next"));
            store.append("deleted", RecordSuite.record(RecordSuite.META));

            assertThat(lines(store)).hasSize(before.size() + 4).containsAll(before);
            assertThat(RecordSuite.load(store, "notes/1").getLast()).isEqualTo(RecordSuite.since("next"));
            assertThat(numbers(connection, "notes/1")).containsExactly(0, 1, 2, 3, 4, 5);
            assertThat(numbers(connection, "compacted")).containsExactly(0, 1, 2, 3);
            assertThat(numbers(connection, "deleted")).containsExactly(0);
        }
    }

    private Connection connection() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file);
    }

    private static List<JsonNode> expected() throws IOException {
        return new String(resource(NAME + ".ndjson"), StandardCharsets.UTF_8)
                .lines()
                .map(Json::parse)
                .toList();
    }

    /** What a store holds, as the script prints it. */
    private static List<JsonNode> lines(RecordStore store) {
        List<JsonNode> lines = new ArrayList<>();
        for (String docId : RecordSuite.ids(store, "")) {
            try (RecordCursor<StoreRecord> records = store.loadAll(docId)) {
                records.forEachRemaining(record -> lines.add(line(docId, "record", RecordJson.of(record))));
            }
            lines.add(line(
                    docId, "current", RecordJson.of(store.currentMeta(docId).orElseThrow())));
        }
        return lines;
    }

    private static JsonNode line(String docId, String member, JsonNode value) {
        ObjectNode line = Json.mapper().createObjectNode().put("docId", docId);
        line.set(member, value);
        return line;
    }

    private static List<Integer> numbers(Connection connection, String docId) throws SQLException {
        List<Integer> numbers = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "select seq from kyneta_records where doc_id = '" + docId + "' order by seq")) {
            while (rows.next()) {
                numbers.add(rows.getInt(1));
            }
        }
        return numbers;
    }

    private static byte[] resource(String name) {
        try (InputStream in = KynetaFileTest.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("there is no resource " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
