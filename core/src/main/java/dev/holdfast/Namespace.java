package dev.holdfast;

import dev.holdfast.collection.Collection;
import dev.holdfast.collection.CollectionView;
import dev.holdfast.collection.Collections;
import dev.holdfast.engine.NamespaceKeeper;
import dev.holdfast.engine.NamespaceQuota;
import dev.holdfast.engine.NamespaceUsage;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.kv.Kv;
import dev.holdfast.queue.Queue;
import dev.holdfast.queue.Queues;
import dev.holdfast.record.RecordStore;
import dev.holdfast.record.RecordStores;
import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.EventLog;
import dev.holdfast.stream.Streams;
import dev.holdfast.stream.Subscriptions;
import java.sql.Connection;
import java.util.Objects;
import java.util.function.Function;

/**
 * Every room of one tenant. Nothing in one namespace sees, joins or counts anything of another. Safe for use by many
 * threads.
 */
public final class Namespace {
    private final Session session;

    Namespace(Session session) {
        this.session = session;
    }

    /** Its name. */
    public String name() {
        return session.namespace();
    }

    /** Keys and values. */
    public Kv kv() {
        return Kv.in(session);
    }

    /** The documents of a collection; it is there once something was inserted. */
    public Collection collection(String name) {
        return Collection.in(session, name);
    }

    /** The documents of a collection as values of one Java type. */
    public <T> CollectionView<T> collection(String name, Class<T> type) {
        return collection(name).as(type);
    }

    /** The collections of the namespace. */
    public Collections collections() {
        return Collections.in(session);
    }

    /** A stream; see {@link DurableStream#in}. */
    public DurableStream stream(String name) {
        return DurableStream.in(session, name);
    }

    /** The streams of the namespace. */
    public Streams streams() {
        return Streams.in(session);
    }

    /** Who is woken when there is something in the streams of the namespace; see {@link Subscriptions}. */
    public Subscriptions subscriptions() {
        return Subscriptions.in(session);
    }

    /** A record store, made when it is missing; see {@link RecordStore#in}. */
    public RecordStore recordStore(String name) {
        return RecordStore.in(session, name);
    }

    /** The record stores of the namespace. */
    public RecordStores recordStores() {
        return RecordStores.in(session);
    }

    /** A queue; see {@link Queue}. */
    public Queue queue(String name) {
        return Queue.in(session, name);
    }

    /** The queues of the namespace. */
    public Queues queues() {
        return Queues.in(session);
    }

    /** Operational events; see {@link EventLog}. */
    public EventLog eventLog() {
        return EventLog.in(session);
    }

    /**
     * Runs a function in one serializable transaction over all rooms and the caller's own tables. It is durable when
     * this returns. The function may run again after a conflict, so it must have no effect outside. Called inside a
     * transaction of the same store it joins it as a savepoint.
     *
     * @throws X what the function threw; nothing of it remains
     * @throws dev.holdfast.engine.ConflictException others kept coming first until the engine's deadline
     * @throws dev.holdfast.engine.TimeoutException the transaction passed its time limit
     */
    public <R, X extends Exception> R transaction(TransactionWork<R, X> work) throws X {
        return Checked.run(work, function -> session.write(UnitKind.USER, function));
    }

    /** Runs a function that only reads; everything it reads belongs to one snapshot. */
    public <R, X extends Exception> R read(TransactionWork<R, X> work) throws X {
        return Checked.run(work, session::read);
    }

    /**
     * Every room inside a transaction that the caller has open on a JDBC connection: what is written commits or rolls
     * back with the caller's own statements, and nothing is durable or visible to others before the caller commits.
     *
     * <p>On PostgreSQL it is any connection to the same database; on SQLite one to the same file, or that of a
     * {@link Transaction}, which is then joined as if through it. Take the view once for each transaction, since making
     * it costs more than an operation; after the caller's commit it must not be used.
     *
     * <p>What is lost against {@link #transaction}: nothing is run again after a conflict, so a
     * {@link dev.holdfast.engine.ConflictException} ends the caller's transaction and the caller repeats it; the
     * isolation, the time limit and the locks are the caller's, so below SERIALIZABLE two transactions that each read
     * what the other writes may both commit; after-commit hooks never run; and nobody is woken: watchers see the change
     * when they look next, within a second. Each write is a savepoint, two statements more.
     *
     * @param connection with auto-commit off; used by one thread at a time
     * @throws dev.holdfast.engine.InvalidInputException the connection is in no transaction
     *     ({@code engine.joined_auto_commit}), belongs to a transaction of another store ({@code engine.joined_own}),
     *     or to neither SQLite nor PostgreSQL ({@code engine.joined_product})
     */
    public Namespace in(Connection connection) {
        return new Namespace(session.database().joined(Objects.requireNonNull(connection, "connection"), name()));
    }

    /**
     * The namespace that has this name now, for callers whose right ends with it: once it was deleted every operation
     * of the view is refused with {@code namespace.gone}, instead of reaching the next one of its name or making that.
     * While there is none it is like any.
     *
     * @throws dev.holdfast.engine.InvalidInputException {@code namespace.gone}: it is being deleted
     */
    public Namespace present() {
        return new Namespace(session.database().present(name()));
    }

    /** What the namespace may hold at most. */
    public NamespaceQuota quota() {
        return Rooms.namespaces(session.database()).quota(name());
    }

    /**
     * Sets what the namespace may hold at most; {@link NamespaceQuota#none()} lifts it. From then on a write that would
     * pass it is refused with {@code namespace.quota}, whichever room it is in. See {@link NamespaceKeeper#setQuota}
     * for the cost and for how far it may be overshot.
     */
    public void quota(NamespaceQuota quota) {
        Rooms.namespaces(session.database()).setQuota(name(), Objects.requireNonNull(quota, "quota"));
    }

    /** What the namespace holds: by its counters when it has a quota, else counted now, which reads everything. */
    public NamespaceUsage usage() {
        return Rooms.namespaces(session.database()).usage(name());
    }

    /** The session underneath, for code that brings a room of its own. */
    public Session session() {
        return session;
    }

    /** Carries a checked exception through code that knows none. */
    private static final class Checked extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private Checked(Exception cause) {
            super(null, cause, false, false);
        }

        @SuppressWarnings("unchecked") // the cause was thrown by the work, whose checked exceptions are X
        static <R, X extends Exception> R run(TransactionWork<R, X> work, Function<Function<Tx, R>, R> how) throws X {
            try {
                return how.apply(tx -> {
                    try {
                        return work.run(new Transaction(tx));
                    } catch (RuntimeException e) {
                        throw e;
                    } catch (Exception e) {
                        throw new Checked(e);
                    }
                });
            } catch (Checked e) {
                throw (X) e.getCause();
            }
        }
    }
}
