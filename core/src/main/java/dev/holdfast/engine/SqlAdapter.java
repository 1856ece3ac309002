package dev.holdfast.engine;

import java.util.function.Function;

/**
 * The whole of what a primitive needs of a database: run a statement, iterate rows lazily, run a function atomically,
 * close.
 *
 * <p>A program that brings its own connection implements these four methods, or takes {@link JdbcAdapter}. Names, the
 * change log, signals and shared commits belong to {@link Engine}; a room over an adapter does without them.
 */
public interface SqlAdapter extends Sql, AutoCloseable {
    /**
     * Runs a function atomically: what it wrote is committed when it returns and rolled back when it throws. Called
     * inside such a function it joins it as a savepoint. It is durable when this returns, as far as the database is
     * configured so.
     */
    <R> R transaction(Function<Sql, R> work);

    /** Ends the use of the database; may be called again without effect. */
    @Override
    void close();
}
