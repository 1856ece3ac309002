package dev.holdfast.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hands out versionstamps.
 *
 * <p>SQLite: the greater of the previous one plus 1 and the clock's milliseconds x 65536. The previous one is
 * remembered, stored once per commit, and read again when somebody else has written. All fields belong to whoever holds
 * the write transaction. PostgreSQL: base + transaction id, computed by the database; see {@link VersionstampBase}.
 */
final class Versionstamps {
    /** A millisecond has room for 65536 versionstamps. */
    static final int SUBMILLISECOND_BITS = 16;

    private final String readState;
    private final String writeState;
    private final String readXid;
    private final @Nullable VersionstampBase base;
    private final List<String> renewals;
    private long epoch = Unit.EPOCH_UNKNOWN;
    private long last;

    /**
     * Versionstamps of a database.
     *
     * @param renewals what else is done when the database was put back to an earlier state
     */
    Versionstamps(Dialect dialect, Tables tables, List<String> renewals) {
        this.renewals = List.copyOf(renewals);
        this.readState = tables.sql("select versionstamp from {p}state where id = 1");
        this.writeState = tables.sql("update {p}state set versionstamp = ? where id = 1 and versionstamp < ?");
        this.readXid = tables.sql("select base + pg_current_xact_id()::text::bigint from {p}state where id = 1");
        this.base = dialect == Dialect.POSTGRES ? new VersionstampBase(tables, this::renew) : null;
    }

    /** The versionstamp of the transaction that the unit runs in. */
    long next(Unit unit, long nowMillis) {
        if (base != null) {
            return unit.first(readXid, row -> row.getLong(1)).orElseThrow();
        }
        return handOut(unit, 0, nowMillis);
    }

    /** A number that the next versionstamps will not go below, as a transaction that begins now would see it. */
    long floor(Sql sql) {
        return base != null
                ? base.floor(sql)
                : sql.first(readState, row -> row.getLong(1)).orElseThrow() + 1;
    }

    /**
     * Makes the next versionstamps greater than all before them and than {@code above}; answers a number below them.
     */
    long raise(Unit unit, long above, long nowMillis) {
        return base != null ? base.raise(unit, above, nowMillis) : handOut(unit, above, nowMillis);
    }

    /** Does what else is due when the database was put back to an earlier state. */
    void renew(Sql sql) {
        renewals.forEach(sql::exec);
    }

    /** Raises them if the server has become another one; answers whether it did. */
    boolean check(Unit unit, long nowMillis) {
        return base != null && base.check(unit, nowMillis);
    }

    private long handOut(Unit unit, long above, long nowMillis) {
        if (unit.epoch() == Unit.EPOCH_UNKNOWN || unit.epoch() != epoch) {
            last = Math.max(last, unit.first(readState, row -> row.getLong(1)).orElseThrow());
            epoch = unit.epoch();
        }
        last = Math.max(Math.max(last + 1, above), nowMillis << SUBMILLISECOND_BITS);
        unit.atCommit(Store.class, () -> new Store(writeState)).highest = last;
        return last;
    }

    /** Stores the highest one of a commit. */
    private static final class Store implements CommitTask {
        private final String sql;
        private long highest;

        Store(String sql) {
            this.sql = sql;
        }

        @Override
        public void beforeCommit(Sql target) {
            @Nullable Object[] args = {highest, highest};
            target.exec(sql, args);
        }
    }
}
