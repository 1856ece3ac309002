package dev.holdfast;

import dev.holdfast.engine.Engine;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.postgres.PostgresEngine;
import dev.holdfast.engine.sqlite.SqliteEngine;
import java.nio.file.Files;
import java.nio.file.Path;

/** Which engine a database's name means. */
final class Engines {
    private Engines() {}

    static Engine open(String db, HoldfastOptions options) {
        if (db.equals(Holdfast.MEMORY)) {
            return SqliteEngine.inMemory(options.sqlite(), options.time());
        }
        if (PostgresEngine.isUrl(db)) {
            return PostgresEngine.open(db, options.postgres(), options.time());
        }
        return SqliteEngine.open(Path.of(db), options.sqlite(), options.time());
    }

    /** Refuses the name of a file that does not exist, which opening it would make. */
    static void requireThere(String db) {
        if (!db.equals(Holdfast.MEMORY) && !PostgresEngine.isUrl(db) && Files.notExists(Path.of(db))) {
            throw new InvalidInputException("engine.no_file", "there is no such file (file=" + db + ")");
        }
    }
}
