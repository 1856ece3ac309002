package dev.holdfast.cli;

import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** Kills of a server of streams on SQLite, and backups that are restored. */
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

    @Override
    void prepareLoss() {
        // A backup needs nothing.
    }

    @Override
    void remember() {
        try (Holdfast holdfast = Holdfast.open(database())) {
            holdfast.backup(backup());
        }
    }

    @Override
    void lose() {
        Holdfast.restore(backup(), Path.of(database()), HoldfastOptions.defaults(), true);
        try {
            Files.delete(backup());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path backup() {
        return folder.resolve("backup.db");
    }
}
