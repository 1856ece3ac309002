package dev.holdfast;

import dev.holdfast.collection.Collection;
import dev.holdfast.collection.CollectionView;
import dev.holdfast.collection.Collections;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.kv.Kv;
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
