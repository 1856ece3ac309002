package dev.holdfast.collection;

import dev.holdfast.engine.Database;
import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.Sql;
import dev.holdfast.filter.FieldPath;
import dev.holdfast.json.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Every statement about collections and their indexes; the same on both databases. */
final class CollectionSql {
    private static final String LOAD = """
            select c.number, c.version, c.options,
              i.index_no, i.name, i.paths, i.is_unique, i.is_multi, i.state, i.built_to
            from {p}collections c left join {p}indexes i on i.ns = c.ns and i.collection = c.number and i.state < 2
            where c.ns = ? and c.name = ?
            """;
    private static final String CREATE = """
            insert into {p}collections (ns, name, number, version, options, created_at)
            select ?, ?, coalesce(max(number), 0) + 1, ?, '{}', ? from {p}collections where ns = ?
            on conflict do nothing
            """;
    // A collection that nobody declared anything for exists as long as it has documents.
    private static final String NAMES = """
            select c.name, c.created_at,
              (select count(*) from {p}documents d where d.ns = c.ns and d.collection = c.number) as documents
            from {p}collections c where c.ns = ? and c.dropped_at is null and (
              c.options <> '{}'
              or exists (select 1 from {p}documents d where d.ns = c.ns and d.collection = c.number)
              or exists (select 1 from {p}indexes i where i.ns = c.ns and i.collection = c.number and i.state < 2))
            order by c.name
            """;
    private static final String CREATE_INDEX = """
            insert into {p}indexes (ns, index_no, collection, name, paths, is_unique, is_multi, state, built_to)
            select ?, coalesce(max(index_no), 0) + 1, ?, ?, ?, ?, ?, 0, '' from {p}indexes where ns = ?
            on conflict do nothing
            """;

    private final String position;
    private final String version;
    private final String hold;
    private final String load;
    private final String create;
    private final String names;
    private final String setVersion;
    private final String setOptions;
    private final String dropCollection;
    private final String droppedCollections;
    private final String forgetCollection;
    private final String createIndex;
    private final String index;
    private final String setState;
    private final String setBuiltTo;
    private final String dropIndex;
    private final String dropIndexes;
    private final String droppedIndexes;
    private final String forgetIndex;

    CollectionSql(Database database) {
        var tables = database.tables();
        // Everything up to here is visible to this transaction.
        position = tables.sql(
                database.dialect() == Dialect.SQLITE
                        ? "select versionstamp from {p}state"
                        : "select base + pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1 from {p}state");
        version = tables.sql("select version from {p}collections where ns = ? and name = ?");
        hold = version + (database.dialect() == Dialect.POSTGRES ? " for share" : "");
        load = tables.sql(LOAD);
        create = tables.sql(CREATE);
        names = tables.sql(NAMES);
        setVersion = tables.sql("update {p}collections set version = ? where ns = ? and name = ?");
        setOptions = tables.sql("update {p}collections set options = ? where ns = ? and name = ?");
        dropCollection =
                tables.sql("update {p}collections set name = ?, version = ?, dropped_at = ? where ns = ? and name = ?");
        droppedCollections =
                tables.sql("select number from {p}collections where ns = ? and dropped_at is not null order by number");
        // The highest number stays, so that it is not given again.
        forgetCollection =
                tables.sql("delete from {p}collections where ns = ? and number = ? and dropped_at is not null"
                        + " and number < (select max(number) from {p}collections where ns = ?)");
        createIndex = tables.sql(CREATE_INDEX);
        index = tables.sql("select 0, 0, '', index_no, name, paths, is_unique, is_multi, state, built_to"
                + " from {p}indexes where ns = ? and collection = ? and name = ?");
        setState = tables.sql("update {p}indexes set state = ? where ns = ? and index_no = ? and state < 2");
        setBuiltTo = tables.sql("update {p}indexes set built_to = ? where ns = ? and index_no = ? and built_to < ?");
        dropIndex = tables.sql("update {p}indexes set state = 2, name = ? where ns = ? and index_no = ?");
        dropIndexes = tables.sql("select index_no from {p}indexes where ns = ? and collection = ? and state < 2");
        droppedIndexes = tables.sql("select index_no from {p}indexes where ns = ? and state = 2 order by index_no");
        forgetIndex = tables.sql("delete from {p}indexes where ns = ? and index_no = ? and state = 2"
                + " and index_no < (select max(index_no) from {p}indexes where ns = ?)");
    }

