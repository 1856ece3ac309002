package dev.holdfast.record;

import dev.holdfast.record.RecordStoreException.Reason;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A record as a row of the table of records; the array belongs to it.
 *
 * @param seq its number in the document; 0 for one that has none yet
 * @param payload never absent in what a store writes
 */
record RecordRow(int seq, String kind, @Nullable String payload, byte @Nullable [] blob) {
    private static final String META = "meta";
    private static final String ENTRY = "entry";

    /** The row of a record. */
    static RecordRow of(StoreRecord record) {
        return switch (record) {
            case StoreRecord.Meta(StoreMeta meta) -> new RecordRow(0, META, RecordText.of(meta), null);
            case StoreRecord.Entry entry ->
                new RecordRow(
                        0,
                        ENTRY,
                        RecordText.of(entry),
                        entry.payload().data() instanceof Bytes bytes ? bytes.content() : null);
        };
    }

    /** The record of a row; what no store writes is {@link Reason#CORRUPT_RECORD}. */
    StoreRecord read(String docId) {
        try {
            if (payload == null) {
                throw RecordText.malformed("a row has no payload");
            }
            return switch (kind) {
                case META -> new StoreRecord.Meta(RecordText.meta(payload));
                case ENTRY ->
                    RecordText.entry(payload, Optional.ofNullable(blob).map(Bytes::owning));
                default -> throw RecordText.malformed("the kind of a row is neither meta nor entry");
            };
        } catch (RecordStoreException e) {
            throw corrupt(docId, "row " + seq, e);
        }
    }

    /** The error for something stored that cannot be read. */
    static RecordStoreException corrupt(String docId, String what, RecordStoreException e) {
        return RecordStoreException.of(
                        Reason.CORRUPT_RECORD, docId, what + " of the document cannot be read back: " + e.detail())
                .causedBy(e);
    }

    /** About how much memory it takes. */
    long size() {
        return (payload == null ? 0 : payload.length()) + (blob == null ? 0 : blob.length) + 64L;
    }
}
