package dev.holdfast.engine;

import java.sql.Connection;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An open transaction in one namespace, as rooms see it. It is bound to the thread it was given to and ends with the
 * function it was given to.
 *
 * <p>Nothing done through it is visible to others before the commit. An operation that failed in the database dooms the
 * transaction, unless it failed inside {@link #nested}.
 */
public interface Tx extends Session, Sql {
    /**
     * The number of the namespace: the first column of every key; 0 for one that does not exist, which holds nothing.
     */
    int ns();

    /** Milliseconds since 1970 by the store's clock, the same during the whole transaction. */
    long now();

    /**
     * The versionstamp of this commit: greater than all that were acknowledged before the transaction began. Taking it
     * is one round trip on PostgreSQL, the first time.
     */
    long versionstamp();

    /**
     * The JDBC connection of this transaction, for the caller's own tables. It refuses to commit, roll back or be
     * reconfigured, and stops working when the transaction ends.
     */
    Connection connection();

    /**
     * Runs something after the commit, on the thread of the caller; never when the transaction rolls back. Failures are
     * logged.
     */
    void afterCommit(Runnable hook);

    /**
     * Runs something as the last act of this transaction's function, before what is written once for a whole commit;
     * not when the function fails. It does no SQL.
     */
    void atEnd(Runnable hook);

    /** What is written once for the commit that this transaction becomes part of; see {@link Unit#atCommit}. */
    <T extends CommitTask> T atCommit(Class<T> type, Supplier<T> make);

    /**
     * Runs a step that can fail on its own: when it throws, what it did is undone, and the transaction goes on if the
     * exception is caught.
     */
    <R> R nested(Supplier<R> step);

    /** Notes a change for the log; it is written with the commit and wakes those who watch the room. */
    void changed(String room, String scope, byte[] id, Change.Kind kind);

    /**
     * Wakes those who watch the room after the commit; for a statement that wrote its own entry in the change log.
     *
     * @param room its name; or its name, a slash and what of it, for a room that writes no change log
     */
    void touched(String room);

    /** Counts what the namespace gained or lost; refused when a quota is set and would be passed. */
    void use(long rows, long bytes);

    /**
     * Counts what the namespace gained or lost because its content is held in another way than before; no quota refuses
     * that.
     */
    void recount(long rows, long bytes);

    /** Whether what the namespace gains and loses is counted, because it has a quota. */
    boolean metered();

    /**
     * Whether this transaction was begun for one operation of a room, so that a statement may write the whole commit,
     * its lines in the change log included.
     */
    boolean single();

    /** Whether the commit of this transaction may be shared with operations of others, so that they wait for it. */
    boolean shared();

    /** Tells whether what is remembered about the database may be out of date; see {@link Unit#epoch}. */
    long epoch();

    /** Runs the statement that is all that this transaction does; see {@link Unit#whole}. */
    <R> Optional<R> whole(String sql, RowReader<R> reader, @Nullable Object... args);
}
