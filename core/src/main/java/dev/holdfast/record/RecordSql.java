package dev.holdfast.record;

import dev.holdfast.engine.ConflictException;
import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.Sql;
import dev.holdfast.record.RecordStoreException.Reason;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The statements of one set of tables; their texts never change. The databases differ in the types of the tables, in
 * {@code jsonb}, and in that PostgreSQL must be told to compare ids by their bytes, which SQLite does anyway.
 */
final class RecordSql {
    private static final String UNIQUE_VIOLATION = "23505";

    private final Dialect dialect;
    private final TableNames names;
    private final String json;
    private final String lockMarker;
    private final String state;
    private final String current;
    private final String setCurrent;
    private final String deleteCurrent;
    private final String insert;
    private final String insertIfFree;
    private final String deleteRecords;
    private final String records;
    private final String ids;
    private final String idsBelow;
    private final String size;
    private final String total;
    private final String orphans;

    RecordSql(Dialect dialect, TableNames names) {
        this.dialect = dialect;
        this.names = names;
        this.json = dialect == Dialect.POSTGRES ? "cast(? as jsonb)" : "?";
        String bytes = dialect == Dialect.POSTGRES ? "octet_length" : "length";
        String payload = dialect == Dialect.POSTGRES ? "payload" : "cast(payload as blob)";
        String measured = "count(*), coalesce(sum(coalesce(" + bytes + "(" + payload + "), 0) + coalesce(" + bytes
                + "(blob), 0)), 0)";
        String id = dialect == Dialect.POSTGRES ? "doc_id collate \"C\"" : "doc_id";
        this.lockMarker = sql("update {store_meta} set value = value where key = 'format'");
        this.state = sql("""
                select (select data from {doc_meta} where doc_id = ?),
                  (select max(seq) from {records} where doc_id = ?)""");
        this.current = sql("select data from {doc_meta} where doc_id = ?");
        this.setCurrent = sql("insert into {doc_meta} (doc_id, data) values (?, " + json
                + ") on conflict (doc_id) do update set data = excluded.data");
        this.deleteCurrent = sql("delete from {doc_meta} where doc_id = ?");
        this.insert = sql("insert into {records} (doc_id, seq, kind, payload, blob) values (?, ?, ?, ?, ?)");
        this.insertIfFree = insert + " on conflict do nothing";
        this.deleteRecords = sql("delete from {records} where doc_id = ?");
        this.records = sql("select seq, kind, payload, blob from {records} where doc_id = ? order by seq");
        this.ids = sql("select doc_id from {doc_meta} where " + id + " >= ? order by " + id);
        this.idsBelow = sql("select doc_id from {doc_meta} where " + id + " >= ? and " + id + " < ? order by " + id);
        this.size = sql("select " + measured + " from {records} where doc_id = ?");
        this.total = sql("select " + measured + " from {records}");
        this.orphans = sql("""
                select distinct r.doc_id from {records} r
                where not exists (select 1 from {doc_meta} m where m.doc_id = r.doc_id) limit ?""");
    }

    /** The text of a statement with the names of the tables. */
    String sql(String text) {
        return text.replace("{doc_meta}", names.quoted(names.docMeta()))
                .replace("{records}", names.quoted(names.records()))
                .replace("{store_meta}", names.quoted(names.storeMeta()));
    }

    Dialect dialect() {
        return dialect;
    }

    TableNames names() {
        return names;
    }

    /** How a parameter that is JSON text is written. */
    String json() {
        return json;
    }

    /** The statements that make the tables; that of facts about the store comes first. */
    List<String> create() {
        return switch (dialect) {
            case SQLITE ->
                List.of(
                        sql("create table if not exists {store_meta} (key TEXT PRIMARY KEY, value TEXT NOT NULL)"
                                + " WITHOUT ROWID"),
                        sql("create table if not exists {doc_meta} (doc_id TEXT PRIMARY KEY, data TEXT NOT NULL)"
                                + " WITHOUT ROWID"),
                        sql("create table if not exists {records} (doc_id TEXT NOT NULL, seq INTEGER NOT NULL,"
                                + " kind TEXT NOT NULL, payload TEXT, blob BLOB, PRIMARY KEY (doc_id, seq))"
                                + " WITHOUT ROWID"));
            case POSTGRES ->
                List.of(
                        sql("create table if not exists {store_meta} (key TEXT PRIMARY KEY, value JSONB NOT NULL)"),
                        sql("create table if not exists {doc_meta} (doc_id TEXT COLLATE \"C\" PRIMARY KEY,"
                                + " data JSONB NOT NULL)"),
                        sql("create table if not exists {records} (doc_id TEXT COLLATE \"C\" NOT NULL,"
                                + " seq INTEGER NOT NULL, kind TEXT NOT NULL, payload TEXT, blob BYTEA,"
                                + " PRIMARY KEY (doc_id, seq))"));
        };
    }

    /** The statements that remove the tables. */
    List<String> drop() {
        return Stream.of("{records}", "{doc_meta}", "{store_meta}")
                .map(table -> sql("drop table if exists " + table))
                .toList();
    }

