package dev.holdfast.engine;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The statements that read the change log. Each page is one statement, so that its rows, its snapshot and the floor of
 * the log belong together.
 */
final class ChangeTailSql {
    private static final String SQLITE = """
            select s.versionstamp, null, c.versionstamp, c.n, c.room, c.scope, c.id, c.op,
              (select changes_floor from {p}namespaces where ns = ?)
            from {p}state s left join (
              select versionstamp, n, room, scope, id, op from {p}changes
              where ns = ? and (versionstamp, n) >= (?, ?) order by versionstamp, n limit ?) c
            order by c.versionstamp, c.n
            """;
    private static final String POSTGRES = """
            select s.base, pg_current_snapshot()::text, c.versionstamp, c.n, c.room, c.scope, c.id, c.op,
              (select changes_floor from {p}namespaces where ns = ?)
            from {p}state s left join (
              select versionstamp, n, room, scope, id, op from {p}changes
              where ns = ? and (versionstamp, n) >= (?, ?) order by versionstamp, n limit ?) c on true
            order by c.versionstamp, c.n
            """;
    // Two ranges of the primary key: what was running at the previous look, and what is newer than it.
    private static final String POSTGRES_BOTH = """
            select s.base, pg_current_snapshot()::text, c.versionstamp, c.n, c.room, c.scope, c.id, c.op,
              (select changes_floor from {p}namespaces where ns = ?)
            from {p}state s left join (
              (select versionstamp, n, room, scope, id, op from {p}changes
                where ns = ? and versionstamp = any(?::text[]::bigint[]) and (versionstamp, n) >= (?, ?)
                order by versionstamp, n limit ?)
              union all
              (select versionstamp, n, room, scope, id, op from {p}changes
                where ns = ? and (versionstamp, n) >= (?, ?) order by versionstamp, n limit ?)
              order by versionstamp, n limit ?) c on true
            order by c.versionstamp, c.n
            """;

    private final String page;
    private final String both;

    ChangeTailSql(Database database) {
        page = database.tables().sql(database.dialect() == Dialect.SQLITE ? SQLITE : POSTGRES);
        both = database.tables().sql(POSTGRES_BOTH);
    }

    /** Up to {@code limit} changes from a place on, inclusive, in order. */
    Page page(Sql sql, int ns, Place from, int limit) {
        return read(sql, page, ns, ns, from.versionstamp(), from.n(), limit);
    }

    /** The same without what an earlier look saw. */
    Page unseen(Sql sql, int ns, ChangeSnapshot before, Place from, int limit) {
        String[] running = before.runningFrom(from.versionstamp());
        Place newer = from.versionstamp() >= before.next() ? from : new Place(before.next(), 0);
        if (running.length == 0) {
            return page(sql, ns, newer, limit);
        }
        return read(
                sql,
                both,
                ns,
                ns,
                running,
                from.versionstamp(),
                from.n(),
                limit,
                ns,
                newer.versionstamp(),
                newer.n(),
                limit,
                limit);
    }

    /** What a look at the log would see now, of every namespace. */
    ChangeSnapshot snapshot(Sql sql) {
        return page(sql, 0, new Place(Long.MAX_VALUE, 0), 1).snapshot();
    }

    private static Page read(Sql sql, String text, @Nullable Object... args) {
        List<Change> changes = new ArrayList<>();
        // The columns of the snapshot and the floor are the same in every row.
        Page last = sql.list(
                        text,
                        row -> {
                            row.getLong(3);
                            if (!row.wasNull()) {
                                changes.add(change(row));
                            }
                            return new Page(List.of(), snapshot(row), row.getLong(9));
                        },
                        args)
                .getFirst();
        return new Page(List.copyOf(changes), last.snapshot, last.floor);
    }

    private static ChangeSnapshot snapshot(ResultSet row) throws SQLException {
        String text = row.getString(2);
        return text == null ? ChangeSnapshot.upTo(row.getLong(1)) : ChangeSnapshot.of(row.getLong(1), text);
    }

    private static Change change(ResultSet row) throws SQLException {
        return new Change(
                row.getLong(3),
                row.getInt(4),
                row.getString(5),
                row.getString(6),
                row.getBytes(7),
                Change.Kind.of(row.getInt(8)));
    }

    /** A place in the log: a change's versionstamp and its place within the commit. */
    record Place(long versionstamp, int n) {
        /** Just behind a change. */
        static Place after(Change change) {
            return new Place(change.versionstamp(), change.n() + 1);
        }
    }

    /**
     * A part of the log in order, and what the look at it could see.
     *
     * @param floor the highest versionstamp that was pruned; 0 when none was
     */
    record Page(List<Change> changes, ChangeSnapshot snapshot, long floor) {
        Page {
            Objects.requireNonNull(snapshot, "snapshot");
        }
    }
}
