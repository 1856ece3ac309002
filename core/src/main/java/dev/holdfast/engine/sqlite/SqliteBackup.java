package dev.holdfast.engine.sqlite;

import dev.holdfast.engine.ConflictException;
import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.FileErrors;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.JdbcSql;
import dev.holdfast.engine.PartFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Copies of a store. A copy is written beside its target, put on the disk, and then takes the target's name in one
 * step: a target is never half a copy.
 */
final class SqliteBackup {
    private static final String ACT = "backup";

    private SqliteBackup() {}

    /**
     * Refuses a target that is a file of the store itself, by whatever name or link.
     *
     * @throws InvalidInputException {@code backup.own_file}
     */
    static void refuseOwn(Path store, Path target) {
        try {
            if (SqliteFile.isOf(store, target)) {
                throw new InvalidInputException(
                        "backup.own_file",
                        "a store cannot be copied over itself (store=" + store + ", target=" + target + ")");
            }
        } catch (IOException e) {
            throw failed(target, e);
        }
    }

    /**
     * Refuses a place where no copy may stand: one without a folder, and a file that somebody needs.
     *
     * @throws InvalidInputException {@code backup.no_folder}, {@code backup.occupied}
     */
    static void requirePlace(Path target) {
        Path folder = target.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new InvalidInputException(
                    "backup.no_folder", "there is no such folder (folder=" + folder + ", target=" + target + ")");
        }
        try {
            boolean free = !Files.exists(target)
                    || (Files.isRegularFile(target) && Files.size(target) == 0)
                    || SqliteFile.isDatabase(target);
            if (!free || SqliteFile.isBesideDatabase(target)) {
                throw new InvalidInputException(
                        "backup.occupied",
                        "only a SQLite database or an empty file is replaced by a copy; name another file (target="
                                + target + ")");
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
        try (PartFile part = PartFile.of(target)) {
            try {
                source.exec("vacuum into ?", part.path().toString());
                settle(part, target);
            } finally {
                SqliteFile.removeBeside(part.path());
            }
        } catch (IOException e) {
            throw failed(target, e);
        } catch (EngineException e) {
            throw failed(target, e.detail(), e);
        }
    }

    /** Puts a file on the disk and gives it its name; what a replaced file has left beside it is gone by then. */
    static void settle(PartFile part, Path target) throws IOException {
        part.force();
        // A log of the replaced file would be taken for that of the new one.
        SqliteFile.removeBeside(target);
        part.settle();
    }

    private static EngineException failed(Path target, IOException e) {
        return failed(target, FileErrors.words(e), e);
    }

    private static EngineException failed(Path target, String reason, Exception e) {
        return new EngineException(
                "sqlite.backup", "the copy cannot be written: " + reason + " (target=" + target + ")", e);
    }
}
