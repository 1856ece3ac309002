package dev.holdfast.testkit.record;

import dev.holdfast.testkit.record.RecordPlaces.OnConnection;
import dev.holdfast.testkit.record.RecordPlaces.OnSource;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** What record stores promise over connections of an application. */
class ForeignRecordTest {
    @TempDir
    static Path folder;

    @Nested
    class OnSqliteSource {
        @Nested
        class Contract extends RecordStoreContract {
            @Override
            protected RecordPlace make() {
                return OnSource.sqlite(folder);
            }
        }

        @Nested
        class Rows extends RecordRowContract {
            @Override
            protected RecordPlace make() {
                return OnSource.sqlite(folder);
            }
        }

        @Nested
        class Shared extends RecordSharedContract {
            @Override
            protected RecordPlace make() {
                return OnSource.sqlite(folder);
            }
        }
    }

    @Nested
    class OnSqliteConnection {
        @Nested
        class Contract extends RecordStoreContract {
            @Override
            protected RecordPlace make() {
                return OnConnection.sqlite(folder);
            }
        }

        @Nested
        class Faults extends RecordFaultContract {
            @Override
            protected RecordPlace make() {
                return OnConnection.sqlite(folder);
            }
        }
    }

    @Nested
    class InMemoryConnection {
        @Nested
        class Contract extends RecordStoreContract {
            @Override
            protected RecordPlace make() {
                return OnConnection.inMemory();
            }
        }
    }

    @Nested
    class OnPostgresSource {
        @Nested
        class Contract extends RecordStoreContract {
            @Override
            protected RecordPlace make() {
                return OnSource.postgres();
            }
        }

        @Nested
        class Shared extends RecordSharedContract {
            @Override
            protected RecordPlace make() {
                return OnSource.postgres();
            }
        }
    }

    @Nested
    class OnPostgresConnection {
        @Nested
        class Rows extends RecordRowContract {
            @Override
            protected RecordPlace make() {
                return OnConnection.postgres();
            }
        }

        @Nested
        class Faults extends RecordFaultContract {
            @Override
            protected RecordPlace make() {
                return OnConnection.postgres();
            }
        }
    }
}
