package dev.holdfast.engine;

import java.util.Arrays;

/**
 * Which commits one look at the change log could see, told in versionstamps.
 *
 * @param horizon every versionstamp below it is settled: committed and seen, or never to come
 * @param next no versionstamp from here on was seen
 * @param running those between the two that were not seen because their transactions were still running, ascending;
 *     always empty on SQLite, where {@code horizon} and {@code next} are the same
 */
record ChangeSnapshot(long horizon, long next, long[] running) {
    private static final long[] NONE = {};

    /** What SQLite sees: everything up to the highest versionstamp. */
    static ChangeSnapshot upTo(long highest) {
        return new ChangeSnapshot(highest + 1, highest + 1, NONE);
    }

    /**
     * What PostgreSQL sees.
     *
     * @param base what versionstamps are above transaction ids
     * @param snapshot as {@code pg_current_snapshot()} prints it: lowest running, next, and the running ones between
     */
    static ChangeSnapshot of(long base, String snapshot) {
        String[] parts = snapshot.split(":", -1);
        long[] running = parts[2].isEmpty()
                ? NONE
                : Arrays.stream(parts[2].split(",", -1))
                        .mapToLong(xid -> base + Long.parseLong(xid))
                        .toArray();
        return new ChangeSnapshot(base + Long.parseLong(parts[0]), base + Long.parseLong(parts[1]), running);
    }

    /** Whether a commit with this versionstamp, if there is one, was seen. */
    boolean sees(long versionstamp) {
        return versionstamp < next && Arrays.binarySearch(running, versionstamp) < 0;
    }

    /**
     * Whether changes may have been pruned that this look did not see and a later one would have, from a versionstamp
     * on. A transaction that ran meanwhile counts only when it has ended.
     *
     * @param floor the highest versionstamp that was pruned
     */
    boolean misses(long from, long floor, ChangeSnapshot later) {
        return Math.max(from, next) <= floor
                || Arrays.stream(running)
                        .anyMatch(candidate -> candidate >= from && candidate <= floor && later.sees(candidate));
    }

    /** The running ones from a versionstamp on, as an array of the database. */
    String[] runningFrom(long versionstamp) {
        return Arrays.stream(running)
                .filter(candidate -> candidate >= versionstamp)
                .mapToObj(Long::toString)
                .toArray(String[]::new);
    }
}
