package dev.holdfast.collection;

import dev.holdfast.engine.Database;
import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.Examination;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Tables;
import dev.holdfast.engine.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The statements that examine collections as they are, whatever is wrong with them. */
final class CollectionDoctorSql {
    private static final int SMALL_BYTES = 64 << 10;
    private static final int UNLOGGED_MAX = 100;
    private static final String STRAYS = """
            select 'documents', collection, count(*) from {p}documents where ns = ?
              and collection not in (select number from {p}collections where ns = ?) group by collection
            union all
            select 'document_index', index_no, count(*) from {p}document_index where ns = ?
              and index_no not in (select index_no from {p}indexes where ns = ?) group by index_no
            union all
            select 'document_unique', index_no, count(*) from {p}document_unique where ns = ?
              and index_no not in (select index_no from {p}indexes where ns = ?) group by index_no
            """;
    // The change log keeps the collection as text and the id as bytes.
    private static final String UNLOGGED_SQLITE = """
            select cast(collection as text), cast(id as blob), versionstamp from {p}documents where ns = ?
              and versionstamp > (select changes_floor from {p}namespaces where ns = ?)
            except
            select scope, id, versionstamp from {p}changes where ns = ? and room = 'collection' and op = 0
            limit
            """;
    private static final String UNLOGGED_POSTGRES = """
            select collection::text, convert_to(id, 'UTF8'), versionstamp from {p}documents where ns = ?
              and versionstamp > (select changes_floor from {p}namespaces where ns = ?)
            except
            select scope, id, versionstamp from {p}changes where ns = ? and room = 'collection' and op = 0
            limit
            """;

    private final Tables tables;
    private final String collections;
    private final String indexes;
    private final String strays;
    private final String page;
    private final String body;
    private final String unlogged;

    CollectionDoctorSql(Database database) {
        tables = database.tables();
        collections = tables.sql(
                "select number, options, dropped_at is not null from {p}collections where ns = ?" + " order by number");
        indexes = tables.sql("select 0, collection, '', index_no, name, paths, is_unique, is_multi, state, built_to"
                + " from {p}indexes where ns = ? order by index_no");
        strays = tables.sql(STRAYS);
        page = tables.sql("select id, versionstamp, first_versionstamp, created_at, updated_at,"
                + " case when length(body) <= " + SMALL_BYTES + " then body end"
                + " from {p}documents where ns = ? and collection = ? and id > ? order by id limit "
                + Examination.PAGE);
        body = tables.sql("select body from {p}documents where ns = ? and collection = ? and id = ?");
        unlogged =
                tables.sql((database.dialect() == Dialect.SQLITE ? UNLOGGED_SQLITE : UNLOGGED_POSTGRES) + UNLOGGED_MAX);
    }

    List<Named> collections(Tx tx) {
        return tx.list(collections, row -> new Named(row.getInt(1), row.getString(2), row.getBoolean(3)), tx.ns());
    }

    List<IndexRow> indexes(Tx tx) {
        return tx.list(indexes, IndexRow::of, tx.ns());
    }

    /** Rows of a collection or an index that does not exist. */
    List<Stray> strays(Tx tx) {
        int ns = tx.ns();
        return tx.list(
                strays, row -> new Stray(row.getString(1), row.getLong(2), row.getLong(3)), ns, ns, ns, ns, ns, ns);
    }

    /** Documents behind an id. */
    List<DocumentRow> page(Tx tx, int collection, String after) {
        return tx.list(
                page,
                row -> new DocumentRow(
                        row.getString(1),
                        row.getLong(2),
                        row.getLong(3),
                        row.getLong(4),
                        row.getLong(5),
                        row.getBytes(6)),
                tx.ns(),
                collection,
                after);
    }

    /** The body of a document; a large one is read now. */
    byte[] body(Tx tx, int collection, DocumentRow row) {
        byte[] small = row.small();
        return small != null ? small : document(tx, collection, row.id()).orElseThrow();
    }

    /** The body of a document, if it exists. */
    Optional<byte[]> document(Tx tx, int collection, String id) {
        return tx.first(body, row -> row.getBytes(1), tx.ns(), collection, id);
    }

    /** All entries of an index; close the stream. */
    Stream<EntryRow> entries(Tx tx, Part part, long index) {
        return tx.iterate(
                tables.sql("select value, id from {p}" + part.table + " where ns = ? and index_no = ?"),
                row -> new EntryRow(row.getBytes(1), row.getString(2)),
                tx.ns(),
                index);
    }

    boolean holds(Tx tx, Part part, long index, EntryRow entry) {
        return tx.first(
                        tables.sql("select 1 from {p}" + part.table
                                + " where ns = ? and index_no = ? and value = ? and id = ?"),
                        row -> row.getInt(1),
                        tx.ns(),
                        index,
                        entry.value,
                        entry.id)
                .isPresent();
    }

    /** Documents that the change log should know of and does not, at most 100. */
    List<Unlogged> unlogged(Tx tx) {
        return tx.list(
                unlogged,
                row -> new Unlogged(row.getString(1), DocumentId.of(row.getBytes(2)), row.getLong(3)),
                tx.ns(),
                tx.ns(),
                tx.ns());
    }

    /** The two tables of an index. */
    enum Part {
        /** Its entries. */
        ENTRIES("document_index"),
        /** What it holds only once. */
        PLACES("document_unique");

        private final String table;

        Part(String table) {
            this.table = table;
        }

        String table() {
            return table;
        }
    }

    /** A collection. */
    record Named(int number, String options, boolean dropped) {}

    /** Rows of something that does not exist. */
    record Stray(String table, long number, long rows) {}

    /** A document, without its body when that is large. */
    record DocumentRow(
            String id,
            long versionstamp,
            long firstVersionstamp,
            long createdAt,
            long updatedAt,
            byte @Nullable [] small) {}

    /** An entry of an index, or a place in a unique one. */
    record EntryRow(byte[] value, String id) {}

    /** A document that has no line in the change log. */
    record Unlogged(String collection, String id, long versionstamp) {}

    /**
     * A declared index.
     *
     * @param index none when it was dropped or its declaration cannot be read
     * @param trouble why it cannot be read; empty when it can
     */
    record IndexRow(int collection, long number, @Nullable StoredIndex index, String trouble) {
        static IndexRow of(ResultSet row) throws SQLException {
            int collection = row.getInt(2);
            long number = row.getLong(4);
            if (row.getInt(9) == StoredIndex.State.DROPPED.number()) {
                return new IndexRow(collection, number, null, "");
            }
            try {
                return new IndexRow(collection, number, CollectionSql.index(row), "");
            } catch (InvalidInputException e) {
                return new IndexRow(collection, number, null, e.detail());
            } catch (IllegalStateException e) {
                return new IndexRow(collection, number, null, String.valueOf(e.getMessage()));
            }
        }
    }
}
