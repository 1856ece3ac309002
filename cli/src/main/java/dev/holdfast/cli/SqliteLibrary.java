package dev.holdfast.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.sqlite.util.LibraryLoaderUtil;

/** The native library of SQLite, kept in a folder so that not every process has to unpack it. */
final class SqliteLibrary {
    private static final String PATH = "org.sqlite.lib.path";

    private SqliteLibrary() {}

    /** Puts it into a folder, in one step since others may be using it, and lets this process take it from there. */
    static void install(Path folder) throws IOException {
        String name = LibraryLoaderUtil.getNativeLibName();
        String resource = LibraryLoaderUtil.getNativeLibResourcePath() + "/" + name;
        Files.createDirectories(folder);
        Path copy = Files.createTempFile(folder, name, ".new");
        try (InputStream in = LibraryLoaderUtil.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("the driver has no library for this system (resource=" + resource + ")");
            }
            Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
            Files.move(copy, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(copy);
        }
        System.setProperty(PATH, folder.toString());
    }
}
