package dev.holdfast;

import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.FileErrors;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.PartFile;
import dev.holdfast.engine.sqlite.SqliteEngine;
import dev.holdfast.engine.sqlite.SqliteFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The file that an export goes to. It appears under its name when it is whole and on the disk; a pipe or a terminal,
 * which has no such moment, is written to as the lines come.
 */
final class ExportFile {
    private final Holdfast holdfast;
    private final Path target;

    ExportFile(Holdfast holdfast, Path target) {
        this.holdfast = holdfast;
        this.target = target;
    }

    /** Writes the lines; answers their number. */
    interface Lines {
        long writeTo(OutputStream out) throws IOException;
    }

    long write(Lines lines) {
        try {
            requirePlace();
            return Files.exists(target) && !Files.isRegularFile(target) ? writeThrough(lines) : writeWhole(lines);
        } catch (IOException e) {
            throw new EngineException(
                    "export.failed",
                    "the export cannot be written: " + FileErrors.words(e) + " (target=" + target + ")",
                    e);
        }
    }

    private long writeThrough(Lines lines) throws IOException {
        try (OutputStream out = Files.newOutputStream(target)) {
            return lines.writeTo(out);
        }
    }

    private long writeWhole(Lines lines) throws IOException {
        // A link stays one.
        try (PartFile part = PartFile.of(Files.exists(target) ? target.toRealPath() : target)) {
            long count;
            try (OutputStream out = Files.newOutputStream(part.path())) {
                count = lines.writeTo(out);
            }
            part.force();
            // Somebody may have made a store of that name meanwhile.
            requirePlace();
            part.settle();
            return count;
        }
    }

    private void requirePlace() throws IOException {
        Path folder = target.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new InvalidInputException(
                    "export.no_folder", "there is no such folder (folder=" + folder + ", target=" + target + ")");
        }
        if (Files.isDirectory(target)) {
            throw new InvalidInputException(
                    "export.occupied", "a folder cannot be replaced by an export (target=" + target + ")");
        }
        if (holdfast.database().engine() instanceof SqliteEngine sqlite && sqlite.owns(target)) {
            throw new InvalidInputException(
                    "export.own_file", "a store cannot be exported over itself (target=" + target + ")");
        }
        if (SqliteFile.isDatabase(target) || SqliteFile.isBesideDatabase(target)) {
            throw new InvalidInputException(
                    "export.occupied",
                    "the target is a file of a SQLite database, which an export does not replace; name another file"
                            + " (target=" + target + ")");
        }
    }
}
