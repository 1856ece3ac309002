package dev.holdfast.collection;

import dev.holdfast.codec.UuidV7;
import dev.holdfast.engine.Database;
import dev.holdfast.engine.Migration;
import dev.holdfast.engine.NamespaceRoom;
import dev.holdfast.engine.NamespaceRows;
import dev.holdfast.engine.NamespaceUsage;
import dev.holdfast.engine.Sql;
import dev.holdfast.engine.Tables;
import dev.holdfast.engine.Tx;
import dev.holdfast.filter.Filter;
import dev.holdfast.filter.SqlCondition;
import dev.holdfast.filter.SqlConditions;
import java.util.List;
import java.util.Objects;

/**
 * What all collections of one store share: statements, limits, what is known about them. Safe for use by many threads.
 */
public final class CollectionRoom implements NamespaceRoom {
    /** The name of the room in the change log and in the ledger of migrations. */
    public static final String NAME = "collection";

    static final SqlCondition NO_CONDITION = new SqlCondition("TRUE", List.of());

    private final SqlConditions conditions;
    private final UuidV7 ids;
    private final CollectionSql sql;
    private final CollectionCatalog catalog;
    private final DocumentSql documents;
    private final DocumentWriteSql writes;
    private final DocumentWriter writer;
    private final IndexBuilder builder;
    private final List<NamespaceRows> rows;
    private volatile CollectionLimits limits;

    private CollectionRoom(Database database) {
        this.conditions = new SqlConditions(database.dialect(), "d.body");
        this.ids = new UuidV7(database.time()::millis);
        this.sql = new CollectionSql(database);
        this.catalog = new CollectionCatalog(database, sql);
        this.documents = new DocumentSql(database);
        this.writes = new DocumentWriteSql(database);
        this.writer = new DocumentWriter(database, writes);
        this.builder = new IndexBuilder(database, this);
        Tables tables = database.tables();
        this.rows = List.of(
                new NamespaceRows(tables, "document_index", "index_no, value, id"),
                new NamespaceRows(tables, "document_unique", "index_no, value"),
                new NamespaceRows(tables, "documents", "collection, id"),
                new NamespaceRows(tables, "indexes", "index_no"),
                new NamespaceRows(tables, "collections", "name"));
        this.limits = database.outer().map(store -> of(store).limits()).orElseGet(CollectionLimits::defaults);
    }

    /** The room of a store. */
    public static CollectionRoom of(Database database) {
        return database.shared(CollectionRoom.class, CollectionRoom::new);
    }

    /** The tables of the room, as numbered steps. */
    public static List<Migration> migrations() {
        return Migration.load(NAME, CollectionRoom.class, "001_collection");
    }

    /**
     * Sets what callers of this process may ask for at most, for calls that begin from now on. It is not stored:
     * documents that are larger already stay readable, and another process has limits of its own.
     */
    public void limits(CollectionLimits value) {
        limits = Objects.requireNonNull(value, "limits");
    }

    /**
     * Clears away what dropped collections and indexes of a namespace still hold, in bounded batches that share commits
     * with other operations. Dropping does that itself; this is for what a program that ended too early has left.
     *
     * @return how many rows were removed
     */
    public long sweep(String namespace) {
        return builder.sweep(namespace);
    }

    @Override
    public NamespaceUsage usage(Tx tx) {
        return documents.usage(tx);
    }

    @Override
    public int clear(Sql target, int ns, int rowsMax) {
        return rows.stream().mapToInt(table -> table.clear(target, ns, rowsMax)).sum();
    }

    CollectionLimits limits() {
        return limits;
    }

    String newId() {
        return ids.nextText();
    }

    CollectionSql sql() {
        return sql;
    }

    CollectionCatalog catalog() {
        return catalog;
    }

    DocumentSql documents() {
        return documents;
    }

    DocumentWriteSql writes() {
        return writes;
    }

    DocumentWriter writer() {
        return writer;
    }

    IndexBuilder builder() {
        return builder;
    }

    /** What the database can leave out of a scan. */
    SqlCondition condition(Filter where) {
        return conditions.of(where);
    }
}
