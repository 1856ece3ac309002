package dev.holdfast.testkit;

import dev.holdfast.engine.Engine;
import dev.holdfast.engine.Migration;
import dev.holdfast.engine.TimeSource;
import dev.holdfast.engine.sqlite.SqliteEngine;
import dev.holdfast.engine.sqlite.SqliteOptions;
import java.sql.Connection;
import java.util.List;

/** Stores in memory. They cannot be opened twice or again, so suites that ask for that are not for them. */
public final class MemoryStores extends Stores {
    private final SqliteOptions options;

    /** Memory with the default options. */
    public MemoryStores() {
        this(SqliteOptions.defaults(), List.of());
    }

    /** Memory with these options, holding the tables of these rooms. */
    public MemoryStores(SqliteOptions options, List<Migration> rooms) {
        super(rooms);
        this.options = options;
    }

    @Override
    protected TestDatabase create() {
        return new InMemory(options);
    }

    /** Memory that is gone when its engine is closed. */
    private static final class InMemory extends SqliteTestDatabase {
        private final SqliteOptions options;
        private boolean opened;

        InMemory(SqliteOptions options) {
            this.options = options;
        }

        @Override
        public Engine open(TimeSource time) {
            if (opened) {
                throw new UnsupportedOperationException("a store in memory is opened once");
            }
            opened = true;
            return remember(SqliteEngine.inMemory(options, time));
        }

        @Override
        public Connection connect() {
            throw new UnsupportedOperationException("a store in memory has no other connections");
        }

        @Override
        public void close() {}
    }
}
