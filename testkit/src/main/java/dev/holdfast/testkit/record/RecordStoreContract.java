package dev.holdfast.testkit.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.HoldfastException;
import dev.holdfast.json.Json;
import dev.holdfast.record.Bytes;
import dev.holdfast.record.Payload;
import dev.holdfast.record.Payload.Kind;
import dev.holdfast.record.RecordStore;
import dev.holdfast.record.ReplicaType;
import dev.holdfast.record.StoreMeta;
import dev.holdfast.record.StoreRecord;
import dev.holdfast.record.SyncMode;
import dev.holdfast.record.Text;
import dev.holdfast.testkit.FaultyEngine.Moment;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The contract that all stores of Kyneta's format share: its twenty tests, by their numbers. */
public abstract class RecordStoreContract extends RecordSuite {
    private static final String DOC = "doc-1";

    /** The suite over one kind of place. */
    protected RecordStoreContract() {}

    @Test
    void anUnknownDocumentHasNoMetadata() { // 1
        assertThat(store.currentMeta("nonexistent")).isEmpty();
    }

    @Test
    void theFirstRecordIsNoEntry() { // 2
        assertThat(refusal(() -> store.append(DOC, entirety("1")))).isEqualTo("meta-required");
        assertThatThrownBy(() -> store.append(DOC, entirety("1"))).hasMessageContaining("first record");
        assertThat(load(store, DOC)).isEmpty();
    }

    @Test
    void metadataMakesADocument() { // 3
        store.append(DOC, record(META));

        assertThat(store.currentMeta(DOC)).contains(META);
        assertThat(ids(store, "")).contains(DOC);
    }

    @Test
    void aLaterHashIsCurrent() { // 4
        store.append(DOC, record(META));

        store.append(DOC, record(META.withSchemaHash("00updated")));

        assertThat(store.currentMeta(DOC)).contains(META.withSchemaHash("00updated"));
    }

    @Test
    void anotherTypeOfReplicaIsRefused() { // 5
        store.append(DOC, record(META));
        StoreMeta loro = new StoreMeta(new ReplicaType("loro", 1, 0), META.syncMode(), "00test");

        assertThatThrownBy(() -> store.append(DOC, record(loro)))
                .isInstanceOf(HoldfastException.class)
                .hasMessageContaining("replicaType mismatch")
                .hasMessageContaining(DOC);
        assertThat(load(store, DOC)).containsExactly(record(META));
    }

    @Test
    void anotherModeIsRefused() { // 6
        store.append(DOC, record(META));
        StoreMeta other = new StoreMeta(META.replicaType(), SyncMode.COLLABORATIVE, "00test");

        assertThatThrownBy(() -> store.append(DOC, record(other)))
                .isInstanceOf(HoldfastException.class)
                .hasMessageContaining("syncMode mismatch")
                .hasMessageContaining(DOC);
        assertThat(store.currentMeta(DOC)).contains(META);
    }

    @Test
    void recordsComeBackInTheirOrder() { // 7
        List<StoreRecord> records = List.of(record(META), entirety("1"), since("2"), since("3"));

        records.forEach(one -> store.append(DOC, one));

        assertThat(load(store, DOC)).isEqualTo(records);
    }

    @Test
    void anUnknownDocumentHasNoRecords() { // 8
        assertThat(load(store, "nonexistent")).isEmpty();
    }

    @Test
    void replacingLeavesTheNewRecordsOnly() { // 9
        store.appendAll(DOC, List.of(record(META), entirety("1"), since("2"), since("3")));
        assertThat(load(store, DOC)).hasSize(4);

        store.replace(DOC, List.of(record(META), entirety("4")));

        assertThat(load(store, DOC)).containsExactly(record(META), entirety("4"));
    }

    @Test
    void replacingNeedsMetadata() { // 10
        store.append(DOC, record(META));

        assertThat(refusal(() -> store.replace(DOC, List.of(entirety("1"))))).isEqualTo("meta-missing");
        assertThat(refusal(() -> store.replace(DOC, List.of()))).isEqualTo("meta-missing");
        assertThat(load(store, DOC)).containsExactly(record(META));
    }

