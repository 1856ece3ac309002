package dev.holdfast.record;

import dev.holdfast.engine.Allowance;
import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A seat in a store of ours: operations share commits on SQLite, run READ COMMITTED under their lock on PostgreSQL, and
 * belong to the transaction that is open, if one is.
 */
final class SessionSeat implements RecordSeat {
    private final Session session;
    private final RecordRoom room;
    private final String store;
    /** Inside a transaction the tables stay what they were found to be. */
    private @Nullable RecordSql bound;

    SessionSeat(Session session, String store) {
        this.session = session;
        this.room = RecordRoom.of(session.database());
        this.store = store;
    }

    @Override
    public <R> R write(String docId, Function<RecordUnit, R> work) {
        Session queued = session.inTurn(hot(docId));
        return told(() -> Allowance.orAlone(
                UnitKind.OPERATION, UnitKind.ALONE, kind -> queued.write(kind, tx -> work.apply(writing(tx)))));
    }

    @Override
    public <R> R scan(Function<RecordUnit, R> work) {
        // A query of SQLite is a snapshot by itself; PostgreSQL's driver reads as it is asked only in a transaction.
        return told(() -> session.database().dialect() == Dialect.SQLITE
                ? session.scanOne(tx -> work.apply(reading(tx)))
                : session.read(tx -> work.apply(reading(tx))));
    }

    @Override
    public <R> R readOne(Function<RecordUnit, R> work) {
        return told(() -> session.readOne(tx -> work.apply(reading(tx))));
    }

    private RecordUnit writing(Tx tx) {
        return RecordUnit.in(tx, bound(() -> room.require(tx, store)), store);
    }

    private RecordUnit reading(Tx tx) {
        return RecordUnit.in(
                tx, bound(() -> room.find(tx, store).orElseThrow(() -> RecordRoom.notFound(store))), store);
    }

    private RecordSql bound(Supplier<RecordSql> look) {
        if (!(session instanceof Tx)) {
            return look.get();
        }
        if (bound == null) {
            bound = look.get();
        }
        return bound;
    }

    /** Inside a transaction a conflict is the engine's, which runs it again. */
    private <R> R told(Supplier<R> run) {
        try {
            return session instanceof Tx ? run.get() : RecordFailures.told(run);
        } catch (EngineException e) {
            // The tables may be gone, so what is remembered of them is looked up again.
            room.forget(session.namespace(), store);
            bound = null;
            throw e;
        }
    }

    private long hot(String docId) {
        return 31L * (31L * session.namespace().hashCode() + store.hashCode()) + docId.hashCode();
    }

    /** The store of ours stays open. */
    @Override
    public void close() {}
}
