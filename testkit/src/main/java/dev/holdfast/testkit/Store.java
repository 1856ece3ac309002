package dev.holdfast.testkit;

import dev.holdfast.engine.Database;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.Migration;
import dev.holdfast.engine.Namespaces;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Tables;
import dev.holdfast.engine.TimeSource;
import dev.holdfast.schema.Schema;
import dev.holdfast.stream.StreamRoom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** A database under test, open and with its tables in place. {@link Stores} makes it and closes it after the test. */
public final class Store implements AutoCloseable {
    private final TestDatabase database;
    private final List<Migration> migrations;
    private TimeSource time;
    private final Stores owner;
    private Engine engine;
    private Database open;

    Store(Stores owner, TestDatabase database, List<Migration> migrations, TimeSource time) {
        this.owner = owner;
        this.database = database;
        this.migrations = migrations;
        this.time = time;
        this.engine = database.open(time);
        this.open = migrated();
    }

    /** The engine, as it is open now. */
    public Engine engine() {
        return engine;
    }

    /** The database over the engine, as it is open now. */
    public Database database() {
        return open;
    }

    /** A session of the default namespace. */
    public Session session() {
        return open.session(Namespaces.DEFAULT);
    }

    /** The clock of this store. */
    public TimeSource time() {
        return time;
    }

    /**
     * Another engine on the same database with a clock of the same kind, as another process would have one; never for a
     * store in memory.
     */
    public Store second() {
        return owner.track(new Store(owner, database, migrations, time));
    }

    /** Closes the engine and opens the database again, as a restart would; never for a store in memory. */
    public void reopen() {
        reopen(time);
    }

    /** The same with another clock. */
    public void reopen(TimeSource clock) {
        close();
        time = clock;
        engine = database.open(time);
        open = migrated();
    }

    /** See {@link TestDatabase#connect}. */
    public Connection connect() throws SQLException {
        return database.connect();
    }

    /** See {@link TestDatabase#cancelStatement}. */
    public void cancelStatement() {
        database.cancelStatement(engine);
    }

    /** See {@link TestDatabase#fillDisk}. */
    public TestDatabase.Release fillDisk() {
        return database.fillDisk(engine);
    }

    /** Closes the engine; the database stays. */
    @Override
    public void close() {
        open.close();
    }

    private Database migrated() {
        Tables tables = Tables.defaults();
        new Schema(tables, migrations).migrate(engine);
        return new Database(engine, tables, time, StreamRoom.renewals(tables));
    }
}
