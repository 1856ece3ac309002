package dev.holdfast.engine;

import java.util.function.Function;

/** A session in which every operation is a transaction of its own, unless the thread is inside one already. */
record DatabaseSession(Database database, String namespace) implements Session {

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
        return database.write(namespace, kind, work);
    }

    @Override
    public <R> R writeOne(Function<Tx, R> work) {
        return database.write(namespace, null, work);
    }
}