    /**
     * Keeps other writers of a document out until the transaction ends; the first statement of a write.
     *
     * @param begun whether the transaction began with SQLite's write lock
     */
    void lock(Sql sql, String docId, boolean begun) {
        if (dialect == Dialect.POSTGRES) {
            lock(sql, lockKey(docId));
        } else if (!begun) {
            sql.exec(lockMarker);
        }
    }

    /** Keeps others out who make or check the same tables. */
    void lockTables(Sql sql) {
        if (dialect == Dialect.POSTGRES) {
            lock(sql, lockKey(""));
        }
    }

    /** What writers of a document meet in. */
    long lockKey(String docId) {
        return ((long) names.records().hashCode() << Integer.SIZE) ^ Integer.toUnsignedLong(docId.hashCode());
    }

    private static void lock(Sql sql, long key) {
        sql.list("select pg_advisory_xact_lock(?)", row -> true, key);
    }

    /** The current metadata and the highest number of a document. */
    State state(Sql sql, String docId) {
        return sql.first(
                        state,
                        row -> {
                            String data = row.getString(1);
                            int seq = row.getInt(2);
                            return new State(Optional.ofNullable(data), row.wasNull() ? State.EMPTY : seq);
                        },
                        docId,
                        docId)
                .orElseThrow();
    }

    Optional<String> current(Sql sql, String docId) {
        return sql.first(current, row -> row.getString(1), docId);
    }

    void setCurrent(Sql sql, String docId, String meta) {
        sql.exec(setCurrent, docId, meta);
    }

    /** Writes rows with the numbers from {@code first} on, in order. */
    void insert(Sql sql, String docId, int first, List<RecordRow> rows) {
        if (dialect == Dialect.POSTGRES && rows.size() > 1) {
            insertAtOnce(sql, docId, first, rows);
            return;
        }
        int seq = first;
        for (RecordRow row : rows) {
            if (sql.exec(insertIfFree, docId, seq, row.kind(), row.payload(), row.blob()) == 0) {
                throw collision(docId, seq);
            }
            seq++;
        }
    }

    private void insertAtOnce(Sql sql, String docId, int first, List<RecordRow> rows) {
        List<@Nullable Object[]> args = new ArrayList<>(rows.size());
        for (RecordRow row : rows) {
            args.add(new @Nullable Object[] {docId, first + args.size(), row.kind(), row.payload(), row.blob()});
        }
        try {
            sql.execAll(insert, args);
        } catch (EngineException e) {
            if (e.getCause() instanceof SQLException cause && UNIQUE_VIOLATION.equals(cause.getSQLState())) {
                ConflictException conflict = collision(docId, first);
                conflict.initCause(e);
                throw conflict;
            }
            throw e;
        }
    }

    /** Somebody wrote who does not take the lock: the whole transaction runs again. */
    private static ConflictException collision(String docId, int seq) {
        return new ConflictException(
                "record.collision",
                "another program has written to the document at the same time (doc=" + RecordRules.shown(docId)
                        + ", seq=" + seq + ")");
    }

    /** Removes the log; answers how many records it had. */
    int deleteRecords(Sql sql, String docId) {
        return sql.exec(deleteRecords, docId);
    }

    int deleteCurrent(Sql sql, String docId) {
        return sql.exec(deleteCurrent, docId);
    }

    /** Hands over the log, row by row. */
    void records(Sql sql, String docId, Consumer<RecordRow> out) {
        each(sql.iterate(records, RecordSql::row, docId), out);
    }

    private static RecordRow row(ResultSet row) throws SQLException {
        return new RecordRow(row.getInt(1), String.valueOf(row.getString(2)), row.getString(3), row.getBytes(4));
    }

    /** Hands over the ids that start with a prefix, in the order of their bytes. */
    void ids(Sql sql, String prefix, Consumer<String> out) {
        Optional<String> end = RecordRules.successor(prefix);
        each(
                end.isEmpty()
                        ? sql.iterate(ids, row -> row.getString(1), prefix)
                        : sql.iterate(idsBelow, row -> row.getString(1), prefix, end.get()),
                out);
    }

    private static <R> void each(Stream<R> rows, Consumer<R> out) {
        try (rows) {
            rows.forEachOrdered(out);
        }
    }

    /** How many records a document has, and their bytes. */
    Size size(Sql sql, String docId) {
        return sql.first(size, RecordSql::size, docId).orElseThrow();
    }

    /** How many records the store has, and their bytes. */
    Size total(Sql sql) {
        return sql.first(total, RecordSql::size).orElseThrow();
    }

    /** Documents that have records and no current metadata. */
    List<String> orphans(Sql sql, int max) {
        return sql.list(orphans, row -> row.getString(1), max);
    }

    private static Size size(ResultSet row) throws SQLException {
        return new Size(row.getLong(1), row.getLong(2));
    }

    /** The error for a log whose numbers are used up. */
    static RecordStoreException logFull(String docId) {
        return RecordStoreException.of(
                Reason.LOG_FULL, docId, "the rows of the document are numbered to the end; replace its log");
    }

    /**
     * What a write finds.
     *
     * @param current the current metadata
     * @param seq the highest number, or {@link #EMPTY}
     */
    record State(Optional<String> current, int seq) {
        static final int EMPTY = -1;
    }

    /** Rows and their bytes. */
    record Size(long rows, long bytes) {}
}
