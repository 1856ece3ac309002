package dev.holdfast.record;

import dev.holdfast.engine.Allowance;
import dev.holdfast.engine.Change;
import dev.holdfast.engine.Sql;
import dev.holdfast.engine.Tx;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One transaction in a seat, with the statements of the store's tables. */
final class RecordUnit {
    private final Sql sql;
    private final RecordSql tables;
    private final String store;
    private final @Nullable Tx tx;

    private RecordUnit(Sql sql, RecordSql tables, String store, @Nullable Tx tx) {
        this.sql = sql;
        this.tables = tables;
        this.store = store;
        this.tx = tx;
    }

    /** A transaction over an adapter, where nobody else is told anything. */
    static RecordUnit over(Sql sql, RecordSql tables) {
        return new RecordUnit(sql, tables, "", null);
    }

    /** A transaction of a store of ours. */
    static RecordUnit in(Tx tx, RecordSql tables, String store) {
        return new RecordUnit(tx, tables, store, tx);
    }

    Sql sql() {
        return sql;
    }

    RecordSql tables() {
        return tables;
    }

    /** Keeps other writers of a document out; a transaction of a store of ours has SQLite's write lock already. */
    void lock(String docId) {
        tables.lock(sql, docId, tx != null && !tx.database().engine().joined());
    }

    /** The current metadata and the highest number of a document. */
    State state(String docId) {
        RecordSql.State found = tables.state(sql, docId);
        return new State(found.current().map(text -> currentMeta(docId, text)), found.seq());
    }

    /** The current metadata of a document. */
    Optional<StoreMeta> current(String docId) {
        return tables.current(sql, docId).map(text -> currentMeta(docId, text));
    }

    private static StoreMeta currentMeta(String docId, String text) {
        try {
            return RecordText.meta(text);
        } catch (RecordStoreException e) {
            throw RecordRow.corrupt(docId, "the current metadata", e);
        }
    }

    /** Ends the transaction when it is too large to share a commit; it runs again alone. */
    void spend(long records, long bytes) {
        if (tx != null) {
            Allowance.in(tx).spend(records, bytes);
        }
    }

    /** Spends as much as the log of a document may hold. */
    void spendLog(String docId) {
        if (tx != null && tx.shared()) {
            Allowance.in(tx).spend(tables.state(sql, docId).seq() + 1L, 0);
        }
    }

    /** Notes that a document changed. */
    void changed(String docId, Change.Kind kind) {
        if (tx != null) {
            tx.changed(RecordRoom.NAME, store, docId.getBytes(StandardCharsets.UTF_8), kind);
        }
    }

    /** What a document holds, where somebody counts it. */
    Optional<RecordSql.Size> measure(String docId) {
        return tx != null && tx.metered() ? Optional.of(tables.size(sql, docId)) : Optional.empty();
    }

    /** Counts what was gained since a measurement, or lost. */
    void count(Optional<RecordSql.Size> before, String docId) {
        if (tx != null && before.isPresent()) {
            RecordSql.Size after = tables.size(sql, docId);
            tx.use(
                    after.rows() - before.get().rows(),
                    after.bytes() - before.get().bytes());
        }
    }

    /** What a write finds: the current metadata, and the highest number or -1. */
    record State(Optional<StoreMeta> current, int seq) {
        /** How many rows there may be: the number of the next one. */
        long rowsMax() {
            return seq + 1L;
        }
    }
}
