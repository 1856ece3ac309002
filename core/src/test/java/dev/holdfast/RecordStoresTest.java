package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.NamespaceQuota;
import dev.holdfast.key.Key;
import dev.holdfast.record.Payload;
import dev.holdfast.record.Payload.Kind;
import dev.holdfast.record.RecordStore;
import dev.holdfast.record.RecordStoreException;
import dev.holdfast.record.RecordStores;
import dev.holdfast.record.ReplicaType;
import dev.holdfast.record.StoreMeta;
import dev.holdfast.record.StoreRecord;
import dev.holdfast.record.SyncMode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Record stores through the front door. */
class RecordStoresTest {
    private static final StoreRecord META =
            new StoreRecord.Meta(new StoreMeta(new ReplicaType("plain", 1, 0), SyncMode.AUTHORITATIVE, "00test"));
    private static final StoreRecord ENTRY =
            new StoreRecord.Entry(Payload.json(Kind.ENTIRETY, "{}").withLineage("L"), "1");
    private static final StoreRecord BYTES = new StoreRecord.Entry(Payload.binary(Kind.SINCE, new byte[] {0, -1}), "2");

    @TempDir
    Path folder;

    @Test
    void recordsShareATransactionWithEverythingElse() {
        try (Holdfast holdfast = Holdfast.open(Holdfast.MEMORY)) {
            holdfast.transaction(tx -> {
                tx.kv().set(Key.of("a"), 1);
                tx.recordStore("kyneta").append("doc", META);
                return 1;
            });
            assertThatThrownBy(() -> holdfast.transaction(tx -> {
                        tx.kv().set(Key.of("a"), 2);
                        tx.recordStore("kyneta").append("doc", ENTRY);
                        tx.recordStore("other").append("doc", META);
                        throw new IllegalStateException("stop");
                    }))
                    .hasMessage("stop");

            assertThat(holdfast.kv().get(Key.of("a")).orElseThrow().value().as(Integer.class))
                    .isEqualTo(1);
            assertThat(load(holdfast.recordStore("kyneta"))).containsExactly(META);
            assertThat(holdfast.recordStores().list()).containsExactly("kyneta");
            holdfast.recordStore("other").append("doc", META);
            assertThat(load(holdfast.recordStore("other"))).containsExactly(META);
        }
    }

    @Test
    void aReadingTransactionFindsWhatIsThere() {
        try (Holdfast holdfast = Holdfast.open(folder.resolve("a.db"))) {
            holdfast.recordStore("kyneta").append("doc", META);
        }
        try (Holdfast holdfast = Holdfast.open(folder.resolve("a.db"))) {
            List<StoreRecord> seen = holdfast.read(tx -> load(tx.recordStore("kyneta")));

            assertThat(seen).containsExactly(META);
            assertThatThrownBy(() -> holdfast.read(tx -> tx.recordStore("missing")))
                    .hasMessageContaining("engine.read_only");
        }
    }

    @Test
    void storesAreMadeFoundListedAndDropped() {
        try (Holdfast holdfast = Holdfast.open(Holdfast.MEMORY)) {
            RecordStores stores = holdfast.recordStores();

            assertThat(stores.find("b")).isEmpty();
            assertThat(stores.create("b")).isTrue();
            assertThat(stores.create("b")).isFalse();
            stores.open("a").append("doc", META);
            RecordStore open = stores.find("a").orElseThrow();

            assertThat(stores.list()).containsExactly("a", "b");
            assertThat(stores.drop("a")).isTrue();
            assertThat(stores.drop("a")).isFalse();
            assertThat(stores.list()).containsExactly("b");
            assertThatThrownBy(() -> open.currentMeta("doc"))
                    .isInstanceOf(RecordStoreException.class)
                    .hasMessageContaining("store-not-found");
            assertThat(load(stores.open("a"))).isEmpty();
        }
    }