    @Test
    void theLastMetadataOfABatchIsCurrent() { // 11
        store.append(DOC, record(META));

        store.replace(DOC, List.of(record(meta("hash-a")), entirety("1"), record(meta("hash-b"))));

        assertThat(store.currentMeta(DOC)).contains(meta("hash-b"));
    }

    @Test
    void deletingLeavesNothing() { // 12
        store.appendAll(DOC, List.of(record(META), entirety("1"), since("2")));

        store.delete(DOC);
        store.delete(DOC);

        assertThat(store.currentMeta(DOC)).isEmpty();
        assertThat(load(store, DOC)).isEmpty();
        assertThat(ids(store, "")).isEmpty();
    }

    @Test
    void listsByPrefix() { // 13
        List.of("users/alice", "users/bob", "posts/first").forEach(id -> store.append(id, record(META)));

        assertThat(ids(store, "users/")).containsExactly("users/alice", "users/bob");
        assertThat(ids(store, "posts/")).containsExactly("posts/first");
        assertThat(all(store.listDocIds())).containsExactly("posts/first", "users/alice", "users/bob");
    }

    @Test
    void appendsGoOnBehindAReplacement() { // 14
        store.appendAll(DOC, List.of(record(META), entirety("1"), since("2")));
        store.replace(DOC, List.of(record(META), entirety("3")));

        store.append(DOC, since("4"));

        assertThat(load(store, DOC)).containsExactly(record(META), entirety("3"), since("4"));
    }

    @Test
    void documentsWhoseIdsBeginAlikeAreApart() { // 15
        List.of("doc", "doc-extra", "doc2")
                .forEach(id -> store.appendAll(id, List.of(record(META), entirety("of " + id))));

        assertThat(load(store, "doc")).containsExactly(record(META), entirety("of doc"));
        assertThat(load(store, "doc-extra")).containsExactly(record(META), entirety("of doc-extra"));
    }

    @Test
    void bytesComeBackAsBytes() { // 16
        byte[] bytes = {0, 1, 2, (byte) 0xff, (byte) 0xfe, (byte) 0xfd};
        StoreRecord binary = new StoreRecord.Entry(Payload.binary(Kind.ENTIRETY, bytes), "bin-1");
        store.append(DOC, record(META));

        store.append(DOC, binary);

        StoreRecord.Entry back = (StoreRecord.Entry) load(store, DOC).getLast();
        assertThat(back).isEqualTo(binary);
        assertThat(((Bytes) back.payload().data()).toByteArray()).isEqualTo(bytes);
    }

    @Test
    void textAndBytesMayAlternate() { // 17
        StoreRecord binary = new StoreRecord.Entry(Payload.binary(Kind.SINCE, new byte[] {10, 20, 30}), "v2");
        store.append(DOC, record(META));

        store.append(DOC, entirety("v1"));
        store.append(DOC, binary);

        List<StoreRecord> back = load(store, DOC);
        assertThat(back).containsExactly(record(META), entirety("v1"), binary);
        assertThat(((StoreRecord.Entry) back.get(1)).payload().data()).isInstanceOf(Text.class);
    }

    @Test
    void metadataIsARecordOfTheLog() { // 18
        store.append(DOC, record(META));
        store.append(DOC, entirety("1"));

        assertThat(store.currentMeta(DOC)).contains(META);
        assertThat(load(store, DOC)).containsExactly(record(META), entirety("1"));
    }

    @Test
    void aFailedAppendOfMetadataChangesNothing() { // 19
        store.append(DOC, record(meta("primer")));
        RecordPlace.Broken broken = place.openBroken("kyneta");

        broken.faults().failStatement(2, Moment.BEFORE);
        assertThatThrownBy(() -> broken.store().append(DOC, record(meta("injected"))))
                .isInstanceOf(HoldfastException.class);

        RecordStore healthy = place.open("kyneta");
        assertThat(healthy.currentMeta(DOC)).contains(meta("primer"));
        assertThat(load(healthy, DOC)).containsExactly(record(meta("primer")));
    }

