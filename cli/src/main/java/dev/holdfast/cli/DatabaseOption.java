package dev.holdfast.cli;

import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastOptions;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.postgres.PostgresEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which store a command works on. */
class DatabaseOption {
    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command; // Set by picocli before the command runs.

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

    /** Whether it is a SQLite file that is missing, so that opening it would make it. */
    final boolean isMissing() {
        String name = db();
        return !name.equals(Holdfast.MEMORY) && !PostgresEngine.isUrl(name) && Files.notExists(Path.of(name));
    }

    /** Opens the store; the caller closes it. A file that is missing is made only for {@link MakesStore}. */
    final Holdfast open() {
        boolean makes = Objects.requireNonNull(command, "command").userObject() instanceof MakesStore;
        return makes ? Holdfast.open(db()) : Holdfast.openExisting(db(), HoldfastOptions.defaults());
    }
}
