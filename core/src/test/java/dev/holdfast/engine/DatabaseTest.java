package dev.holdfast.engine;

import dev.holdfast.engine.sqlite.SqliteEngine;
import dev.holdfast.engine.sqlite.SqliteOptions;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {
    @Nested
    class InAFile extends DatabaseContract {
        @TempDir
        Path folder;

        @Override
        protected Engine open() {
            return SqliteEngine.open(folder.resolve("a.db"), SqliteOptions.defaults(), TimeSource.system());
        }
    }

    @Nested
    class InMemory extends DatabaseContract {
        @Override
        protected Engine open() {
            return SqliteEngine.inMemory(SqliteOptions.defaults(), TimeSource.system());
        }

        @Override
        protected boolean readersWaitForWriters() {
            return true;
        }
    }
}
