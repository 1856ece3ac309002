package dev.holdfast.engine.sqlite;

import dev.holdfast.engine.ConflictException;
import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.JdbcSql;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Copies of a store. A copy is written beside its target, put on the disk, and then takes the target's name in one
 * step: a target is never half a copy.
 */
final class SqliteBackup {
    private static final String ACT = "backup";
    /** What SQLite keeps beside a file; it belongs to the file of that name, whichever that is by then. */
    private static final String[] BESIDE = {"-wal", "-shm", "-journal"};

    private SqliteBackup() {}

    /**
     * Refuses a target that is a file of the store itself, by whatever name or link.
     *
     * @throws InvalidInputException {@code backup.own_file}
     */
    static void refuseOwn(Path store, Path target) {
        try {
            boolean own = isSame(store, target);
            for (String ending : BESIDE) {
                own |= isSame(Path.of(store + ending), target);
            }
            if (own) {
                throw new InvalidInputException(
                        "backup.own_file",
                        "a store cannot be copied over itself (store=" + store + ", target=" + target + ")");
            }
        } catch (IOException e) {
            throw failed(target, e);
        }
    }

    /**
     * Writes one snapshot of the database of a connection, compacted; writers go on meanwhile. A store that stands at
     * the target is held until it is replaced, with what belongs to it.
     *
     * @throws ConflictException {@code backup.busy}: somebody has the target open
     * @throws EngineException the copy cannot be written
     */
    static void write(JdbcSql source, Path target) {
        if (!Files.exists(target)) {
            copy(source, target);
            return;
        }
        SqliteClaim claim = SqliteClaim.of(target, ACT);
        try {
            copy(source, target);
        } finally {
            claim.close();
        }
    }

    private static void copy(JdbcSql source, Path target) {
        // Of its own, so that two copies that are made at once do not meet in it.
        Path part = target.resolveSibling(target.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            try {
                source.exec("vacuum into ?", part.toString());
                settle(part, target);
            } finally {
                Files.deleteIfExists(part);
                removeBeside(part);
            }
        } catch (IOException e) {
            throw failed(target, e);
        }
    }

    /** Puts a file on the disk and gives it its name; what a replaced file has left beside it is gone by then. */
    static void settle(Path part, Path target) throws IOException {
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        // A log of the replaced file would be taken for that of the new one.
        removeBeside(target);
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Path folder = target.toAbsolutePath().getParent();
        if (folder != null) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** Whether SQLite keeps something beside a file, as it does while the file is open. */
    static boolean hasBeside(Path file) {
        for (String ending : BESIDE) {
            if (Files.exists(Path.of(file + ending))) {
                return true;
            }
        }
        return false;
    }

    /** Removes what SQLite keeps beside a file. */
    static void removeBeside(Path file) throws IOException {
        for (String ending : BESIDE) {
            Files.deleteIfExists(Path.of(file + ending));
        }
    }

    private static boolean isSame(Path file, Path target) throws IOException {
        boolean bothThere = Files.exists(file) && Files.exists(target);
        return bothThere
                ? Files.isSameFile(file, target)
                : file.toAbsolutePath()
                        .normalize()
                        .equals(target.toAbsolutePath().normalize());
    }

    private static EngineException failed(Path target, IOException e) {
        return new EngineException("sqlite.backup", "the copy cannot be written (target=" + target + ")", e);
    }
}
