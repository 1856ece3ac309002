package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.record.Payload;
import dev.holdfast.record.RecordStore;
import dev.holdfast.record.RecordStores;
import dev.holdfast.record.ReplicaType;
import dev.holdfast.record.StoreMeta;
import dev.holdfast.record.StoreRecord;
import dev.holdfast.record.SyncMode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordCommandTest {
    private static final String META = "{\"replicaType\":[\"plain\",1,0],\"syncMode\":{\"writerModel\":\"serialized\","
            + "\"delivery\":\"delta-capable\",\"durability\":\"persistent\"},\"schemaHash\":\"00aa\"}";

    @TempDir
    Path folder;

    @Test
    void storesAreOpenedAndListed() {
        assertThat(run(0, "open", "kyneta")).containsExactly("{\"store\":\"kyneta\",\"added\":true}");
        assertThat(run(0, "open", "kyneta")).containsExactly("{\"store\":\"kyneta\",\"added\":false}");
        run(0, "open", "other", "--namespace", "acme");

        assertThat(run(0, "list")).containsExactly("{\"store\":\"kyneta\"}");
        assertThat(run(0, "list", "--namespace", "acme")).containsExactly("{\"store\":\"other\"}");
        assertThat(run(0, "list", "kyneta")).isEmpty();
    }

    @Test
    void documentsAreListedInTheirOrder() {
        try (Holdfast holdfast = Holdfast.open(file())) {
            for (String docId : List.of("notes/2", "users/1", "notes/1", "")) {
                holdfast.recordStore("kyneta").append(docId, meta());
            }
        }

        assertThat(run(0, "list", "kyneta"))
                .containsExactly(
                        "{\"docId\":\"\"}",
                        "{\"docId\":\"notes/1\"}",
                        "{\"docId\":\"notes/2\"}",
                        "{\"docId\":\"users/1\"}");
        assertThat(run(0, "list", "kyneta", "--prefix", "notes/", "--limit", "1"))
                .containsExactly("{\"docId\":\"notes/1\"}");
        assertThat(run(0, "list", "kyneta", "--limit", "0")).hasSize(4);
        run(2, "list", "kyneta", "--limit", "-1");
        run(2, "list", "--prefix", "notes/");
        run(2, "list", "Kyneta");
    }

    @Test
    void aLogIsPrintedWithItsEnd() {
        try (Holdfast holdfast = Holdfast.open(file())) {
            fill(holdfast.recordStore("kyneta"));
        }

        assertThat(run(0, "dump", "kyneta", "notes/1"))
                .containsExactly(
                        "{\"kind\":\"meta\",\"meta\":" + META + "}",
                        "{\"kind\":\"entry\",\"version\":\"1\","
                                + "\"payload\":{\"kind\":\"entirety\",\"encoding\":\"json\",\"data\":\"{}\"}}",
                        "{\"kind\":\"entry\",\"version\":\"2\","
                                + "\"payload\":{\"kind\":\"since\",\"encoding\":\"binary\",\"bytes\":\"AAH/\"}}",
                        "{\"kind\":\"end\",\"count\":3}");
        assertThat(run(0, "meta", "kyneta", "notes/1")).containsExactly(META);
        assertThat(run(1, "dump", "kyneta", "notes/2")).isEmpty();
        assertThat(run(1, "meta", "kyneta", "notes/2")).isEmpty();
        run(2, "meta", "kyneta", "x".repeat(1_025));
        run(2, "dump", "kyneta");
    }

    @Test
    void aFileOfAnotherProgramIsTakenOver() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                RecordStore theirs = RecordStores.jdbc(connection).open()) {
            fill(theirs);
        }

        assertThat(run(0, "open", "kyneta")).containsExactly("{\"store\":\"kyneta\",\"added\":true}");

        assertThat(run(0, "list", "kyneta")).containsExactly("{\"docId\":\"notes/1\"}");
        assertThat(run(0, "dump", "kyneta", "notes/1")).hasSize(4);
    }

    private static StoreRecord meta() {
        return new StoreRecord.Meta(new StoreMeta(new ReplicaType("plain", 1, 0), SyncMode.AUTHORITATIVE, "00aa"));
    }

    private static void fill(RecordStore store) {
        store.appendAll(
                "notes/1",
                List.of(
                        meta(),
                        new StoreRecord.Entry(Payload.json(Payload.Kind.ENTIRETY, "{}"), "1"),
                        new StoreRecord.Entry(Payload.binary(Payload.Kind.SINCE, new byte[] {0, 1, -1}), "2")));
    }

    private String file() {
        return folder.resolve("a.db").toString();
    }

    private List<String> run(int code, String... words) {
        List<String> all = new ArrayList<>(List.of("record"));
        all.addAll(List.of(words));
        all.addAll(List.of("--db", file()));
        Shell.Result result = Shell.run(all.toArray(String[]::new));
        assertThat(result.code()).as(result.out() + result.err()).isEqualTo(code);
        return result.lines();
    }
}
