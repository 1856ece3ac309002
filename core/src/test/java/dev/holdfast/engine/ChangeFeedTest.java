package dev.holdfast.engine;

import dev.holdfast.engine.sqlite.SqliteEngine;
import dev.holdfast.engine.sqlite.SqliteOptions;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

class ChangeFeedTest {
    /** One writer at a time: its pauses are none, and yet commits come in groups. */
    private static final String NO_PAUSE = "select ?";

    @Nested
    class InAFile extends ChangeFeedContract {
        @TempDir
        Path folder;

        @Override
        protected Engine open() {
            return SqliteEngine.open(folder.resolve("a.db"), SqliteOptions.defaults(), TimeSource.system());
        }

        @Override
        protected String pause() {
            return NO_PAUSE;
        }
    }

    @Nested
    class InMemory extends ChangeFeedContract {
        @Override
        protected Engine open() {
            return SqliteEngine.inMemory(SqliteOptions.defaults(), TimeSource.system());
        }

        @Override
        protected boolean hasProcesses() {
            return false;
        }

        @Override
        protected String pause() {
            return NO_PAUSE;
        }
    }
}
