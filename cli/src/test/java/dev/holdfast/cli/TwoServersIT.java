package dev.holdfast.cli;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** Two servers on one SQLite file, which look for each other's commits. */
class TwoServersIT extends TwoServersContract {
    @TempDir
    Path folder;

    @Override
    String database() {
        return folder.resolve("store.db").toString();
    }
}
