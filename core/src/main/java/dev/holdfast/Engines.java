package dev.holdfast;

import dev.holdfast.engine.Engine;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.postgres.PostgresEngine;
import dev.holdfast.engine.sqlite.SqliteEngine;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Which engine a database's name means. */
final class Engines {
    private Engines() {}

    /** Opens it; a file that is missing is made. */
    static Engine open(String db, HoldfastOptions options) {
        if (db.equals(Holdfast.MEMORY)) {
            return SqliteEngine.inMemory(options.sqlite(), options.time());
        }
        if (PostgresEngine.isUrl(db)) {
            return PostgresEngine.open(db, options.postgres(), options.time());
        }
        return SqliteEngine.open(file(db), options.sqlite(), options.time());
    }

    /** Opens it, unless it is a file that does not exist, which opening it would make. */
    static Engine openExisting(String db, HoldfastOptions options) {
        if (!db.equals(Holdfast.MEMORY) && !PostgresEngine.isUrl(db) && Files.notExists(file(db))) {
            throw new InvalidInputException("engine.no_file", "there is no such file (file=" + db + ")");
        }
        return open(db, options);
    }

    private static Path file(String db) {
        try {
            return Path.of(db);
        } catch (InvalidPathException e) {
            throw new InvalidInputException("engine.file_name", "this is no name of a file: " + e.getReason(), e);
        }
    }
}
