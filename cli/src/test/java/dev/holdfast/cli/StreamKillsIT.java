package dev.holdfast.cli;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** Kills of a server of streams on SQLite. */
class StreamKillsIT extends StreamKillsContract {
    @TempDir
    Path folder;

    @Override
    String database() {
        return folder.resolve("store.db").toString();
    }

    @Override
    void kill(ServedStore server, int round) {
        server.kill();
    }

    @Override
    void restart() {
        // The file is all there is.
    }
}