    @Test
    void namesOfOtherTablesAreRefused() {
        try (Holdfast holdfast = Holdfast.open(Holdfast.MEMORY)) {
            for (String name :
                    List.of("", "A", "1a", "a-b", "x".repeat(41), "holdfast", "holdfast_kv", "n7_a", "sqlite")) {
                assertThatThrownBy(() -> holdfast.recordStore(name))
                        .as(name)
                        .isInstanceOf(RecordStoreException.class)
                        .hasMessageContaining("invalid-store-name");
            }
            holdfast.recordStore("order").append("doc", META);
            holdfast.recordStore("n7a").append("doc", META);
            holdfast.namespace("acme").recordStore("n7_a").append("doc", META);
            assertThat(holdfast.recordStores().list()).containsExactly("n7a", "order");
        }
    }

    @Test
    void namespacesHaveStoresOfTheirOwnThatGoWithThem() {
        try (Holdfast holdfast = Holdfast.open(Holdfast.MEMORY)) {
            holdfast.recordStore("kyneta").append("doc", META);
            RecordStore tenants = holdfast.namespace("acme").recordStore("kyneta");
            tenants.appendAll("doc", List.of(META, ENTRY));

            assertThat(load(holdfast.recordStore("kyneta"))).containsExactly(META);
            assertThat(load(tenants)).containsExactly(META, ENTRY);
            assertThat(holdfast.namespace("acme").usage().rows()).isEqualTo(2);

            holdfast.deleteNamespace("acme");

            assertThat(tables(holdfast)).containsExactly("kyneta_doc_meta", "kyneta_records", "kyneta_store_meta");
            tenants.append("doc", META);
            assertThat(load(tenants)).containsExactly(META);
            assertThat(load(holdfast.recordStore("kyneta"))).containsExactly(META);
        }
    }

    @Test
    void aQuotaCountsRecords() {
        try (Holdfast holdfast = Holdfast.open(Holdfast.MEMORY)) {
            Namespace acme = holdfast.namespace("acme");
            RecordStore store = acme.recordStore("kyneta");
            store.append("doc", META);
            acme.quota(NamespaceQuota.none().withRowsMax(3));

            store.append("doc", ENTRY);
            store.append("doc", BYTES);
            assertThatThrownBy(() -> store.append("doc", ENTRY)).hasMessageContaining("namespace.quota");
            store.replace("doc", List.of(META, ENTRY));
            store.append("doc", BYTES);

            assertThat(acme.usage().rows()).isEqualTo(3);
            assertThat(load(store)).containsExactly(META, ENTRY, BYTES);
            assertThat(holdfast.doctor().examine(finding -> {})).isEqualTo(Doctor.Verdict.SOUND);
        }
    }

    @Test
    void anExportHoldsRecordStores() throws Exception {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        String hash;
        try (Holdfast holdfast = Holdfast.open(Holdfast.MEMORY)) {
            holdfast.recordStores().create("empty");
            holdfast.recordStore("kyneta").appendAll("doc", List.of(META, ENTRY, BYTES));
            holdfast.recordStore("kyneta").append("", META);
            holdfast.namespace("acme").recordStore("kyneta").replace("doc", List.of(ENTRY, META));
            holdfast.exportTo(lines);
            hash = holdfast.contentHash();
        }

        try (Holdfast holdfast = Holdfast.open(Holdfast.MEMORY)) {
            holdfast.recordStore("kyneta")
                    .append(
                            "doc",
                            new StoreRecord.Meta(new StoreMeta(new ReplicaType("loro", 1, 0), SyncMode.EPHEMERAL, "")));
            holdfast.importFrom(new ByteArrayInputStream(lines.toByteArray()));

            assertThat(holdfast.contentHash()).isEqualTo(hash);
            assertThat(load(holdfast.recordStore("kyneta"))).containsExactly(META, ENTRY, BYTES);
            assertThat(load(holdfast.namespace("acme").recordStore("kyneta"))).containsExactly(ENTRY, META);
            assertThat(holdfast.recordStores().list()).containsExactly("empty", "kyneta");
        }
        String broken = lines.toString(StandardCharsets.UTF_8).replace("\"version\":\"2\"", "\"version\":2");
        try (Holdfast holdfast = Holdfast.open(Holdfast.MEMORY)) {
            assertThatThrownBy(() ->
                            holdfast.importFrom(new ByteArrayInputStream(broken.getBytes(StandardCharsets.UTF_8))))
                    .hasMessageContaining("record.transfer")
                    .hasMessageContaining("version is missing or no text");
            assertThat(holdfast.recordStores().list()).isEmpty();
        }
    }

