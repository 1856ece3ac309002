package dev.holdfast.testkit.record;

import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.Sql;
import dev.holdfast.record.RecordStore;
import dev.holdfast.testkit.FaultControl;
import java.util.function.Function;

/** An empty database in which record stores can be opened. */
public interface RecordPlace extends AutoCloseable {
    /** Opens a store by its name, as another program would; again for a second handle on the same data. */
    RecordStore open(String name);

    /** Opens a store over a database that fails on request, on the same data. */
    Broken openBroken(String name);

    /** Runs statements past the store, in a transaction. */
    <R> R sql(Function<Sql, R> work);

    /** What the database speaks. */
    Dialect dialect();

    /** Removes the database. */
    @Override
    void close();

    /**
     * A store and what makes it fail.
     *
     * @param store as another program has it
     * @param faults what fails its statements
     */
    record Broken(RecordStore store, FaultControl faults) {}
}
