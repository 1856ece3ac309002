package dev.holdfast.cli;

import dev.holdfast.Holdfast;
import dev.holdfast.Namespace;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Namespaces;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which store and namespace a command works on. */
final class StoreOption {
    @Option(
            names = "--db",
            paramLabel = "FILE|URL|:memory:",
            defaultValue = "${HOLDFAST_DB}",
            description = "The store: a SQLite file, a PostgreSQL URL, or :memory:. Default: HOLDFAST_DB.")
    private @Nullable String db;

    @Option(names = "--namespace", paramLabel = "NAME", description = "The tenant. Default: default.")
    private String namespace = Namespaces.DEFAULT;

    /** The name of the store. */
    String db() {
        if (db == null || db.isBlank()) {
            throw new InvalidInputException(
                    "cli.no_store", "no store named; use --db FILE, --db postgres://... or set HOLDFAST_DB");
        }
        return db;
    }

    /** Opens the store; the caller closes it. */
    Holdfast open() {
        return Holdfast.open(db());
    }

    /** The rooms of the namespace in an open store. */
    Namespace rooms(Holdfast holdfast) {
        return holdfast.namespace(namespace);
    }
}