    @Test
    void theDoctorLooksAtLogsAndTheirMetadata() {
        try (Holdfast holdfast = Holdfast.open(Holdfast.MEMORY)) {
            holdfast.recordStore("kyneta").appendAll("doc", List.of(META, ENTRY, BYTES));
            holdfast.recordStore("other").append("doc", META);
            assertThat(holdfast.doctor().examine(finding -> {})).isEqualTo(Doctor.Verdict.SOUND);

            holdfast.transaction(tx -> {
                tx.tx().exec("update kyneta_records set payload = '{}' where seq = 1");
                tx.tx().exec("delete from other_doc_meta");
                return tx.tx().exec("insert into other_doc_meta values ('gone', '{}')");
            });

            List<String> found = new ArrayList<>();
            assertThat(holdfast.doctor().examine(finding -> found.add(finding.toString())))
                    .isEqualTo(Doctor.Verdict.FAULTY);
            assertThat(found)
                    .anyMatch(line -> line.contains("row 1 of the document cannot be read back"))
                    .anyMatch(line -> line.contains("the current metadata of the document cannot be read back"))
                    .anyMatch(line -> line.contains("a log has no current metadata"));
        }
    }

    @Test
    void aFileIsSharedWithStoresOverConnections() throws Exception {
        Path file = folder.resolve("both.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                RecordStore theirs = RecordStores.jdbc(connection).open()) {
            theirs.appendAll("doc", List.of(META, ENTRY));
        }

        try (Holdfast holdfast = Holdfast.open(file)) {
            assertThat(load(holdfast.recordStore("kyneta"))).containsExactly(META, ENTRY);
            holdfast.recordStore("kyneta").append("doc", BYTES);
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                RecordStore theirs = RecordStores.jdbc(connection).open()) {
            assertThat(load(theirs)).containsExactly(META, ENTRY, BYTES);
        }
    }

    @Test
    void recordsAreCommittedWithATransactionOfTheCaller() throws Exception {
        Path file = folder.resolve("joined.db");
        try (Holdfast holdfast = Holdfast.open(file);
                Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            RecordStore store = holdfast.recordStore("kyneta");
            store.append("doc", META);
            connection.setAutoCommit(false);

            holdfast.in(connection).recordStore("kyneta").append("doc", ENTRY);
            List<StoreRecord> before = load(store);
            connection.commit();

            assertThat(before).containsExactly(META);
            assertThat(load(store)).containsExactly(META, ENTRY);
        }
    }

    @Test
    void aStoreInMemoryForgetsEverything() {
        try (RecordStore store = RecordStores.memory()) {
            store.appendAll("doc", List.of(META, ENTRY));
            assertThat(load(store)).containsExactly(META, ENTRY);
        }
        try (RecordStore store = RecordStores.memory()) {
            assertThat(load(store)).isEmpty();
        }
    }

    @Test
    void theLargestRecordIsSixteenMebibytes() {
        String data = "x".repeat((16 << 20) - 5);
        StoreRecord largest = new StoreRecord.Entry(Payload.json(Kind.SINCE, data), "");
        StoreRecord large = new StoreRecord.Entry(Payload.json(Kind.SINCE, data + "x"), "");
        try (RecordStore store = RecordStores.memory()) {
            store.appendAll("doc", List.of(META, largest));

            assertThatThrownBy(() -> store.append("doc", large)).hasMessageContaining("record-too-large");
            assertThat(load(store)).isEqualTo(List.of(META, largest));
        }
    }

    private static List<StoreRecord> load(RecordStore store) {
        try (Stream<StoreRecord> records = store.loadAll("doc").stream()) {
            return records.toList();
        }
    }

    private static List<String> tables(Holdfast holdfast) {
        return holdfast.read(tx -> tx.tx()
                .list(
                        "select name from sqlite_schema where type = 'table' and name like '%kyneta%' order by name",
                        row -> row.getString(1)));
    }
}
