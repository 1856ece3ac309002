package dev.holdfast.record;

import dev.holdfast.engine.StateException;
import java.util.Optional;

/**
 * A record store refuses a call, or cannot serve it. Nothing was written. {@link #reason()} says why, and so does
 * {@link #code()}, which is also the code of the HTTP interface.
 */
public class RecordStoreException extends StateException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;
    private final transient Optional<String> docId;

    RecordStoreException(Reason reason, String message) {
        this(reason, message, Optional.empty());
    }

    RecordStoreException(Reason reason, String message, Optional<String> docId) {
        super(reason.code, message);
        this.reason = reason;
        this.docId = docId;
    }

    static RecordStoreException of(Reason reason, String docId, String message) {
        return new RecordStoreException(
                reason, message + " (doc=" + RecordRules.shown(docId) + ")", Optional.of(docId));
    }

    /** The same, keeping what caused it. */
    RecordStoreException causedBy(Throwable cause) {
        initCause(cause);
        return this;
    }

    /** What kind of refusal it is. */
    public Reason reason() {
        return reason;
    }

    /** The document that the call was about, where it was about one. */
    public Optional<String> docId() {
        return docId;
    }

    /** Why a store refuses. */
    public enum Reason {
        /** An entry for a document that has no metadata. */
        META_REQUIRED("meta-required"),
        /** A batch that is to replace a log has no metadata. */
        META_MISSING("meta-missing"),
        /** There is nothing to append. */
        EMPTY_BATCH("empty-batch"),
        /** Metadata of another type of replica, or of another major version of it. */
        REPLICA_TYPE_MISMATCH("replica-type-mismatch"),
        /** Metadata of another way to synchronize. */
        SYNC_MODE_MISMATCH("sync-mode-mismatch"),
        /** An id that is too long, malformed, or holds U+0000. */
        INVALID_DOC_ID("invalid-doc-id"),
        /** The name of a table or schema that is none. */
        INVALID_TABLE_NAME("invalid-table-name"),
        /** The name of a store that is none, or that belongs to others. */
        INVALID_STORE_NAME("invalid-store-name"),
        /** There is no such store. */
        STORE_NOT_FOUND("store-not-found"),
        /** A record that breaks a rule. */
        MALFORMED_RECORD("malformed-record"),
        /** A record larger than {@link RecordStore#RECORD_BYTES_MAX}. */
        RECORD_TOO_LARGE("record-too-large"),
        /** What stands in the tables has another format, or none; see {@link StoreFormatException}. */
        STORE_FORMAT("store-format"),
        /** A table is missing, or has other columns. */
        SCHEMA_MISMATCH("schema-mismatch"),
        /** A stored row is not what a store writes. */
        CORRUPT_RECORD("corrupt-record"),
        /** The numbers of a document's rows are used up; replacing the log starts them anew. */
        LOG_FULL("log-full"),
        /** The store was closed. */
        CLOSED("closed"),
        /** The database cannot be reached, or others kept coming first; reads may be repeated. */
        UNAVAILABLE("unavailable");

        private final String code;

        Reason(String code) {
            this.code = code;
        }

        /** What {@link RecordStoreException#code()} answers for it. */
        public String code() {
            return code;
        }
    }
}
