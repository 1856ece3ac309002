package dev.holdfast.engine;

import java.util.List;

/**
 * Quotas and deletion of namespaces, over every room of a store.
 *
 * <p>A deleted name is free, and its rows are gone, when the deletion returns. A transaction that had begun before may
 * still end; what it writes is nobody's and is removed by later rounds of {@link #sweep}. A number is never used again.
 */
public final class NamespaceKeeper {
    /** How long late writers are expected. */
    private static final long LATE_MILLIS = 10 * 60 * 1_000;

    /** After how long somebody else ends a deletion whose process has died. */
    private static final long DESERTED_MILLIS = 60 * 1_000;

    private static final int BATCH = 1_000;

    private final Database database;
    private final Namespaces namespaces;
    private final List<NamespaceRoom> rooms;
    /** What the engine itself keeps for a namespace. */
    private final List<NamespaceRows> own;

    /** Keeps the namespaces of a store with these rooms. */
    public NamespaceKeeper(Database database, List<NamespaceRoom> rooms) {
        this.database = database;
        this.namespaces = database.namespaces();
        this.rooms = List.copyOf(rooms);
        this.own = List.of(
                new NamespaceRows(database.tables(), "changes", "versionstamp, n"),
                new NamespaceRows(database.tables(), "usage", "shard"));
    }

    /** The quota of a namespace; none for one that does not exist. */
    public NamespaceQuota quota(String name) {
        Namespaces.requireName(name);
        return database.engine().readOne(unit -> namespaces.load(unit, name)).quota();
    }

    /**
     * Sets the quota of a namespace, which is made when it is missing, and counts what it holds: that reads everything
     * in one transaction. One that holds more keeps it and may only shrink.
     *
     * <p>The limit may be overshot by the writes that are under way at one moment: on PostgreSQL always, since
     * concurrent transactions do not see what the others add; on SQLite for a second after it was set, by writers of
     * other processes that do not know of it yet. Their writes in that second are not counted either; setting the same
     * quota again counts anew. On PostgreSQL decisions and transactions of one namespace with a quota are in conflict
     * with each other.
     */
    public void setQuota(String name, NamespaceQuota quota) {
        database.session(name).write(UnitKind.DECISION, tx -> {
            NamespaceUsage used = quota.isLimited() ? count(tx) : NamespaceUsage.NOTHING;
            namespaces.setQuota(tx, tx.ns(), quota, used);
            return quota;
        });
        namespaces.forget(name);
    }

    /** What a namespace holds: by its counters when it has a quota, else counted now, which reads everything. */
    public NamespaceUsage usage(String name) {
        boolean counted = quota(name).isLimited();
        return database.session(name).read(tx -> counted ? namespaces.usage(tx, tx.ns()) : count(tx));
    }

    /**
     * Deletes a namespace with everything in every room. After the first commit it reads as if it were gone; a second
     * later, when no process remembers it, its name is free; then its rows are removed in bounded batches, which share
     * commits with other operations, and this returns. What is written after that makes it anew. Watches tell that
     * everything is gone and go on in the next namespace of the name.
     *
     * @return whether there was one
     * @throws InvalidInputException {@code namespace.default}: the default namespace stays;
     *     {@code engine.inside_transaction}: a transaction is open on this thread
     */
    public boolean delete(String name) {
        Namespaces.requireName(name);
        if (name.equals(Namespaces.DEFAULT)) {
            throw new InvalidInputException("namespace.default", "the default namespace cannot be deleted");
        }
        database.requireOutside("a namespace cannot be deleted from inside a transaction");
        int ns = database.engine().write(UnitKind.DECISION, unit -> namespaces.close(unit, name));
        if (ns != 0) {
            bury(ns);
        }
        return ns != 0;
    }

    private void bury(int ns) {
        namespaces.waitUntilForgotten();
        database.engine().write(UnitKind.DECISION, unit -> namespaces.bury(unit, ns));
        clear(ns);
    }

    /** Removes what late writers and interrupted deletions have left; cheap when there is nothing. */
    public void sweep() {
        namespaces.deserted(database.time().millis() - DESERTED_MILLIS).forEach(this::bury);
        for (int ns : namespaces.buried()) {
            clear(ns);
        }
        namespaces.dropTombstones(database.time().millis() - LATE_MILLIS);
    }

    private void clear(int ns) {
        rooms.forEach(room -> inBatches(unit -> room.clear(unit, ns, BATCH)));
        own.forEach(rows -> inBatches(unit -> rows.clear(unit, ns, BATCH)));
    }

    private void inBatches(Work<Integer> batch) {
        int removed;
        do {
            removed = database.engine().write(UnitKind.OPERATION, batch);
        } while (removed > 0);
    }

    /** Compares the counters of a namespace that has a quota with what it holds, which reads everything. */
    public void examine(Examination at) {
        Tx tx = at.tx();
        if (namespaces.load(tx, tx.namespace()).limited()) {
            NamespaceUsage counted = namespaces.usage(tx, tx.ns());
            NamespaceUsage held = count(tx);
            if (!counted.equals(held)) {
                at.fault(
                        "the counters of the quota are not what is there; setting the quota again counts anew",
                        "rowsCounted",
                        counted.rows(),
                        "rows",
                        held.rows(),
                        "bytesCounted",
                        counted.bytes(),
                        "bytes",
                        held.bytes());
            }
        }
    }

    private NamespaceUsage count(Tx tx) {
        return rooms.stream().map(room -> room.usage(tx)).reduce(NamespaceUsage.NOTHING, NamespaceUsage::plus);
    }
}
