package dev.holdfast.testkit;

import dev.holdfast.access.AccessRoom;
import dev.holdfast.engine.postgres.PostgresOptions;
import dev.holdfast.engine.sqlite.SqliteOptions;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tokens on every engine. */
class AccessTest {
    @RegisterExtension
    static final Stores MEMORY = new MemoryStores(SqliteOptions.defaults(), AccessRoom.migrations());

    @RegisterExtension
    static final Stores SQLITE = new SqliteStores(SqliteOptions.defaults(), AccessRoom.migrations());

    @RegisterExtension
    static final Stores POSTGRES = new PostgresStores(PostgresOptions.defaults(), AccessRoom.migrations());

    @Nested
    class InMemory extends AccessContract {
        @Override
        protected Stores stores() {
            return MEMORY;
        }
    }

    @Nested
    class OnSqlite extends AccessContract {
        @Override
        protected Stores stores() {
            return SQLITE;
        }
    }

    @Nested
    class OnPostgres extends AccessContract {
        @Override
        protected Stores stores() {
            return POSTGRES;
        }
    }
}
