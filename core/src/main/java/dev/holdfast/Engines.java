package dev.holdfast;

import dev.holdfast.engine.Engine;
import dev.holdfast.engine.postgres.PostgresEngine;
import dev.holdfast.engine.sqlite.SqliteEngine;
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
}
