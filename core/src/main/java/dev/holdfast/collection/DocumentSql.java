package dev.holdfast.collection;

import dev.holdfast.engine.Allowance;
import dev.holdfast.engine.Database;
import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.NamespaceUsage;
import dev.holdfast.engine.Tables;
import dev.holdfast.engine.Tx;
import dev.holdfast.filter.SqlCondition;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Every statement that reads documents, both databases side by side.
 *
 * <p>On PostgreSQL each statement also answers the version of the collection in its own snapshot, and is worth nothing
 * when that is not the one it was made for: {@link StaleStateException}. On SQLite the version was read before, in the
 * same transaction.
 */
final class DocumentSql {
    private static final String COLUMNS =
            "d.id, d.body, d.versionstamp, d.first_versionstamp, d.created_at, d.updated_at";
    private static final int VERSION = 8;

    /** Bytes of bodies after which a page ends: its last document may pass it. */
    private static final long READ_BYTES = 4 << 20;

    private static final String GET = "select " + COLUMNS + """
            , null from {p}collections c join {p}documents d on d.ns = c.ns and d.collection = c.number
            where c.ns = ? and c.name = ? and d.id = ?
            """;
    private static final String USAGE =
            "select count(*), coalesce(sum(octet_length(body) + octet_length(id)), 0) from {p}documents where ns = ?";
    private static final String EXTENT = """
            select count(*), coalesce(sum(e.bytes), 0) from (
              select octet_length(body) as bytes from {p}documents where ns = ? and collection = ? limit ?) e
            """;
    private static final String COUNT = """
            select count(d.id) from {p}collections c join {p}documents d on d.ns = c.ns and d.collection = c.number
            where c.ns = ? and c.name = ?
            """;
    // A document that cannot match is read without its body: the rows of a page stay few, and its end is known.
    private static final String SCAN = """
            select d.id, %s as body, d.versionstamp, d.first_versionstamp, d.created_at, d.updated_at, null as value
            from {p}documents d where d.ns = ? and d.collection = ? and d.id >= ? and d.id < ? order by d.id%s limit ?
            """;
    private static final String ENTRIES = "select " + COLUMNS + """
            , i.value from {p}document_index i cross join {p}documents d
            where i.ns = ? and i.index_no = ? and (i.value, i.id) > (?, ?) and i.value < ?
              and d.ns = ? and d.collection = ? and d.id = i.id
            order by i.value, i.id limit ?
            """;
    private static final String ENTRIES_REVERSE = "select " + COLUMNS + """
            , i.value from {p}document_index i cross join {p}documents d
            where i.ns = ? and i.index_no = ? and (i.value, i.id) < (?, ?) and i.value >= ?
              and d.ns = ? and d.collection = ? and d.id = i.id
            order by i.value desc, i.id desc limit ?
            """;
    // PostgreSQL: many ranges in one round trip, each read to no more than the page needs.
    private static final String MANY_ENTRIES = "select " + COLUMNS + """
            , i.value from unnest(?::bytea[], ?::bytea[]) as r(first, past) cross join lateral (
              select e.value, e.id from {p}document_index e
              where e.ns = ? and e.index_no = ? and e.value >= r.first and e.value < r.past and (e.value, e.id) > (?, ?)
              order by e.value, e.id limit ?) i
            cross join {p}documents d where d.ns = ? and d.collection = ? and d.id = i.id
            order by i.value, i.id limit ?
            """;
    private static final String MANY_ENTRIES_REVERSE = "select " + COLUMNS + """
            , i.value from unnest(?::bytea[], ?::bytea[]) as r(first, past) cross join lateral (
              select e.value, e.id from {p}document_index e
              where e.ns = ? and e.index_no = ? and e.value >= r.first and e.value < r.past and (e.value, e.id) < (?, ?)
              order by e.value desc, e.id desc limit ?) i
            cross join {p}documents d where d.ns = ? and d.collection = ? and d.id = i.id
            order by i.value desc, i.id desc limit ?
            """;
    // PostgreSQL's driver reads all rows at once, so the statement itself ends when the bodies before a row are enough.
    private static final String BOUNDED = """
            select b.id, b.body, b.versionstamp, b.first_versionstamp, b.created_at, b.updated_at, b.value from (
              select a.*, coalesce(sum(octet_length(a.body)) over (
                order by %s rows between unbounded preceding and 1 preceding), 0) as before from (%s) a) b
            where b.before < ?
            """;
    private static final String GUARDED = """
            select p.*, g.version from {p}collections g left join lateral (%s) p on true
            where g.ns = ? and g.name = ? order by %s
            """;

