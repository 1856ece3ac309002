package dev.holdfast.cli;

import dev.holdfast.Holdfast;
import dev.holdfast.engine.InvalidInputException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which store a command works on. */
class DatabaseOption {
    @Option(
            names = "--db",
            paramLabel = "FILE|URL|:memory:",
            defaultValue = "${HOLDFAST_DB}",
            description = "The store: a SQLite file, a PostgreSQL URL, or :memory:. Default: HOLDFAST_DB.")
    private @Nullable String db;

    /** The name of the store. */
    final String db() {
        if (db == null || db.isBlank()) {
            throw new InvalidInputException(
                    "cli.no_store", "no store named; use --db FILE, --db postgres://... or set HOLDFAST_DB");
        }
        return db;
    }

    /** Opens the store; the caller closes it. */
    final Holdfast open() {
        return Holdfast.open(db());
    }
}
