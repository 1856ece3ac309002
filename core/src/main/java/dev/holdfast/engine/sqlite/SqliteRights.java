package dev.holdfast.engine.sqlite;

import dev.holdfast.engine.FileErrors;
import dev.holdfast.engine.InvalidInputException;
import java.io.IOException;
import java.nio.file.AccessMode;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Whether this process may use a file as a store. SQLite opens a file for somebody who may only read it, too, and makes
 * the files beside it in their name: files that the owner of the store cannot use, who is locked out by them. So it is
 * asked before SQLite is. Files are not opened for it: closing one would give up the locks that SQLite has on it for
 * other users in this process.
 */
final class SqliteRights {
    private static final String PERMISSION = "sqlite.no_permission";
    private static final String NO_STORE = "sqlite.no_store";

    private SqliteRights() {}

    /**
     * Refuses what is no file, and a file that this process may not use as SQLite does: to read and to write it, with
     * files beside it. Nothing is made.
     *
     * @param file may be missing; then it must be possible to make it
     * @throws InvalidInputException {@code sqlite.no_permission}: the message says which right to what is missing;
     *     {@code sqlite.no_store}: something else is there
     */
    static void require(Path file) {
        // Behind a link: there SQLite makes what it keeps beside the file.
        Path real = real(file);
        if (Files.exists(real)) {
            if (!Files.isRegularFile(real)) {
                throw noStore("what is there is no file", file);
            }
            requireRights(real, "a store is opened to read and to write it");
            SqliteFile.beside(real).stream()
                    .filter(Files::exists)
                    .forEach(beside -> requireRights(beside, "it is a part of the store, made by whoever had it open"));
        }
        if (!SqliteFile.hasLog(real)) {
            requireFolder(real);
        }
    }

    private static void requireRights(Path file, String why) {
        require(may(file, AccessMode.READ), "read the file", why, file);
        require(may(file, AccessMode.WRITE), "write to the file", why, file);
    }

    /** What is gone needs no rights: a file beside the store may be removed between two looks by whoever made it. */
    private static boolean may(Path file, AccessMode right) {
        try {
            file.getFileSystem().provider().checkAccess(file, right);
            return true;
        } catch (NoSuchFileException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void requireFolder(Path file) {
        Path folder = file.getParent();
        while (folder != null && Files.notExists(folder)) {
            folder = folder.getParent(); // it will be made
        }
        if (folder == null) {
            return;
        }
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw noStore("a file stands where its folder would be", file);
        }
        require(
                Files.isWritable(folder) && Files.isExecutable(folder),
                "make files in the folder " + folder,
                "SQLite keeps a log beside a store",
                file);
    }

    private static Path real(Path file) {
        try {
            return Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        } catch (IOException e) {
            throw new InvalidInputException(
                    NO_STORE, "the file cannot be found: " + FileErrors.words(e) + " (file=" + file + ")", e);
        }
    }

    private static void require(boolean may, String what, String why, Path file) {
        if (!may) {
            throw new InvalidInputException(
                    PERMISSION, "no permission to " + what + "; " + why + " (file=" + file + ")");
        }
    }

    private static InvalidInputException noStore(String what, Path file) {
        return new InvalidInputException(NO_STORE, what + " (file=" + file + ")");
    }
}
