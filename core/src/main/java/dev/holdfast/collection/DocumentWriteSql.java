package dev.holdfast.collection;

import dev.holdfast.collection.DocumentBatch.Entry;
import dev.holdfast.collection.DocumentBatch.Replacement;
import dev.holdfast.engine.Database;
import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.Sql;
import dev.holdfast.engine.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The statements that write documents on SQLite, and those that both databases have in common. */
final class DocumentWriteSql {
    private static final String SOME = """
            select d.id, d.body, d.versionstamp, d.first_versionstamp, d.created_at, d.updated_at
            from {p}documents d where d.ns = ? and d.collection = ? and d.id > ? order by d.id limit ?
            """;
    // A row that is only locked would not stop a transaction with an older snapshot from replacing it later.
    private static final String HOLD_POSTGRES = """
            with chosen as (
              select d.ns, d.collection, d.id from {p}documents d
              where d.ns = ? and d.collection = ? and d.id > ? order by d.id limit ? for no key update),
            held as (
              update {p}documents d set versionstamp = d.versionstamp from chosen s
              where d.ns = s.ns and d.collection = s.collection and d.id = s.id
              returning d.id, d.body, d.versionstamp, d.first_versionstamp, d.created_at, d.updated_at)
            select * from held order by id
            """;

    private final String insert;
    private final String update;
    private final String delete;
    private final String insertEntry;
    private final String deleteEntry;
    private final String insertUnique;
    private final String deleteUnique;
    private final String holder;
    private final String clearEntries;
    private final String clearUnique;
    private final String clearDocuments;
    private final String some;
    private final String setTimes;
    private final String lockSome;
    private final String holdSome;

    DocumentWriteSql(Database database) {
        var tables = database.tables();
        insert = tables.sql("insert into {p}documents (ns, collection, id, body, versionstamp, first_versionstamp,"
                + " created_at, updated_at) values (?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing");
        update = tables.sql("update {p}documents set body = ?, versionstamp = ?, updated_at = ?"
                + " where ns = ? and collection = ? and id = ?");
        delete = tables.sql("delete from {p}documents where ns = ? and collection = ? and id = ?");
        insertEntry = tables.sql(
                "insert into {p}document_index (ns, index_no, value, id) values (?, ?, ?, ?) on conflict do nothing");
        deleteEntry =
                tables.sql("delete from {p}document_index where ns = ? and index_no = ? and value = ? and id = ?");
        insertUnique = tables.sql(
                "insert into {p}document_unique (ns, index_no, value, id) values (?, ?, ?, ?) on conflict do nothing");
        // While an index is made two documents may still be alike: each leaves its own place only.
        deleteUnique =
                tables.sql("delete from {p}document_unique where ns = ? and index_no = ? and value = ? and id = ?");
        holder = tables.sql("select id from {p}document_unique where ns = ? and index_no = ? and value = ?");
        clearEntries = tables.sql("delete from {p}document_index where ns = ? and index_no = ? and (value, id) in ("
                + "select value, id from {p}document_index where ns = ? and index_no = ? order by value, id limit ?)");
        clearUnique = tables.sql("delete from {p}document_unique where ns = ? and index_no = ? and value in ("
                + "select value from {p}document_unique where ns = ? and index_no = ? order by value limit ?)");
        some = tables.sql("select id from {p}documents where ns = ? and collection = ? order by id limit ?");
        setTimes = tables.sql("update {p}documents set created_at = ?, updated_at = ?"
                + " where ns = ? and collection = ? and id = ?");
        boolean postgres = database.dialect() == Dialect.POSTGRES;
        lockSome = tables.sql(SOME + (postgres ? " for share" : ""));
        holdSome = tables.sql(postgres ? HOLD_POSTGRES : SOME);
        clearDocuments = tables.sql(
                "delete from {p}documents where ns = ? and collection = ? and id <= ?" + " returning id, length(body)");
    }

    /** Inserts a document; false when its id is taken. */
    boolean insert(Tx tx, CollectionState state, DocumentInput document) {
        long stamp = tx.versionstamp();
        return tx.exec(
                        insert,
                        tx.ns(),
                        state.number(),
                        document.id(),
                        document.body(),
                        stamp,
                        stamp,
                        tx.now(),
                        tx.now())
                > 0;
    }

