package dev.holdfast.testkit;

import dev.holdfast.engine.Engine;
import dev.holdfast.engine.TimeSource;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * One empty database of some kind, and what a test can do to it from outside. Whoever writes an engine of their own
 * implements this and {@link Stores} to run the suites on it.
 */
public interface TestDatabase extends AutoCloseable {
    /**
     * Opens an engine on the database. Where a database can be shared this may be called again while other engines are
     * open, and finds what was written after all of them were closed.
     */
    Engine open(TimeSource time);

    /**
     * A connection of the caller's own to the database, with auto-commit on, closed by the test.
     *
     * @throws UnsupportedOperationException nobody else can connect to it
     */
    Connection connect() throws SQLException;

    /**
     * Makes the database stop the statement that an engine's writer runs now, if there is one, as an administrator
     * could. Returns at once.
     */
    void cancelStatement(Engine engine);

    /**
     * Leaves an engine little room on its disk: a few small rows can be written, a value of a megabyte fails. Called
     * while nobody writes.
     *
     * @return gives the room back; closed while nobody writes
     */
    Release fillDisk(Engine engine);

    /** Deletes the database; every engine on it is closed by then. */
    @Override
    void close();

    /** Takes something back. */
    @FunctionalInterface
    interface Release extends AutoCloseable {
        @Override
        void close();
    }
}
