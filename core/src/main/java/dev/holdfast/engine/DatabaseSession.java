package dev.holdfast.engine;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A session in which every operation is a transaction of its own, unless the thread is inside one already.
 *
 * @param hot what its writes queue behind, if anything
 */
record DatabaseSession(
        Database database, String namespace, @Nullable Long hot) implements Session {

    @Override
    public <R> R read(Function<Tx, R> work) {
        return database.read(namespace, false, work);
    }

    @Override
    public <R> R readOne(Function<Tx, R> work) {
        return database.read(namespace, true, work);
    }

    @Override
    public <R> R write(UnitKind kind, Function<Tx, R> work) {
        return database.write(namespace, kind, hot, work);
    }

    @Override
    public <R> R writeOne(Function<Tx, R> work) {
        return database.write(namespace, null, hot, work);
    }

    @Override
    public Session inTurn(long key) {
        return new DatabaseSession(database, namespace, key);
    }
}
