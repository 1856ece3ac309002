package dev.holdfast;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Tables;
import dev.holdfast.engine.TimeSource;
import dev.holdfast.engine.postgres.PostgresOptions;
import dev.holdfast.engine.sqlite.SqliteOptions;
import java.time.Duration;
import java.util.Objects;

/**
 * How a store is opened.
 *
 * @param tables the prefix of the internal tables
 * @param time the clock
 * @param sqlite for files and memory
 * @param postgres for PostgreSQL
 * @param maintenance pause between two rounds of background work: removing what expired, pruning the change log
 * @param changesKept how long changes stay in the change log for those who follow later, 1 minute to 36,500 days; they
 *     are gone after twice that time, and earlier where a namespace has more than 100,000
 */
public record HoldfastOptions(
        Tables tables,
        TimeSource time,
        SqliteOptions sqlite,
        PostgresOptions postgres,
        Duration maintenance,
        Duration changesKept) {
    private static final Duration KEPT = Duration.ofDays(7);
    private static final Duration KEPT_MIN = Duration.ofMinutes(1);
    private static final Duration KEPT_MAX = Duration.ofDays(36_500);

    /** Checks for null, and the range. */
    public HoldfastOptions {
        Objects.requireNonNull(tables, "tables");
        Objects.requireNonNull(time, "time");
        Objects.requireNonNull(sqlite, "sqlite");
        Objects.requireNonNull(postgres, "postgres");
        Objects.requireNonNull(maintenance, "maintenance");
        if (changesKept.compareTo(KEPT_MIN) < 0 || changesKept.compareTo(KEPT_MAX) > 0) {
            throw new InvalidInputException(
                    "holdfast.option_range",
                    "changesKept is out of range (changesKept=" + changesKept + ", min=" + KEPT_MIN + ", max="
                            + KEPT_MAX + ")");
        }
    }

    /**
     * Tables named {@code holdfast_*}, the machine's clock, everything durable, background work every 10 seconds,
     * changes kept for 7 days.
     */
    public static HoldfastOptions defaults() {
        return new HoldfastOptions(
                Tables.defaults(),
                TimeSource.system(),
                SqliteOptions.defaults(),
                PostgresOptions.defaults(),
                Duration.ofSeconds(10),
                KEPT);
    }

    /** The same with another table prefix. */
    public HoldfastOptions withTables(Tables value) {
        return new HoldfastOptions(value, time, sqlite, postgres, maintenance, changesKept);
    }

    /** The same with another clock. */
    public HoldfastOptions withTime(TimeSource value) {
        return new HoldfastOptions(tables, value, sqlite, postgres, maintenance, changesKept);
    }

    /** The same with other options for SQLite. */
    public HoldfastOptions withSqlite(SqliteOptions value) {
        return new HoldfastOptions(tables, time, value, postgres, maintenance, changesKept);
    }

    /** The same with other options for PostgreSQL. */
    public HoldfastOptions withPostgres(PostgresOptions value) {
        return new HoldfastOptions(tables, time, sqlite, value, maintenance, changesKept);
    }

    /** The same with another limit for a user's transaction, whatever the engine; each says what it allows. */
    public HoldfastOptions withTransactionLimit(Duration value) {
        return withSqlite(sqlite.withTransactionLimit(value)).withPostgres(postgres.withTransactionLimit(value));
    }

    /** The same with another pause between rounds of background work. */
    public HoldfastOptions withMaintenance(Duration value) {
        return new HoldfastOptions(tables, time, sqlite, postgres, value, changesKept);
    }

    /** The same with another time for which changes are kept. */
    public HoldfastOptions withChangesKept(Duration value) {
        return new HoldfastOptions(tables, time, sqlite, postgres, maintenance, value);
    }
}