    @Test
    void storesOfOtherTablesAreApart() { // 20
        RecordStore other = place.open("other");

        store.appendAll(DOC, List.of(record(META), entirety("mine")));
        other.appendAll(DOC, List.of(record(META), entirety("yours")));

        assertThat(load(store, DOC)).containsExactly(record(META), entirety("mine"));
        assertThat(load(other, DOC)).containsExactly(record(META), entirety("yours"));
        assertThat(ids(store, "")).containsExactly(DOC);
        assertThat(ids(other, "")).containsExactly(DOC);
    }

    @Test
    void aMinorVersionMayRiseAndFall() {
        StoreMeta minor = new StoreMeta(new ReplicaType("plain", 1, 7), META.syncMode(), "00test");
        StoreMeta major = new StoreMeta(new ReplicaType("plain", 2, 0), META.syncMode(), "00test");
        store.append(DOC, record(META));

        store.append(DOC, record(minor));

        assertThat(store.currentMeta(DOC)).contains(minor);
        assertThat(refusal(() -> store.append(DOC, record(major)))).isEqualTo("replica-type-mismatch");
        store.append(DOC, record(META));
        assertThat(store.currentMeta(DOC)).contains(META);
    }

    @Test
    void aDeletedDocumentMayBeAnotherKindOfReplica() {
        StoreMeta loro = new StoreMeta(new ReplicaType("loro", 1, 0), SyncMode.EPHEMERAL, "");
        store.appendAll(DOC, List.of(record(META), entirety("1")));

        store.delete(DOC);
        store.append(DOC, record(loro));

        assertThat(load(store, DOC)).containsExactly(record(loro));
    }

    @Test
    void aBatchIsAppendedWholeOrNotAtAll() {
        StoreMeta other = new StoreMeta(META.replicaType(), SyncMode.EPHEMERAL, "00test");

        assertThat(refusal(() -> store.appendAll(DOC, List.of(record(META), entirety("1"), record(other)))))
                .isEqualTo("sync-mode-mismatch");
        assertThat(refusal(() -> store.appendAll(DOC, List.of(entirety("1"), record(META)))))
                .isEqualTo("meta-required");
        assertThat(refusal(() -> store.appendAll(DOC, List.of()))).isEqualTo("empty-batch");

        assertThat(store.currentMeta(DOC)).isEmpty();
        assertThat(load(store, DOC)).isEmpty();
    }

    @Test
    void aReplacementMustFollowWhatIsStoredAndItself() {
        StoreMeta loro = new StoreMeta(new ReplicaType("loro", 1, 0), META.syncMode(), "00test");
        store.append(DOC, record(META));

        assertThat(refusal(() -> store.replace(DOC, List.of(record(loro))))).isEqualTo("replica-type-mismatch");
        assertThat(refusal(() -> store.replace("new", List.of(record(META), record(loro)))))
                .isEqualTo("replica-type-mismatch");
        store.replace("new", List.of(entirety("1"), record(loro)));

        assertThat(load(store, DOC)).containsExactly(record(META));
        assertThat(load(store, "new")).containsExactly(entirety("1"), record(loro));
    }

    @Test
    void membersThatAreNotKnownAreKept() {
        StoreMeta more = new StoreMeta(
                META.replicaType(),
                META.syncMode(),
                "",
                Map.of("future", Json.parse("{\"b\":[1,2.5,null,true],\"a\":\"\u00e9\"}")));

        store.append(DOC, record(more));

        assertThat(store.currentMeta(DOC)).contains(more);
        assertThat(load(store, DOC)).containsExactly(record(more));
    }

    @Test
    void aClosedStoreRefusesEverything() {
        store.append(DOC, record(META));
        var open = store.loadAll(DOC);

        store.close();
        store.close();

        assertThat(List.of(
                        refusal(() -> store.append(DOC, entirety("1"))),
                        refusal(() -> store.replace(DOC, List.of(record(META)))),
                        refusal(() -> store.delete(DOC)),
                        refusal(() -> store.currentMeta(DOC)),
                        refusal(() -> store.loadAll(DOC)),
                        refusal(() -> store.listDocIds("")),
                        refusal(open::hasNext)))
                .containsOnly("closed");
    }
}
