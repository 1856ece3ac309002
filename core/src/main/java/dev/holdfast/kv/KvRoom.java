package dev.holdfast.kv;

import dev.holdfast.engine.Database;
import dev.holdfast.engine.Migration;
import dev.holdfast.engine.NamespaceRoom;
import dev.holdfast.engine.NamespaceRows;
import dev.holdfast.engine.NamespaceUsage;
import dev.holdfast.engine.Sql;
import dev.holdfast.engine.Tx;
import dev.holdfast.filter.Filter;
import dev.holdfast.filter.SqlCondition;
import dev.holdfast.filter.SqlConditions;
import dev.holdfast.search.SearchRoom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** What all views of the room share in one store: statements, limits, triggers, the timer of expiries. */
public final class KvRoom implements NamespaceRoom {
    /** The name of the room in the change log and in the ledger of migrations. */
    public static final String NAME = "kv";

    /** What every value satisfies. */
    static final SqlCondition NO_CONDITION = new SqlCondition("TRUE", List.of());

    private final KvSql sql;
    private final KvWireSql wireSql;
    private final SqlConditions conditions;
    private final NamespaceRows rows;
    private final SearchRoom search;
    private final KvSweeper sweeper;
    private final CopyOnWriteArrayList<KvTrigger.Registered> triggers;
    private volatile KvLimits limits;

    private KvRoom(Database database) {
        this.sql = new KvSql(database);
        this.wireSql = new KvWireSql(database.tables());
        this.conditions = new SqlConditions(database.dialect(), "value");
        this.rows = new NamespaceRows(database.tables(), "kv", "key");
        this.search = SearchRoom.of(database);
        this.sweeper = new KvSweeper(database, this);
        Optional<KvRoom> outer = database.outer().map(KvRoom::of);
        this.triggers = outer.map(KvRoom::triggers).orElseGet(CopyOnWriteArrayList::new);
        this.limits = outer.map(KvRoom::limits).orElseGet(KvLimits::defaults);
    }

    /** The room of a store. */
    public static KvRoom of(Database database) {
        return database.shared(KvRoom.class, KvRoom::new);
    }

    /** The tables of the room, as numbered steps. */
    public static List<Migration> migrations() {
        return Migration.load(NAME, KvRoom.class, "001_kv", "002_indexed");
    }

    /**
     * Sets what callers of this process may ask for at most, for calls that begin from now on. It is not stored: values
     * that are larger already stay readable, and another process has limits of its own.
     */
    public void limits(KvLimits value) {
        limits = value;
    }

    /**
     * Removes entries whose time has passed, in bounded batches, until none is due.
     *
     * @return how many were removed
     */
    public long sweep(String namespace) {
        return sweeper.sweep(namespace);
    }

    @Override
    public NamespaceUsage usage(Tx tx) {
        return sql.usage(tx, tx.ns());
    }

    @Override
    public int clear(Sql target, int ns, int rowsMax) {
        return rows.clear(target, ns, rowsMax);
    }

    KvLimits limits() {
        return limits;
    }

    KvSql sql() {
        return sql;
    }

    KvWireSql wireSql() {
        return wireSql;
    }

    /** What the database can leave out of a list. */
    SqlCondition condition(Optional<Filter> where) {
        return where.map(conditions::of).orElse(NO_CONDITION);
    }

    SearchRoom search() {
        return search;
    }

    KvSweeper sweeper() {
        return sweeper;
    }

    CopyOnWriteArrayList<KvTrigger.Registered> triggers() {
        return triggers;
    }
}
