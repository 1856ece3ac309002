package dev.holdfast.engine;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A session in which every operation is a transaction of its own, unless the thread is inside one already.
 *
 * @param hot what its writes queue behind, if anything
 * @param ns the number of the only namespace of the name that is meant, if it is not any
 */
record DatabaseSession(
        Database database,
        String namespace,
        @Nullable Long hot,
        @Nullable Integer ns) implements Session {

    @Override
    public <R> R read(Function<Tx, R> work) {
        return database.read(this, Engine::read, work);
    }

    @Override
    public <R> R scan(Function<Tx, R> work) {
        return database.read(this, Engine::scan, work);
    }

    @Override
    public <R> R bulk(Function<Tx, R> work) {
        return database.read(this, Engine::bulk, work);
    }

    @Override
    public <R> R scanOne(Function<Tx, R> work) {
        return database.read(this, Engine::scanOne, work);
    }

    @Override
    public <R> R readOne(Function<Tx, R> work) {
        return database.read(this, Engine::readOne, work);
    }

    @Override
    public <R> R write(UnitKind kind, Function<Tx, R> work) {
        return database.write(this, kind, work);
    }

    @Override
    public <R> R writeOne(Function<Tx, R> work) {
        return database.write(this, null, work);
    }

    @Override
    public Optional<Duration> turnLimit() {
        return hot == null ? Optional.empty() : database.turnLimit(hot);
    }

    @Override
    public Session inTurn(long key) {
        return new DatabaseSession(database, namespace, key, ns);
    }
}