    private final Tables tables;
    private final boolean postgres;
    private final String get;
    private final String count;
    private final String usage;
    private final String extent;
    private final String entries;
    private final String entriesReverse;
    private final String manyEntries;
    private final String manyEntriesReverse;
    private final String some;
    private final String first;

    DocumentSql(Database database) {
        tables = database.tables();
        postgres = database.dialect() == Dialect.POSTGRES;
        get = tables.sql(GET);
        count = tables.sql(COUNT);
        usage = tables.sql(USAGE);
        extent = tables.sql(EXTENT);
        entries = page(ENTRIES, "p.value, p.id");
        entriesReverse = page(ENTRIES_REVERSE, "p.value desc, p.id desc");
        manyEntries = page(MANY_ENTRIES, "p.value, p.id");
        manyEntriesReverse = page(MANY_ENTRIES_REVERSE, "p.value desc, p.id desc");
        String byIds =
                "select " + COLUMNS + ", null as value from {p}documents d where d.ns = ? and d.collection = ? and "
                        + (postgres ? "d.id = any (?)" : "d.id = ?");
        some = guarded(byIds, "p.id");
        first = page(byIds, "p.id");
    }

    /** Whether ranges are best asked for together. */
    boolean manyRangesAtOnce() {
        return postgres;
    }

    /** One document of a collection by its name. */
    Optional<Document> get(Tx tx, String collection, String id) {
        return tx.first(get, DocumentSql::document, tx.ns(), collection, id);
    }

    /** What all collections of the namespace hold, dropped ones that were not yet cleared away included. */
    NamespaceUsage usage(Tx tx) {
        return tx.first(usage, row -> new NamespaceUsage(row.getLong(1), row.getLong(2)), tx.ns())
                .orElseThrow();
    }

    /** How many documents a collection holds. */
    long count(Tx tx, String collection) {
        return tx.first(count, row -> row.getLong(1), tx.ns(), collection).orElse(0L);
    }

    /** Spends documents of a collection, as many as it pays to count. */
    void spend(Tx tx, CollectionState state, Allowance allowance) {
        NamespaceUsage found = tx.first(
                        extent,
                        row -> new NamespaceUsage(row.getLong(1), row.getLong(2)),
                        tx.ns(),
                        state.number(),
                        allowance.countMax())
                .orElseThrow();
        allowance.spend(found.rows(), found.bytes());
    }

    /** Those of the documents that exist, in the order asked for, which is that of their ids. */
    List<Row> some(Tx tx, CollectionState state, List<String> ids) {
        if (postgres) {
            List<@Nullable Object> args = new ArrayList<>();
            args.addAll(List.of(tx.ns(), state.number()));
            args.add(ids.toArray(String[]::new));
            return current(tx, state, some, args);
        }
        return ids.stream()
                .flatMap(id -> tx.first(some, DocumentSql::row, tx.ns(), state.number(), id).stream())
                .toList();
    }

