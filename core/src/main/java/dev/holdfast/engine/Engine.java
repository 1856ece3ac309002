package dev.holdfast.engine;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

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

    /**
     * Runs a work of the library's own that may read very much, as {@link #read} does; an engine may run it on another
     * thread, so that a virtual thread does not keep its carrier meanwhile.
     */
    default <R> R scan(Work<R> work) {
        return read(work);
    }

    /** Runs a work of a single query that may read very much: what {@link #scan} is to {@link #read}. */
    default <R> R scanOne(Work<R> work) {
        return readOne(work);
    }

    /**
     * Runs a work of the library's own that reads large content once, as {@link #scan} does; an engine may keep it from
     * filling the memory that it reads everything else from.
     */
    default <R> R bulk(Work<R> work) {
        return scan(work);
    }

    /** Like {@link #write(Work)}, knowing what the work promises about itself. */
    default <R> R write(UnitKind kind, Work<R> work) {
        return write(work);
    }

    /**
     * Runs a work that as a rule is one statement, run with {@link Unit#whole}; an engine may spare the transaction
     * around it. One that does anything else is run in a transaction like any operation.
     */
    default <R> R writeOne(Work<R> work) {
        return write(UnitKind.OPERATION, work);
    }

    /**
     * Runs one unit after those that came before it with the same key, so that callers who meet in one row wait in the
     * process instead of holding connections or repeating conflicts. An engine with one writer has its queue already
     * and does nothing more.
     *
     * @param hot a hash of what they meet in; others that share it wait too
     */
    default <R> R inTurn(long hot, Supplier<R> unit) {
        return unit.get();
    }

    /**
     * How long a caller of {@link #inTurn} may wait for those who came before it with the same key; empty where nobody
     * waits, since there is no such queue or since this thread has the turn already.
     *
     * @param hot as there
     */
    default Optional<Duration> turnLimit(long hot) {
        return Optional.empty();
    }

    /**
     * Tells the engine that the tables of a store are in place, before its first unit.
     *
     * @param check must have run, and committed, on every server this engine ever talks to before any other unit writes
     *     there: it keeps versionstamps rising when the server has become another one
     */
    default void ready(Tables tables, Work<?> check) {}

    /**
     * Whether units become part of a transaction that somebody else commits or rolls back. Then nobody is told anything
     * when a unit returns: no signals and no after-commit hooks.
     */
    default boolean joined() {
        return false;
    }

    /**
     * Lets the database examine itself as far as it can: pages and indexes of the tables, and who holds back its
     * progress. It reads everything, so it takes as long as that; others go on meanwhile.
     *
     * @param out is told each finding
     */
    default void examine(Tables tables, Consumer<Finding> out) {}

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