    /** The versionstamp up to which this transaction sees every commit. */
    long position(Sql sql) {
        return sql.first(position, row -> row.getLong(1)).orElseThrow();
    }

    /** The version of a collection. */
    Optional<Long> version(Sql sql, int ns, String name) {
        return sql.first(version, row -> row.getLong(1), ns, name);
    }

    /** Keeps a collection as it is until this transaction ends: whoever changes something about it waits. */
    void hold(Sql sql, int ns, String name) {
        sql.first(hold, row -> row.getLong(1), ns, name);
    }

    /** Everything about a collection, in one statement and so of one version. */
    Optional<Loaded> load(Sql sql, int ns, String name) {
        List<StoredIndex> indexes = new ArrayList<>();
        List<Loaded> rows = sql.list(
                load,
                row -> {
                    row.getLong(4);
                    if (!row.wasNull()) {
                        indexes.add(index(row));
                    }
                    return new Loaded(row.getInt(1), row.getLong(2), row.getString(3), indexes);
                },
                ns,
                name);
        indexes.sort(Comparator.comparingLong(StoredIndex::number));
        return rows.stream().findFirst();
    }

    /** Makes a collection; without effect when there is one, or when another took the number. */
    void create(Sql sql, int ns, String name, long newVersion, long now) {
        sql.exec(create, ns, name, newVersion, now, ns);
    }

    List<CollectionInfo> names(Sql sql, int ns) {
        return sql.list(
                names,
                row -> new CollectionInfo(row.getString(1), row.getLong(3), Instant.ofEpochMilli(row.getLong(2))),
                ns);
    }

    void setVersion(Sql sql, int ns, String name, long newVersion) {
        sql.exec(setVersion, newVersion, ns, name);
    }

    void setOptions(Sql sql, int ns, String name, String options) {
        sql.exec(setOptions, options, ns, name);
    }

    /** Takes the name away from a collection; what it holds is cleared away later. */
    void dropCollection(Sql sql, int ns, String name, int number, long newVersion, long now) {
        sql.exec(dropCollection, CollectionName.dropped(number), newVersion, now, ns, name);
        for (long index : sql.list(dropIndexes, row -> row.getLong(1), ns, number)) {
            dropIndex(sql, ns, index);
        }
    }

    List<Integer> droppedCollections(Sql sql, int ns) {
        return sql.list(droppedCollections, row -> row.getInt(1), ns);
    }

    void forgetCollection(Sql sql, int ns, int number) {
        sql.exec(forgetCollection, ns, number, ns);
    }

    /** Makes an index; without effect when there is one of that name, or when another took the number. */
    void createIndex(Sql sql, int ns, int collection, DocumentIndex index) {
        ArrayNode paths = JsonNodeFactory.instance.arrayNode();
        index.paths().forEach(path -> paths.add(path.toString()));
        sql.exec(
                createIndex,
                ns,
                collection,
                index.name(),
                Json.text(paths),
                index.unique() ? 1 : 0,
                index.multi() ? 1 : 0,
                ns);
    }

    /** The index of a name. */
    Optional<StoredIndex> index(Sql sql, int ns, int collection, String name) {
        return sql.first(index, CollectionSql::index, ns, collection, name);
    }

    void setState(Sql sql, int ns, long index, StoredIndex.State state) {
        sql.exec(setState, state.number(), ns, index);
    }

    void setBuiltTo(Sql sql, int ns, long index, String id) {
        sql.exec(setBuiltTo, id, ns, index, id);
    }

    void dropIndex(Sql sql, int ns, long index) {
        sql.exec(dropIndex, CollectionName.dropped(index), ns, index);
    }

    List<Long> droppedIndexes(Sql sql, int ns) {
        return sql.list(droppedIndexes, row -> row.getLong(1), ns);
    }

    void forgetIndex(Sql sql, int ns, long index) {
        sql.exec(forgetIndex, ns, index, ns);
    }

    /** An index of the columns 4 to 10. */
    static StoredIndex index(ResultSet row) throws SQLException {
        List<FieldPath> paths = new ArrayList<>();
        Json.parse(row.getString(6)).forEach(path -> paths.add(FieldPath.parse(path.stringValue())));
        DocumentIndex definition = new DocumentIndex(row.getString(5), paths, row.getInt(7) != 0, row.getInt(8) != 0);
        return new StoredIndex(row.getLong(4), definition, StoredIndex.State.of(row.getInt(9)), row.getString(10));
    }

    /** A row of a collection with its indexes. */
    record Loaded(int number, long version, String options, List<StoredIndex> indexes) {}
}
