package dev.holdfast.record;

import dev.holdfast.engine.Examination;
import dev.holdfast.engine.Tx;
import java.util.List;
import java.util.Optional;

/**
 * Examines the record stores of a namespace: their tables and format, every row, and that the current metadata of a
 * document is the last of its log.
 */
public final class RecordDoctor {
    private static final String STORE = "store";
    private static final String DOC = "doc";

    private RecordDoctor() {}

    /** The tables of the room whose rows belong to a namespace. */
    public static List<String> tables() {
        return List.of("{p}record_stores");
    }

    /** Examines a namespace. */
    public static void examine(Examination at) {
        Tx tx = at.tx();
        RecordRoom room = RecordRoom.of(tx.database());
        for (String name : room.list(tx)) {
            try {
                RecordSql tables = room.find(tx, name).orElseThrow(() -> RecordRoom.notFound(name));
                examine(at, name, new StoredRecordStore(new SessionSeat(tx, name)));
                tables.orphans(tx, Examination.PAGE)
                        .forEach(docId -> at.fault("a log has no current metadata", STORE, name, DOC, docId));
            } catch (RecordStoreException e) {
                at.fault("a store cannot be used: " + e.detail(), STORE, name);
            }
        }
    }

    private static void examine(Examination at, String name, StoredRecordStore store) {
        try (RecordCursor<String> ids = store.listDocIds()) {
            while (ids.hasNext()) {
                String docId = ids.next();
                try {
                    if (!store.currentMeta(docId).equals(lastMeta(store, docId))) {
                        at.fault("the current metadata is not the last of the log", STORE, name, DOC, docId);
                    }
                } catch (RecordStoreException e) {
                    at.fault(e.detail(), STORE, name);
                }
            }
        }
    }

    private static Optional<StoreMeta> lastMeta(RecordStore store, String docId) {
        Optional<StoreMeta> last = Optional.empty();
        try (RecordCursor<StoreRecord> records = store.loadAll(docId)) {
            while (records.hasNext()) {
                if (records.next() instanceof StoreRecord.Meta(StoreMeta meta)) {
                    last = Optional.of(meta);
                }
            }
        }
        return last;
    }
}
