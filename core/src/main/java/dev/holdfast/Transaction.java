package dev.holdfast;

import dev.holdfast.engine.Tx;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.kv.Kv;
import java.sql.Connection;
import java.util.function.Supplier;

/**
 * One open transaction over every room of a namespace and the caller's own tables. It belongs to the thread it was
 * given to and ends with the function it was given to.
 */
public final class Transaction {
    private final Tx tx;

    Transaction(Tx tx) {
        this.tx = tx;
    }

    /** Keys and values in this transaction. */
    public Kv kv() {
        return Kv.in(tx);
    }

    /**
     * The JDBC connection of this transaction, for the caller's own tables. It refuses to commit, roll back or be
     * reconfigured.
     */
    public Connection connection() {
        return tx.connection();
    }

    /** The versionstamp that everything written here will carry. */
    public Versionstamp versionstamp() {
        return new Versionstamp(tx.versionstamp());
    }

    /** Runs something after the commit, on the calling thread; never when the transaction rolls back. */
    public void afterCommit(Runnable hook) {
        tx.afterCommit(hook);
    }

    /**
     * Runs a step that can fail on its own: when it throws, what it did is undone and the rest stands, if the exception
     * is caught.
     */
    public <R> R nested(Supplier<R> step) {
        return tx.nested(step);
    }

    /** The transaction as rooms see it, for code that brings a room of its own. */
    public Tx tx() {
        return tx;
    }
}
