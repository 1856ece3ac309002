package dev.holdfast.testkit;

import dev.holdfast.engine.postgres.PostgresOptions;
import dev.holdfast.engine.sqlite.SqliteOptions;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;

class RoomCrashTest {
    @RegisterExtension
    static final Stores MEMORY = new MemoryStores(SqliteOptions.defaults(), RoomCrashContract.rooms());

    /** Hundreds of stores are filled, and no power fails meanwhile. */
    private static final SqliteOptions QUICK = SqliteOptions.defaults().withDurability(SqliteOptions.Durability.NORMAL);

    @RegisterExtension
    static final Stores SQLITE = new SqliteStores(QUICK, RoomCrashContract.rooms());

    @RegisterExtension
    static final Stores POSTGRES = new PostgresStores(PostgresOptions.defaults(), RoomCrashContract.rooms());

    @Nested
    class InMemory extends RoomCrashContract {
        @Override
        protected Stores stores() {
            return MEMORY;
        }
    }

    @Nested
    class OnSqlite extends RoomCrashContract {
        @Override
        protected Stores stores() {
            return SQLITE;
        }
    }

    @Nested
    class OnPostgres extends RoomCrashContract {
        @Override
        protected Stores stores() {
            return POSTGRES;
        }
    }
}
