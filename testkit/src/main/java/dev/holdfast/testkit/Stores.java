package dev.holdfast.testkit;

import dev.holdfast.engine.Database;
import dev.holdfast.engine.Migration;
import dev.holdfast.engine.TimeSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Makes the stores of one kind of engine, and closes and deletes them after each test. Register it as a static
 * extension of the test class; the tests of one instance run one after the other.
 */
public abstract class Stores implements AfterEachCallback {
    private final List<Migration> migrations;
    private final List<Store> stores = Collections.synchronizedList(new ArrayList<>());
    private final List<TestDatabase> databases = new ArrayList<>();

    /**
     * Stores with the tables of the engine layer and of these rooms.
     *
     * @param rooms the rooms' migrations, each room's in order
     */
    protected Stores(List<Migration> rooms) {
        List<Migration> all = new ArrayList<>(Database.migrations());
        all.addAll(rooms);
        this.migrations = List.copyOf(all);
    }

    /** Makes an empty database of this kind. */
    protected abstract TestDatabase create();

    /**
     * Makes a database of this kind that is empty or holds the tables of these migrations already, which spares the
     * test to wait for them.
     */
    protected TestDatabase create(List<Migration> all) {
        return create();
    }

    /** A store on an empty database, with the machine's clock. */
    public final Store fresh() {
        return fresh(TimeSource.system());
    }

    /** A store on an empty database, with this clock. */
    public final Store fresh(TimeSource time) {
        TestDatabase database = create(migrations);
        databases.add(database);
        return track(new Store(this, database, migrations, time));
    }

    /**
     * Openers of stores on one empty database, to be called at the same time, each on a thread of its own; the clock is
     * the machine's.
     */
    final List<Supplier<Store>> freshAtOnce(int count) {
        TestDatabase database = create();
        databases.add(database);
        Supplier<Store> opener = () -> track(new Store(this, database, migrations, TimeSource.system()));
        return Collections.nCopies(count, opener);
    }

    /** Closes what the test opened, the last first; fails when an engine does not close within half a minute. */
    @Override
    public final void afterEach(ExtensionContext context) {
        List<Store> open = List.copyOf(stores).reversed();
        List<TestDatabase> used = List.copyOf(databases);
        stores.clear();
        databases.clear();
        try (Callers callers = new Callers()) {
            for (Store store : open) {
                Callers.outcome(callers.start(() -> {
                            store.close();
                            return true;
                        }))
                        .value();
            }
        }
        used.forEach(TestDatabase::close);
    }

    final Store track(Store store) {
        stores.add(store);
        return store;
    }
}
