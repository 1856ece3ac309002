package dev.holdfast.engine;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The statements that read the change log. Each page is one statement, so that its rows and its horizon belong to one
 * snapshot.
 */
final class ChangeTailSql {
    // The horizon is the lowest versionstamp that a transaction which is not yet visible could carry.
    private static final String SQLITE = """
            select s.versionstamp + 1, c.versionstamp, c.n, c.room, c.scope, c.id, c.op
            from {p}state s left join (
              select versionstamp, n, room, scope, id, op from {p}changes
              where ns = ? and (versionstamp, n) >= (?, ?) order by versionstamp, n limit ?) c
            order by c.versionstamp, c.n
            """;
    private static final String POSTGRES = """
            select s.base + pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
              c.versionstamp, c.n, c.room, c.scope, c.id, c.op
            from {p}state s left join (
              select versionstamp, n, room, scope, id, op from {p}changes
              where ns = ? and (versionstamp, n) >= (?, ?) order by versionstamp, n limit ?) c on true
            order by c.versionstamp, c.n
            """;

    private final String page;
    private final String floor;

    ChangeTailSql(Database database) {
        page = database.tables().sql(database.dialect() == Dialect.SQLITE ? SQLITE : POSTGRES);
        floor = database.tables().sql("select changes_floor from {p}namespaces where ns = ?");
    }

    /** Up to {@code limit} changes from a position on, inclusive. */
    Page page(Sql sql, int ns, long versionstamp, int n, int limit) {
        List<Change> changes = new ArrayList<>();
        long[] horizon = new long[1];
        sql.list(
                page,
                row -> {
                    horizon[0] = row.getLong(1);
                    row.getLong(2);
                    if (!row.wasNull()) {
                        changes.add(change(row));
                    }
                    return horizon;
                },
                ns,
                versionstamp,
                n,
                limit);
        return new Page(changes, horizon[0]);
    }

    /** The highest versionstamp that is no longer in the log. */
    long floor(Sql sql, int ns) {
        return sql.first(floor, row -> row.getLong(1), ns).orElse(Long.MAX_VALUE);
    }

    private static Change change(ResultSet row) throws SQLException {
        return new Change(
                row.getLong(2),
                row.getInt(3),
                row.getString(4),
                row.getString(5),
                row.getBytes(6),
                Change.Kind.of(row.getInt(7)));
    }

    /** A part of the log, and the horizon of the snapshot it was read in. */
    record Page(List<Change> changes, long horizon) {}
}
