package dev.holdfast.server;

import static java.util.Objects.requireNonNull;

import dev.holdfast.Holdfast;
import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.Engine;
import dev.holdfast.server.http.HttpMetrics;
import io.micrometer.core.instrument.Gauge;

/** What a commit of a store waits for, as the database itself tells it. */
public final class StoreDurability {
    private static final String SQLITE_FILE = "select file from pragma_database_list where name = 'main'";
    private static final String SQLITE_SYNCHRONOUS = "select synchronous from pragma_synchronous";
    private static final int FULL = 2;
    private static final String POSTGRES = "select current_setting('synchronous_commit'), current_setting('fsync')";

    private StoreDurability() {}

    /** In words: {@code synchronous=full}, the settings of a PostgreSQL server, or that memory keeps nothing. */
    public static String of(Holdfast holdfast) {
        Engine engine = requireNonNull(holdfast, "holdfast").database().engine();
        if (engine.dialect() == Dialect.POSTGRES) {
            return engine.readOne(unit -> unit.first(
                            POSTGRES, row -> "synchronous_commit=" + row.getString(1) + " fsync=" + row.getString(2)))
                    .orElseThrow();
        }
        boolean memory = engine.readOne(unit -> unit.first(SQLITE_FILE, row -> row.getString(1)))
                .filter(file -> !file.isEmpty())
                .isEmpty();
        if (memory) {
            return "none: memory";
        }
        boolean full = engine.readOne(unit -> unit.first(SQLITE_SYNCHRONOUS, row -> row.getInt(1)))
                .filter(level -> level >= FULL)
                .isPresent();
        return full ? "synchronous=full" : "synchronous=normal";
    }

    /** Tells it beside the counters, as the label of {@code holdfast_store}. */
    static void tell(Holdfast holdfast, HttpMetrics metrics) {
        Gauge.builder("holdfast.store", () -> 1)
                .description("What a commit of the store waits for")
                .tag("durability", of(holdfast))
                .strongReference(true)
                .register(metrics.registry());
    }
}
