package dev.holdfast.engine;

import java.util.function.Function;

/**
 * How much an operation of a room may do while its commit is shared with others, as SQLite's are. They wait for it, and
 * when one of them fails all are done again; so an operation that turns out to be larger does nothing there and runs
 * again in a turn of its own. Where commits are not shared, inside a transaction too, there is no limit.
 *
 * <p>An operation spends before it writes: what it did until it passed the limit is done for nothing, up to twice.
 */
public final class Allowance {
    /** Entries or documents that an operation may look at while its commit is shared. */
    public static final int ENTRIES_MAX = 4_096;

    /** Bytes of values that it may work on meanwhile. */
    public static final long BYTES_MAX = 8 << 20;

    private final boolean limited;
    private long entries;
    private long bytes;

    private Allowance(boolean limited) {
        this.limited = limited;
    }

    /** What an operation may do in the transaction that it was given. */
    public static Allowance in(Tx tx) {
        return new Allowance(tx.shared());
    }

    /**
     * Runs an operation that may be large.
     *
     * @param kind how it runs at first
     * @param alone how it runs when it spends more than it may: {@link UnitKind#ALONE}, or {@link UnitKind#USER} for a
     *     time limit
     * @param operation begins the transaction, of the kind that it is told, and spends
     */
    public static <R> R orAlone(UnitKind kind, UnitKind alone, Function<UnitKind, R> operation) {
        try {
            return operation.apply(kind);
        } catch (OwnTurnException e) {
            return operation.apply(alone);
        }
    }

    /** Whether there is a limit, so that it pays to count beforehand. */
    public boolean isLimited() {
        return limited;
    }

    /** How far it pays to count: one more than is left. */
    public long countMax() {
        return ENTRIES_MAX - entries + 1;
    }

    /** Notes what the operation looks at; ends it when that is too much for a shared commit. */
    public void spend(long moreEntries, long moreBytes) {
        entries += moreEntries;
        bytes += moreBytes;
        if (limited && (entries > ENTRIES_MAX || bytes > BYTES_MAX)) {
            throw new OwnTurnException();
        }
    }
}
