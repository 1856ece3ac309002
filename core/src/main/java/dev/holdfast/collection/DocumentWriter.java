package dev.holdfast.collection;

import dev.holdfast.collection.DocumentBatch.Entry;
import dev.holdfast.collection.DocumentBatch.Replacement;
import dev.holdfast.engine.Change;
import dev.holdfast.engine.ConflictException;
import dev.holdfast.engine.Database;
import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.HoldfastException;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Tx;
import dev.holdfast.search.SearchRoom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Writes documents inside a transaction, with everything that goes with it: index entries, full text, the change log,
 * counters.
 */
final class DocumentWriter {
    private final DocumentWriteSql sql;
    private final PostgresWriteSql postgresSql;
    private final Database database;
    private final boolean postgres;

    DocumentWriter(Database database, DocumentWriteSql sql) {
        this.sql = sql;
        this.postgresSql = new PostgresWriteSql(database);
        this.database = database;
        this.postgres = database.dialect() == Dialect.POSTGRES;
    }

    /** Whether an insert of one document needs no more than one statement. */
    static boolean isPlain(CollectionState state) {
        return state.indexes().isEmpty() && state.text().isEmpty();
    }

    /** PostgreSQL: inserts a document with one statement, which is atomic by itself. */
    Document insertPlain(Tx tx, CollectionState state, DocumentInput input) {
        state.schema().ifPresent(schema -> schema.check(input.tree()));
        boolean whole = !tx.metered();
        PostgresWriteSql.Result result = postgresSql.insert(tx, state, input, whole);
        if (result.inserted() == 0) {
            if (whole) {
                // Nothing more can be asked in this unit; done in the other way it says what is wrong.
                throw new StaleStateException();
            }
            throw exists(state, 1);
        }
        if (tx.single()) {
            tx.touched(CollectionRoom.NAME);
        }
        count(tx, 1, size(input));
        return document(input, result.versionstamp(), tx.now());
    }

    /**
     * Writes a batch; nothing of it remains when it fails.
     *
     * @param last whether the operation writes nothing more, so that the statement may write the change log too
     * @return the versionstamp that the documents carry
     */
    long write(Tx tx, DocumentBatch batch, CollectionState state, boolean last) {
        if (batch.isEmpty()) {
            return 0;
        }
        // A failed operation rolls back whole, but a user's transaction may go on after it.
        boolean indexedInsert = !batch.inserts.isEmpty() && !batch.entriesNew.isEmpty();
        boolean undoable = !tx.single() && (batch.inserts.size() > 1 || indexedInsert || !batch.uniqueNew.isEmpty());
        return undoable ? tx.nested(() -> writeOrFail(tx, batch, state, last)) : writeOrFail(tx, batch, state, last);
    }

    /** Writes the entries of documents that stay as they are; one that is there already is no error. */
    void index(Tx tx, DocumentBatch batch, CollectionState state) {
        if (postgres) {
            writePostgres(tx, batch, state, false);
        } else {
            writeSqlite(tx, batch, state);
        }
    }

    /** The stored document that an input has become. */
    static Document document(DocumentInput input, long versionstamp, long now) {
        return new Document(input.id(), input.body(), new Document.Stamps(versionstamp, versionstamp, now, now));
    }

    /** The stored document that a replacement has become. */
    static Document document(Replacement replacement, long versionstamp, long now) {
        Document before = replacement.before();
        return new Document(
                before.id(),
                replacement.after().body(),
                new Document.Stamps(
                        versionstamp,
                        before.firstVersionstamp().value(),
                        before.createdAt().toEpochMilli(),
                        now));
    }

    private long writeOrFail(Tx tx, DocumentBatch batch, CollectionState state, boolean last) {
        boolean logged = postgres && last && tx.single();
        long versionstamp = postgres ? writePostgres(tx, batch, state, logged) : writeSqlite(tx, batch, state);
        state.text().ifPresent(text -> {
            SearchRoom search = SearchRoom.of(database);
            batch.inserts.forEach(input -> search.put(tx, text, DocumentId.bytes(input.id()), input.tree()));
            batch.replacements.forEach(replacement -> search.put(
                    tx,
                    text,
                    DocumentId.bytes(replacement.after().id()),
                    replacement.after().tree()));
            batch.deletes.forEach(document -> search.remove(tx, text, DocumentId.bytes(document.id())));
        });
        if (logged) {
            tx.touched(CollectionRoom.NAME);
        } else {
            log(tx, batch, state);
        }
        count(tx, batch);
        return versionstamp;
    }

