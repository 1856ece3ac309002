package dev.holdfast.testkit.record;

import dev.holdfast.engine.postgres.PostgresOptions;
import dev.holdfast.engine.sqlite.SqliteOptions;
import dev.holdfast.record.RecordRoom;
import dev.holdfast.testkit.MemoryStores;
import dev.holdfast.testkit.PostgresStores;
import dev.holdfast.testkit.SqliteStores;
import dev.holdfast.testkit.Stores;
import dev.holdfast.testkit.record.RecordPlaces.OnEngine;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What record stores promise in a store of ours, on each engine. */
class EngineRecordTest {
    @RegisterExtension
    static final Stores MEMORY = new MemoryStores(SqliteOptions.defaults(), RecordRoom.migrations());

    /** Hundreds of commits, and no power fails meanwhile. */
    private static final SqliteOptions QUICK = SqliteOptions.defaults().withDurability(SqliteOptions.Durability.NORMAL);

    @RegisterExtension
    static final Stores SQLITE = new SqliteStores(QUICK, RecordRoom.migrations());

    @RegisterExtension
    static final Stores POSTGRES = new PostgresStores(PostgresOptions.defaults(), RecordRoom.migrations());

    @Nested
    class InMemory {
        @Nested
        class Contract extends RecordStoreContract {
            @Override
            protected RecordPlace make() {
                return new OnEngine(MEMORY.fresh());
            }
        }

        @Nested
        class Rows extends RecordRowContract {
            @Override
            protected RecordPlace make() {
                return new OnEngine(MEMORY.fresh());
            }
        }

        @Nested
        class Faults extends RecordFaultContract {
            @Override
            protected RecordPlace make() {
                return new OnEngine(MEMORY.fresh());
            }
        }

        @Nested
        class Shared extends RecordSharedContract {
            @Override
            protected RecordPlace make() {
                return new OnEngine(MEMORY.fresh());
            }
        }
    }

    @Nested
    class OnSqlite {
        @Nested
        class Contract extends RecordStoreContract {
            @Override
            protected RecordPlace make() {
                return new OnEngine(SQLITE.fresh());
            }
        }

        @Nested
        class Rows extends RecordRowContract {
            @Override
            protected RecordPlace make() {
                return new OnEngine(SQLITE.fresh());
            }
        }

        @Nested
        class Faults extends RecordFaultContract {
            @Override
            protected RecordPlace make() {
                return new OnEngine(SQLITE.fresh());
            }
        }

        @Nested
        class Shared extends RecordSharedContract {
            @Override
            protected RecordPlace make() {
                return new OnEngine(SQLITE.fresh());
            }
        }
    }

    @Nested
    class OnPostgres {
        @Nested
        class Contract extends RecordStoreContract {
            @Override
            protected RecordPlace make() {
                return new OnEngine(POSTGRES.fresh());
            }
        }

        @Nested
        class Rows extends RecordRowContract {
            @Override
            protected RecordPlace make() {
                return new OnEngine(POSTGRES.fresh());
            }
        }

        @Nested
        class Faults extends RecordFaultContract {
            @Override
            protected RecordPlace make() {
                return new OnEngine(POSTGRES.fresh());
            }
        }

        @Nested
        class Shared extends RecordSharedContract {
            @Override
            protected RecordPlace make() {
                return new OnEngine(POSTGRES.fresh());
            }
        }
    }
}
