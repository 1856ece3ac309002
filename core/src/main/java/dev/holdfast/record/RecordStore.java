package dev.holdfast.record;

import dev.holdfast.engine.Session;
import java.util.List;
import java.util.Optional;

/**
 * A log of records and a current metadata value for each document; see {@link RecordStores} for where it can live.
 *
 * <p>Safe for use by many threads and blocking. Each operation is atomic; a write is durable when it returns, as far as
 * the database is configured so. Writers of one document take turns, whatever threads and processes they are in. Inside
 * a transaction a write is committed with it.
 *
 * <p>Everything that refuses is a {@link RecordStoreException}, with nothing written. A write whose outcome is not
 * known is never repeated; it fails as an {@link dev.holdfast.engine.EngineException}, as does every failure of the
 * database that is not {@link RecordStoreException.Reason#UNAVAILABLE}. A null argument is a
 * {@link NullPointerException}.
 */
public interface RecordStore extends AutoCloseable {
    /** Bytes that a record may have, counted as its envelope in the HTTP interface. */
    long RECORD_BYTES_MAX = 16L << 20;

    /**
     * A store in a session, made when it is missing. Opening it is a write, once per process; where only reading is
     * possible it must exist.
     *
     * @param name 1 to 40 of {@code a-z}, {@code 0-9} and {@code _}, a letter first
     * @throws RecordStoreException the name is none or belongs to others, or the tables of the name have another format
     *     or other columns; nothing was changed
     */
    static RecordStore in(Session session, String name) {
        return RecordStores.in(session).open(name);
    }

    /**
     * Refuses what is no id of a document, as every operation does: for those who want to know before they have
     * records.
     *
     * @throws RecordStoreException {@link RecordStoreException.Reason#INVALID_DOC_ID}
     */
    static void requireDocId(String docId) {
        RecordRules.requireDocId(docId);
    }

    /**
     * Adds one record at the end of a document's log. Metadata becomes current with it.
     *
     * @param docId 0 to 1,024 bytes of UTF-8, well-formed, without U+0000
     * @throws RecordStoreException an entry for a document without metadata, metadata that cannot follow the current
     *     one, a record that is too large
     */
    void append(String docId, StoreRecord record);

    /**
     * Adds records at the end of a document's log, all or none, as if they were appended one by one.
     *
     * @param docId as in {@link #append}
     * @param records one at least
     * @throws RecordStoreException as {@link #append}, or there are none
     */
    void appendAll(String docId, List<? extends StoreRecord> records);

    /**
     * Replaces a document's whole log; readers see the one before or the new one. The document need not exist.
     *
     * @param docId as in {@link #append}
     * @param records the new log in its order; among them metadata, of which the last becomes current
     * @throws RecordStoreException there is no metadata among them, or it cannot follow the current one or that before
     *     it; a record is too large
     */
    void replace(String docId, List<? extends StoreRecord> records);

    /**
     * Removes a document, its log and its metadata; it may be made anew with metadata of any kind. Without effect when
     * there is none.
     *
     * @param docId as in {@link #append}
     */
    void delete(String docId);

    /**
     * The current metadata of a document: that of the last metadata record. It does not read the log.
     *
     * @param docId as in {@link #append}
     * @return empty when there is no such document
     */
    Optional<StoreMeta> currentMeta(String docId);

    /**
     * The log of a document, the oldest record first, as it is when the first record is asked for; later writes do not
     * show, and the cursor keeps nobody waiting. What is beyond 1 MiB is copied to a temporary file at that moment. A
     * row that cannot be read back is an exception when its turn comes.
     *
     * @param docId as in {@link #append}
     * @return nothing when there is no such document
     */
    RecordCursor<StoreRecord> loadAll(String docId);

    /**
     * The ids that begin with a prefix, compared code point by code point, in the order of their UTF-8 bytes, as they
     * are when the first is asked for.
     *
     * @param prefix as an id; the empty one is that of all
     */
    RecordCursor<String> listDocIds(String prefix);

    /** All ids; see {@link #listDocIds(String)}. */
    default RecordCursor<String> listDocIds() {
        return listDocIds("");
    }

    /**
     * Closes this handle: its operations and its open cursors are refused from then on. A connection or
     * {@code DataSource} of the caller stays open, and so does a store that it is a part of. May be called again
     * without effect.
     */
    @Override
    void close();
}