    private long writeSqlite(Tx tx, DocumentBatch batch, CollectionState state) {
        sql.deleteEntries(tx, batch.entriesGone);
        sql.deleteUnique(tx, batch.uniqueGone);
        batch.deletes.forEach(document -> sql.delete(tx, state, document.id()));
        batch.replacements.forEach(replacement -> sql.update(tx, state, replacement));
        for (DocumentInput input : batch.inserts) {
            if (!sql.insert(tx, state, input)) {
                throw exists(batch, state, 1);
            }
        }
        batch.uniqueNew.forEach(place -> occupy(tx, state, place));
        sql.insertEntries(tx, batch.entriesNew);
        return tx.versionstamp();
    }

    private long writePostgres(Tx tx, DocumentBatch batch, CollectionState state, boolean logged) {
        // All parts of a statement see the same rows: a place that one document leaves and another takes needs two.
        List<Entry> handedOver = batch.uniqueNew.stream()
                .filter(place -> batch.uniqueGone.stream().anyMatch(gone -> isSamePlace(gone, place)))
                .toList();
        batch.uniqueNew.removeAll(handedOver);
        PostgresWriteSql.Result result = postgresSql.apply(tx, state, batch, logged);
        result.requireUnchanged(batch);
        if (result.inserted() < batch.inserts.size()) {
            throw exists(batch, state, batch.inserts.size() - result.inserted());
        }
        leaveUnfinishedIndexes(tx, batch);
        if (result.places() < batch.uniqueNew.size()) {
            batch.uniqueNew.forEach(place -> requireOwn(tx, state, place));
        }
        handedOver.forEach(place -> occupy(tx, state, place));
        return result.versionstamp();
    }

    /**
     * Removes once more what leaves an index that is being made: an entry that was committed while the statement waited
     * for its document was not there for the statement, and is for this one.
     */
    private void leaveUnfinishedIndexes(Tx tx, DocumentBatch batch) {
        sql.deleteEntries(tx, unfinished(batch.entriesGone));
        sql.deleteUnique(tx, unfinished(batch.uniqueGone));
    }

    private static List<Entry> unfinished(List<Entry> entries) {
        return entries.stream().filter(entry -> !entry.index().isComplete()).toList();
    }

    private static boolean isSamePlace(Entry one, Entry other) {
        return one.index().number() == other.index().number() && Arrays.equals(one.value(), other.value());
    }

    /** Takes a place in a unique index for a document, unless another one has it. */
    void occupy(Tx tx, CollectionState state, Entry place) {
        if (!sql.insertUnique(tx, place)) {
            requireOwn(tx, state, place);
        }
    }

    /** Refuses a place in a unique index that another document has. */
    private void requireOwn(Tx tx, CollectionState state, Entry place) {
        Optional<String> holder = sql.holder(tx, tx.ns(), place);
        if (holder.isEmpty()) {
            throw new ConflictException(
                    "collection.overtaken", "another commit changed a unique index at the same time");
        }
        if (!holder.get().equals(place.id())) {
            throw taken(state.name(), place.index());
        }
    }

    static InvalidInputException taken(String collection, StoredIndex index) {
        return new InvalidInputException(
                "collection.unique",
                "another document has the same value in a unique index (collection=" + collection + ", index="
                        + index.definition().name() + ")");
    }

    private static HoldfastException exists(DocumentBatch batch, CollectionState state, long taken) {
        return batch.insertsMissing
                ? new ConflictException("collection.overtaken", "another commit inserted the document first")
                : exists(state, taken);
    }

    private static InvalidInputException exists(CollectionState state, long taken) {
        return new InvalidInputException(
                "collection.exists",
                "a document with this id exists already (collection=" + state.name() + ", ids=" + taken + ")");
    }

    private static void log(Tx tx, DocumentBatch batch, CollectionState state) {
        List<String> written = new ArrayList<>();
        batch.inserts.forEach(input -> written.add(input.id()));
        batch.replacements.forEach(
                replacement -> written.add(replacement.after().id()));
        String scope = state.scope();
        written.forEach(id -> tx.changed(CollectionRoom.NAME, scope, DocumentId.bytes(id), Change.Kind.SET));
        batch.deletes.forEach(document ->
                tx.changed(CollectionRoom.NAME, scope, DocumentId.bytes(document.id()), Change.Kind.DELETE));
    }

    private static void count(Tx tx, DocumentBatch batch) {
        if (tx.metered()) {
            long bytes = 0;
            for (DocumentInput input : batch.inserts) {
                bytes += size(input);
            }
            for (Replacement replacement : batch.replacements) {
                bytes +=
                        replacement.after().body().length - replacement.before().body().length;
            }
            for (Document document : batch.deletes) {
                bytes -= document.body().length + DocumentId.bytes(document.id()).length;
            }
            count(tx, batch.inserts.size() - batch.deletes.size(), bytes);
        }
    }

    private static void count(Tx tx, long rows, long bytes) {
        if (tx.metered()) {
            tx.use(rows, bytes);
        }
    }

    private static long size(DocumentInput input) {
        return (long) input.body().length + DocumentId.bytes(input.id()).length;
    }
}