    void update(Tx tx, CollectionState state, Replacement replacement) {
        DocumentInput after = replacement.after();
        tx.exec(update, after.body(), tx.versionstamp(), tx.now(), tx.ns(), state.number(), after.id());
    }

    void delete(Tx tx, CollectionState state, String id) {
        tx.exec(delete, tx.ns(), state.number(), id);
    }

    /** Gives documents that were just written the times they had. */
    void setTimes(Tx tx, CollectionState state, List<DocumentRestore> documents) {
        List<@Nullable Object[]> rows = new ArrayList<>(documents.size());
        for (DocumentRestore document : documents) {
            rows.add(new @Nullable Object[] {
                document.createdAt().map(Instant::toEpochMilli).orElse(tx.now()),
                document.updatedAt().map(Instant::toEpochMilli).orElse(tx.now()),
                tx.ns(),
                state.number(),
                document.input().id()
            });
        }
        tx.execAll(setTimes, rows);
    }

    void insertEntries(Tx tx, List<Entry> entries) {
        if (!entries.isEmpty()) {
            tx.execAll(insertEntry, rows(tx, entries));
        }
    }

    void deleteEntries(Tx tx, List<Entry> entries) {
        if (!entries.isEmpty()) {
            tx.execAll(deleteEntry, rows(tx, entries));
        }
    }

    /** Takes a place in a unique index; false when it is taken, by the same document or another. */
    boolean insertUnique(Tx tx, Entry entry) {
        return tx.exec(insertUnique, tx.ns(), entry.index().number(), entry.value(), entry.id()) > 0;
    }

    void deleteUnique(Tx tx, List<Entry> entries) {
        if (!entries.isEmpty()) {
            tx.execAll(deleteUnique, rows(tx, entries));
        }
    }

    /** The document that has a place in a unique index. */
    Optional<String> holder(Sql sql, int ns, Entry entry) {
        return sql.first(holder, row -> row.getString(1), ns, entry.index().number(), entry.value());
    }

    /**
     * Some documents behind an id, which nobody can change before this transaction ends, nor ever with a snapshot that
     * is older than its end.
     */
    List<Document> holdSome(Tx tx, CollectionState state, String after, int limit) {
        return tx.list(holdSome, DocumentSql::document, tx.ns(), state.number(), after, limit);
    }

    /** Some documents behind an id, which nobody can change before this transaction ends. */
    List<Document> lockSome(Tx tx, CollectionState state, String after, int limit) {
        return tx.list(lockSome, DocumentSql::document, tx.ns(), state.number(), after, limit);
    }

    /** Removes some entries of an index that nobody uses; answers how many. */
    int clearEntries(Tx tx, long index, int limit) {
        return tx.exec(clearEntries, tx.ns(), index, tx.ns(), index, limit)
                + tx.exec(clearUnique, tx.ns(), index, tx.ns(), index, limit);
    }

    /** Removes some documents of a collection that nobody uses; answers how many. */
    int clearDocuments(Tx tx, int collection, int limit) {
        List<String> ids = tx.list(some, row -> row.getString(1), tx.ns(), collection, limit);
        if (!ids.isEmpty()) {
            // Another process may clear the same collection: each counts what it has removed.
            List<Long> sizes = tx.list(
                    clearDocuments,
                    row -> row.getLong(2) + DocumentId.bytes(row.getString(1)).length,
                    tx.ns(),
                    collection,
                    ids.getLast());
            tx.use(-sizes.size(), -sizes.stream().mapToLong(Long::longValue).sum());
        }
        return ids.size();
    }

    private static List<@Nullable Object[]> rows(Tx tx, List<Entry> entries) {
        List<@Nullable Object[]> rows = new ArrayList<>(entries.size());
        for (Entry entry : entries) {
            rows.add(new @Nullable Object[] {tx.ns(), entry.index().number(), entry.value(), entry.id()});
        }
        return rows;
    }
}