    /** The same, but no further than {@link #isCut}. */
    List<Row> first(Tx tx, CollectionState state, List<String> ids) {
        if (postgres) {
            List<@Nullable Object> args = new ArrayList<>();
            args.addAll(List.of(tx.ns(), state.number()));
            args.add(ids.toArray(String[]::new));
            return rows(tx, state, first, args);
        }
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < ids.size() && !isCut(rows); i++) {
            tx.first(first, DocumentSql::row, tx.ns(), state.number(), ids.get(i))
                    .ifPresent(rows::add);
        }
        return rows;
    }

    /** Whether rows were read no further because of the bytes of their documents; there may be more of them. */
    static boolean isCut(List<Row> rows) {
        long bytes = 0;
        for (Row row : rows) {
            bytes += row.bytes();
        }
        return bytes >= READ_BYTES;
    }

    /**
     * Documents in the order of their ids, from one bound, inclusive, to the other, exclusive; without bodies where the
     * condition does not hold.
     */
    List<Row> scan(Tx tx, CollectionState state, IdRange range, boolean reverse, SqlCondition condition, int limit) {
        boolean all = condition.isAlwaysTrue();
        String body = all ? "d.body" : "case when " + condition.sql() + " then d.body end";
        String text = page(SCAN.formatted(body, reverse ? " desc" : ""), reverse ? "p.id desc" : "p.id");
        List<@Nullable Object> args = new ArrayList<>();
        if (!all) {
            args.addAll(condition.args());
        }
        args.addAll(List.of(tx.ns(), state.number(), range.from(), range.until(), limit));
        return rows(tx, state, text, args);
    }

    /** Documents in the order of an index's entries, of one range. */
    List<Row> entries(Tx tx, CollectionState state, EntryPage page) {
        ByteRange range = page.ranges.getFirst();
        List<@Nullable Object> args = new ArrayList<>();
        args.addAll(List.of(tx.ns(), page.index, page.value, page.id));
        args.add(page.reverse ? range.first() : range.past());
        args.addAll(List.of(tx.ns(), state.number(), page.limit));
        return rows(tx, state, page.reverse ? entriesReverse : entries, args);
    }

    /** PostgreSQL: documents in the order of an index's entries, of several ranges. */
    List<Row> manyEntries(Tx tx, CollectionState state, EntryPage page) {
        List<@Nullable Object> args = new ArrayList<>();
        args.add(page.ranges.stream().map(ByteRange::first).toArray(byte[][]::new));
        args.add(page.ranges.stream().map(ByteRange::past).toArray(byte[][]::new));
        args.addAll(List.of(tx.ns(), page.index, page.value, page.id, page.limit));
        args.addAll(List.of(tx.ns(), state.number(), page.limit));
        return rows(tx, state, page.reverse ? manyEntriesReverse : manyEntries, args);
    }

    private String page(String select, String order) {
        return postgres ? guarded(BOUNDED.formatted(order.replace("p.", "a."), select), order) : guarded(select, order);
    }

    private String guarded(String select, String order) {
        return tables.sql(postgres ? GUARDED.formatted(select, order) : select);
    }

    /** The rows of a page: fewer than there are when their documents have many bytes, but at least one. */
    private List<Row> rows(Tx tx, CollectionState state, String text, List<@Nullable Object> args) {
        if (postgres) {
            args.add(READ_BYTES);
            return current(tx, state, text, args);
        }
        List<Row> read = new ArrayList<>();
        long bytes = 0;
        try (Stream<Row> rows = tx.iterate(text, DocumentSql::row, args.toArray())) {
            Iterator<Row> next = rows.iterator();
            while (bytes < READ_BYTES && next.hasNext()) {
                Row row = next.next();
                bytes += row.bytes();
                read.add(row);
            }
        }
        return read;
    }

    /** PostgreSQL: all rows, if the state is that of their snapshot. */
    private static List<Row> current(Tx tx, CollectionState state, String text, List<@Nullable Object> args) {
        args.add(tx.ns());
        args.add(state.name());
        boolean[] current = new boolean[1];
        List<Optional<Row>> rows = tx.list(
                text,
                row -> {
                    current[0] = row.getLong(VERSION) == state.version();
                    return row.getString(1) == null ? Optional.empty() : Optional.of(row(row));
                },
                args.toArray());
        if (!current[0]) {
            throw new StaleStateException();
        }
        return rows.stream().flatMap(Optional::stream).toList();
    }

    static Document document(ResultSet row) throws SQLException {
        return new Document(
                row.getString(1),
                row.getBytes(2),
                new Document.Stamps(row.getLong(3), row.getLong(4), row.getLong(5), row.getLong(6)));
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(row.getString(1), row.getBytes(2) == null ? null : document(row));
    }

    /**
     * A row of a page.
     *
     * @param id the document's
     * @param document none when it cannot match
     */
    record Row(String id, @Nullable Document document) {
        long bytes() {
            return document == null ? 0 : document.body().length;
        }

        /** The document, if it can match. */
        Stream<Document> documents() {
            return Stream.ofNullable(document);
        }
    }

    /** Ids from one, inclusive, to another, exclusive. */
    record IdRange(String from, String until) {
        static final IdRange ALL = new IdRange(DocumentId.FIRST, DocumentId.LAST);

        boolean isEmpty() {
            return DocumentId.ORDER.compare(from, until) >= 0;
        }
    }

    /** Entries from one value, inclusive, to another, exclusive. */
    record ByteRange(byte[] first, byte[] past) {}

    /**
     * What is read of an index at a time.
     *
     * @param ranges ascending, apart from each other
     * @param value with {@code id} the place behind which the page begins, in its direction
     */
    record EntryPage(long index, List<ByteRange> ranges, boolean reverse, byte[] value, String id, int limit) {}
}
