package dev.holdfast.cli;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** Streams of two servers on one SQLite file, which look for each other's commits. */
class TwoServersStreamIT extends TwoServersStreamContract {
    @TempDir
    Path folder;

    @Override
    String database() {
        return folder.resolve("store.db").toString();
    }
}
