package dev.holdfast.engine;

/** What a room does for a namespace as a whole. */
public interface NamespaceRoom {
    /** What the room holds in the namespace of a transaction; reads everything. */
    NamespaceUsage usage(Tx tx);

    /**
     * Removes some rows of a namespace that was deleted, whichever they are.
     *
     * @param ns the number that the namespace had
     * @param rowsMax how many at most, of each of the room's tables
     * @return how many; 0 when none is left
     */
    int clear(Sql sql, int ns, int rowsMax);
}
