package dev.holdfast.server;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteTokenRoutesTest extends TokenRoutesContract {
    @TempDir
    private Path folder;

    @Override
    String db() {
        return folder.resolve("store.db").toString();
    }
}
