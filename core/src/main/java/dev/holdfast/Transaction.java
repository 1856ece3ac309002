package dev.holdfast;

import dev.holdfast.collection.Collection;
import dev.holdfast.collection.CollectionView;
import dev.holdfast.collection.Collections;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.kv.Kv;
import dev.holdfast.queue.Queue;
import dev.holdfast.queue.Queues;
import dev.holdfast.record.RecordStore;
import dev.holdfast.record.RecordStores;
import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.EventLog;
import dev.holdfast.stream.Streams;
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

    /** The documents of a collection in this transaction; it is there once something was inserted. */
    public Collection collection(String name) {
        return Collection.in(tx, name);
    }

    /** The documents of a collection in this transaction as values of one Java type. */
    public <T> CollectionView<T> collection(String name, Class<T> type) {
        return collection(name).as(type);
    }

    /** The collections of the namespace in this transaction. */
    public Collections collections() {
        return Collections.in(tx);
    }

    /** A stream in this transaction; see {@link DurableStream#in}. */
    public DurableStream stream(String name) {
        return DurableStream.in(tx, name);
    }

    /** The streams of the namespace in this transaction. */
    public Streams streams() {
        return Streams.in(tx);
    }

    /** A record store in this transaction, made when it is missing; see {@link RecordStore#in}. */
    public RecordStore recordStore(String name) {
        return RecordStore.in(tx, name);
    }

    /** The record stores of the namespace in this transaction. */
    public RecordStores recordStores() {
        return RecordStores.in(tx);
    }

    /** A queue in this transaction; see {@link Queue}. */
    public Queue queue(String name) {
        return Queue.in(tx, name);
    }

    /** The queues of the namespace in this transaction. */
    public Queues queues() {
        return Queues.in(tx);
    }

    /** Operational events in this transaction; see {@link EventLog}. */
    public EventLog eventLog() {
        return EventLog.in(tx);
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
