package dev.holdfast.engine;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * Where the operations of a room run: each in a transaction of its own, or all in one that is open. A room is written
 * once, against this.
 */
public interface Session {
    /** Runs an operation that reads; it sees one snapshot. */
    <R> R read(Function<Tx, R> work);

    /** Runs an operation that reads with a single short query. */
    <R> R readOne(Function<Tx, R> work);

    /** Runs an operation that may read very much; it sees one snapshot and may run on another thread. */
    <R> R scan(Function<Tx, R> work);

    /** Runs an operation with a single query that may read very much; it may run on another thread. */
    <R> R scanOne(Function<Tx, R> work);

    /** Runs an operation that reads large content once: what {@link #scan} does, past what is kept in memory. */
    default <R> R bulk(Function<Tx, R> work) {
        return scan(work);
    }

    /**
     * Runs an operation that writes. Outside a transaction it is committed and durable when this returns, and the
     * function may have run more than once.
     */
    <R> R write(UnitKind kind, Function<Tx, R> work);

    /** Runs an operation of one atomic statement, which logs its own changes. */
    <R> R writeOne(Function<Tx, R> work);

    /**
     * This session, whose writes queue in the process behind those of the same key before they begin, on engines with
     * many writers. For operations that are known to meet in one row. Inside a transaction nothing queues.
     *
     * @param hot a hash of what they meet in
     */
    default Session inTurn(long hot) {
        return this;
    }

    /**
     * How long the next write of this session may wait in the process for those before it of the same key, see
     * {@link #inTurn}; empty when it waits for nobody.
     */
    default Optional<Duration> turnLimit() {
        return Optional.empty();
    }

    /** The database of this session. */
    Database database();

    /** The name of the namespace. */
    String namespace();
}
