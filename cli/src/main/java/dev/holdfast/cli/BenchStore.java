package dev.holdfast.cli;

import dev.holdfast.Holdfast;
import dev.holdfast.engine.postgres.PostgresEngine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Optional;

/** What a measured store stands on. */
final class BenchStore {
    private static final int DISK_BYTES = 4_096;
    private static final int DISK_WRITES = 1_000;

    private BenchStore() {}

    /**
     * What the disk under a SQLite file takes to make 4 KiB at the end of a file durable; empty for a store in memory,
     * and for a server whose disk is not ours to write to.
     */
    static Optional<BenchFigures> disk(String db, BenchCallers callers) throws IOException, InterruptedException {
        if (db.equals(Holdfast.MEMORY) || PostgresEngine.isUrl(db)) {
            return Optional.empty();
        }
        Path folder = Objects.requireNonNull(Path.of(db).toAbsolutePath().getParent(), "folder");
        Path file = Files.createTempFile(folder, "holdfast-bench", ".tmp");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.APPEND)) {
            return Optional.of(callers.run(1, DISK_WRITES, random -> {
                channel.write(ByteBuffer.allocate(DISK_BYTES));
                channel.force(false);
            }));
        } finally {
            Files.delete(file);
        }
    }
}
