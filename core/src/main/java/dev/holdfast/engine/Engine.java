package dev.holdfast.engine;

/**
 * A database with transactions: what every room stands on. SQLite, memory and PostgreSQL are provided; a stranger's
 * engine names a {@link Dialect}, brings connections, and runs each work with {@link JdbcUnit#run}.
 *
 * <p>Safe for use by many threads. Every method blocks the calling thread; virtual threads are welcome.
 */
public interface Engine extends AutoCloseable {
    /**
     * Runs a work that only reads. It sees one consistent snapshot and, on SQLite files and PostgreSQL, never waits for
     * writers.
     */
    <R> R read(Work<R> work);

    /**
     * Runs a work atomically and serializably. It is durable and visible to everybody when this returns.
     *
     * @throws ConflictException others kept coming first until the deadline of the engine
     * @throws TimeoutException the work took longer than its time limit, or its turn did not come in time
     * @throws EngineException the database failed
     * @throws ClosedException the engine was closed
     */
    <R> R write(Work<R> work);

    /** Runs a work of a single short query; an engine may spare the transaction around it. */
    default <R> R readOne(Work<R> work) {
        return read(work);
    }

    /** Like {@link #write(Work)}, knowing what the work promises about itself. */
    default <R> R write(UnitKind kind, Work<R> work) {
        return write(work);
    }

    /**
     * Runs a work of a single statement that is atomic by itself and calls no {@link Unit#atCommit}; an engine may
     * spare the transaction around it.
     */
    default <R> R writeOne(Work<R> work) {
        return write(UnitKind.OPERATION, work);
    }

    /** The SQL this database speaks. */
    Dialect dialect();

    /** How the committers of a change reach those who wait for it. */
    Signals signals();

    /**
     * Lets running units finish, then refuses everything with {@link ClosedException}; may be called again without
     * effect.
     */
    @Override
    void close();
}
