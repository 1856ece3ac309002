package dev.holdfast.record;

import dev.holdfast.record.RecordStoreException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Records on their way into the log of one document, checked as far as that needs no database. */
final class RecordBatch {
    private final String docId;
    private final List<RecordRow> rows = new ArrayList<>();
    /** The first record needs metadata that is there already. */
    private final boolean entryFirst;

    private @Nullable StoreMeta first;
    private @Nullable StoreMeta last;
    private long bytes;

    private RecordBatch(String docId, List<? extends StoreRecord> records, boolean appended) {
        this.docId = docId;
        this.entryFirst = appended && records.getFirst() instanceof StoreRecord.Entry;
        records.forEach(this::add);
    }

    /** Records to append. */
    static RecordBatch toAppend(String docId, List<? extends StoreRecord> records) {
        RecordRules.requireDocId(docId);
        if (records.isEmpty()) {
            throw RecordStoreException.of(Reason.EMPTY_BATCH, docId, "there is nothing to append");
        }
        return new RecordBatch(docId, records, true);
    }

    /** Records to be the whole log. */
    static RecordBatch toReplace(String docId, List<? extends StoreRecord> records) {
        RecordRules.requireDocId(docId);
        RecordBatch batch = new RecordBatch(docId, records, false);
        if (batch.first == null) {
            throw RecordStoreException.of(
                    Reason.META_MISSING, docId, "a batch that replaces a log must contain at least one meta record");
        }
        return batch;
    }

    private void add(StoreRecord record) {
        if (record instanceof StoreRecord.Meta(StoreMeta meta)) {
            if (last == null) {
                first = meta;
            } else {
                RecordRules.requireFollowsInBatch(docId, last, meta);
            }
            last = meta;
        }
        long size = size(record);
        if (size > RecordStore.RECORD_BYTES_MAX) {
            throw RecordStoreException.of(
                    Reason.RECORD_TOO_LARGE,
                    docId,
                    "a record is larger than the limit (recordBytes=" + size + ", recordBytesMax="
                            + RecordStore.RECORD_BYTES_MAX + ")");
        }
        bytes += size;
        rows.add(RecordRow.of(record));
    }

    /** The bytes of a record as an envelope of the HTTP interface, however it travels. */
    private static long size(StoreRecord record) {
        return switch (record) {
            case StoreRecord.Meta(StoreMeta meta) -> 1L + RecordText.of(meta).getBytes(StandardCharsets.UTF_8).length;
            case StoreRecord.Entry(Payload payload, String version) ->
                1L
                        + lengthAndText("version", version)
                        + payload.lineage()
                                .map(lineage -> lengthAndText("lineage", lineage))
                                .orElse(0)
                        + switch (payload.data()) {
                            case Text(String text) -> RecordRules.utf8Length("data", text);
                            case Bytes data -> data.length();
                        };
        };
    }

    private static int lengthAndText(String name, String text) {
        return Integer.BYTES + RecordRules.utf8Length(name, text);
    }

    /** Refuses what cannot stand behind the current metadata. */
    void requireFollows(Optional<StoreMeta> current) {
        if (current.isEmpty()) {
            if (entryFirst) {
                throw RecordStoreException.of(
                        Reason.META_REQUIRED, docId, "the first record of a document must be meta, got entry");
            }
        } else if (first != null) {
            RecordRules.requireFollows(docId, current.get(), first);
        }
    }

    String docId() {
        return docId;
    }

    /** The rows, without numbers. */
    List<RecordRow> rows() {
        return rows;
    }

    /** The metadata that becomes current. */
    Optional<StoreMeta> last() {
        return Optional.ofNullable(last);
    }

    /** The bytes of all records. */
    long bytes() {
        return bytes;
    }
}
