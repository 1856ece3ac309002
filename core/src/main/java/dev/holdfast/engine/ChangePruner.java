package dev.holdfast.engine;

import java.time.Duration;

/**
 * Removes the old end of the change log, in bounded batches: what is beyond a number of changes, and what is older than
 * an age. What is removed is noted first, so that a follower who comes later is told that it missed something instead
 * of missing it silently.
 *
 * <p>A versionstamp does not tell its time on PostgreSQL. So a namespace has a mark, the latest change at some time;
 * when that is long enough ago what is up to the mark goes, and the mark is set anew. A change goes when it is between
 * once and twice as old as the age.
 *
 * <p>A large commit takes several batches. It counts as pruned from the first one on; who reads the log meanwhile is
 * told that it missed something.
 */
final class ChangePruner {
    /** Changes of a namespace that are kept for those who follow later. */
    static final int KEEP = 100_000;

    private static final int BATCH = 2_000;

    private final String cutoff;
    private final String latest;
    private final String marks;
    private final String setMark;
    private final String isAny;
    private final String batchEnd;
    private final String raiseFloor;
    private final String delete;

    ChangePruner(Database database) {
        Tables tables = database.tables();
        cutoff = tables.sql(
                "select versionstamp from {p}changes where ns = ? order by versionstamp desc, n desc limit 1 offset "
                        + KEEP);
        latest = tables.sql(
                "select versionstamp from {p}changes where ns = ? order by versionstamp desc, n desc limit 1");
        marks = tables.sql("select changes_floor, coalesce(changes_mark, 0), coalesce(changes_marked_at, 0)"
                + " from {p}namespaces where ns = ?");
        setMark = tables.sql("update {p}namespaces set changes_mark = ?, changes_marked_at = ? where ns = ?");
        isAny = tables.sql("select 1 from {p}changes where ns = ? and versionstamp <= ? limit 1");
        batchEnd = tables.sql("select versionstamp, n from {p}changes where ns = ? and versionstamp <= ?"
                + " order by versionstamp, n limit 1 offset " + (BATCH - 1));
        raiseFloor = tables.sql("update {p}namespaces set changes_floor = ? where ns = ? and changes_floor < ?");
        delete = tables.sql("delete from {p}changes where ns = ? and (versionstamp, n) <= (?, ?)");
    }

    /** Prunes a namespace to the number of changes that are kept, and to an age. */
    void prune(Session session, Duration age) {
        Marks at = session.read(tx -> marks(tx, age));
        if (at.due && at.latest > 0) {
            session.write(UnitKind.OPERATION, tx -> tx.exec(setMark, at.latest, tx.now(), tx.ns()));
        }
        boolean any = at.limit > 0
                && session.readOne(
                        tx -> tx.first(isAny, row -> true, tx.ns(), at.limit).isPresent());
        while (any) {
            any = session.write(UnitKind.OPERATION, tx -> batch(tx, at.limit)) >= BATCH;
        }
    }

    private Marks marks(Tx tx, Duration age) {
        long beyond = tx.first(cutoff, row -> row.getLong(1), tx.ns()).orElse(0L);
        long highest = tx.first(latest, row -> row.getLong(1), tx.ns()).orElse(0L);
        return tx.first(
                        marks,
                        row -> {
                            long mark = row.getLong(2);
                            boolean old = row.getLong(3) <= tx.now() - age.toMillis();
                            // What an interrupted round has left of a commit lies at the floor.
                            long limit = Math.max(Math.max(beyond, row.getLong(1)), old ? mark : 0);
                            return new Marks(limit, highest, old);
                        },
                        tx.ns())
                .orElse(new Marks(0, 0, false));
    }

    /** Removes the first changes up to a limit; answers how many. */
    private int batch(Tx tx, long limit) {
        Place end = tx.first(batchEnd, row -> new Place(row.getLong(1), row.getInt(2)), tx.ns(), limit)
                .orElse(new Place(limit, Integer.MAX_VALUE));
        tx.exec(raiseFloor, end.versionstamp, tx.ns(), end.versionstamp);
        return tx.exec(delete, tx.ns(), end.versionstamp, end.n);
    }

    /**
     * What there is to prune.
     *
     * @param limit everything up to here goes
     * @param latest the last change; 0 when there is none
     * @param due whether the mark is to be set anew
     */
    private record Marks(long limit, long latest, boolean due) {}

    /** A change's versionstamp and its place within the commit. */
    private record Place(long versionstamp, int n) {}
}
