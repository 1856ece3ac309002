package dev.holdfast.engine.sqlite;

import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.JdbcSql;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Copies of a store. A copy is written beside its target, put on the disk, and then takes the target's name in one
 * step: a target is never half a copy.
 */
final class SqliteBackup {
    private static final String PART = ".part";

    private SqliteBackup() {}

    /** Writes one snapshot of the database of a connection, compacted; writers go on meanwhile. */
    static void write(JdbcSql source, Path target) {
        Path part = target.resolveSibling(target.getFileName() + PART);
        try {
            Files.deleteIfExists(part);
            source.exec("vacuum into ?", part.toString());
            settle(part, target);
        } catch (IOException e) {
            throw new EngineException("sqlite.backup", "the copy cannot be written (target=" + target + ")", e);
        }
    }

    /** Puts a file on the disk and gives it its name. */
    static void settle(Path part, Path target) throws IOException {
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Path folder = target.toAbsolutePath().getParent();
        if (folder != null) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
