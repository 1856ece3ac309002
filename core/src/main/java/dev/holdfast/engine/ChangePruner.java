package dev.holdfast.engine;

/**
 * Removes the old end of the change log, in bounded batches. What is removed is noted first, so that a follower who
 * comes later is told that it missed something instead of missing it silently.
 */
final class ChangePruner {
    /** Changes of a namespace that are kept for those who follow later. */
    static final int KEEP = 100_000;

    private static final int BATCH = 2_000;

    private final String cutoff;
    private final String batchEnd;
    private final String raiseFloor;
    private final String delete;

    ChangePruner(Database database) {
        Tables tables = database.tables();
        cutoff = tables.sql(
                "select versionstamp from {p}changes where ns = ? order by versionstamp desc, n desc limit 1 offset "
                        + KEEP);
        batchEnd = tables.sql("select versionstamp from {p}changes where ns = ? and versionstamp <= ?"
                + " order by versionstamp, n limit 1 offset " + (BATCH - 1));
        raiseFloor = tables.sql("update {p}namespaces set changes_floor = ? where ns = ? and changes_floor < ?");
        delete = tables.sql("delete from {p}changes where ns = ? and versionstamp <= ?");
    }

    /** Prunes a namespace to the number of changes that are kept. */
    void prune(Session session) {
        long limit = session.readOne(
                tx -> tx.first(cutoff, row -> row.getLong(1), tx.ns()).orElse(0L));
        if (limit == 0) {
            return;
        }
        int removed;
        do {
            removed = session.write(UnitKind.OPERATION, tx -> {
                long end = tx.first(batchEnd, row -> row.getLong(1), tx.ns(), limit)
                        .orElse(limit);
                tx.exec(raiseFloor, end, tx.ns(), end);
                return tx.exec(delete, tx.ns(), end);
            });
        } while (removed >= BATCH);
    }
}
