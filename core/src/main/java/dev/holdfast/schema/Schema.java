package dev.holdfast.schema;

import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Migration;
import dev.holdfast.engine.SchemaException;
import dev.holdfast.engine.Tables;
import dev.holdfast.engine.TimeSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The internal tables as a program expects them, made of its rooms' numbered migrations.
 *
 * <p>One list serves three purposes: {@link #migrate} runs it, {@link #sql(Dialect)} prints it, and {@link #check}
 * compares a database with what it makes. Safe for use by many threads; every method that takes an engine blocks.
 */
public final class Schema {
    /**
     * How the name of an index begins that is made while the program runs, from a user's declaration. {@link #check}
     * leaves such indexes out of its comparison, since no migration knows them; <code>{p}</code> is the table prefix.
     */
    public static final String DECLARED_INDEX = "{p}declared_";

    private static final Pattern ROOM = Pattern.compile("[a-z][a-z0-9_]*");
    private static final Pattern NAME = Pattern.compile("[a-z0-9_]+");

    private final Tables tables;
    private final List<Migration> migrations;
    private final TimeSource time;

    /** The schema that these migrations make, on the machine's clock; see the other constructor. */
    public Schema(Tables tables, List<Migration> migrations) {
        this(tables, migrations, TimeSource.system());
    }

    /**
     * The schema that these migrations make. The ledger's own migration comes before them without being named.
     *
     * @param migrations in the order in which they run; the numbers of each room are 1, 2, 3 ... in this order
     * @param time what {@code applied_at} in the ledger is read from
     * @throws InvalidInputException with the code {@code schema.migrations}: a number is missing, out of order or there
     *     twice, or the name of a room or migration is not made of a-z, 0-9 and _
     */
    public Schema(Tables tables, List<Migration> migrations, TimeSource time) {
        this.tables = Objects.requireNonNull(tables, "tables");
        this.time = Objects.requireNonNull(time, "time");
        List<Migration> all = new ArrayList<>(Ledger.migrations());
        all.addAll(Objects.requireNonNull(migrations, "migrations"));
        requireOrder(all);
        this.migrations = List.copyOf(all);
    }

    /**
     * Brings a database up to date in one transaction; when this returns, all tables are there and durable. Only reads
     * when nothing is to be done. Several programs may do it at once: one applies, the others find it done.
     *
     * @throws SchemaException nothing was changed: {@code schema.newer} the database was written by a newer program,
     *     {@code schema.changed} the text of an applied migration was changed, {@code schema.gap} the ledger misses a
     *     migration, {@code schema.failed} a statement of a migration failed
     * @throws EngineException the database failed
     */
    public void migrate(Engine engine) {
        Objects.requireNonNull(engine, "engine");
        new SchemaRun(engine, tables, migrations, time).run();
    }

    /** What a database is at after {@link #migrate}. */
    public SchemaVersion version() {
        return SchemaVersion.of(migrations);
    }

    /** What a database is at now, by its ledger; {@link SchemaVersion#none()} when it has none of our tables. */
    public SchemaVersion installed(Engine engine) {
        Objects.requireNonNull(engine, "engine");
        Ledger ledger = new Ledger(engine.dialect(), tables);
        return Ledger.version(engine.read(ledger::read));
    }

    /** The SQL that makes all tables in an empty database; see {@link #sql(Dialect, SchemaVersion)}. */
    public String sql(Dialect dialect) {
        return sql(dialect, SchemaVersion.none());
    }

    /**
     * The SQL that brings a database from a version to {@link #version()}, for people to read and run. It holds the
     * same statements as {@link #migrate} and fills the ledger, so a database made with it is up to date. It begins and
     * commits its own transaction.
     *
     * @param from what the database is at; its migrations are left out
     * @return statements that end with a semicolon at the end of a line, each migration below its name as a comment;
     *     comments only when nothing is left to do
     * @throws InvalidInputException with the code {@code schema.version}: the version is beyond this program's
     */
    public String sql(Dialect dialect, SchemaVersion from) {
        Objects.requireNonNull(dialect, "dialect");
        Objects.requireNonNull(from, "from");
        SchemaVersion known = version();
        from.rooms().forEach((room, number) -> {
            if (number > known.number(room)) {
                throw new InvalidInputException(
                        "schema.version",
                        "this program does not know the version (room=" + room + ", number=" + number + ", known="
                                + known + ")");
            }
        });
        return new SchemaScript(dialect, tables, migrations).from(from);
    }

    /**
     * Compares a database with what the migrations make: ledger, tables, columns with type, nullability and default,
     * primary keys, indexes. Tables of others are not looked at, nor are the order of columns, check constraints and
     * triggers. Changes nothing: what is expected is made in memory on SQLite, and on PostgreSQL in a temporary schema
     * that is rolled back.
     */
    public SchemaCheck.Result check(Engine engine) {
        Objects.requireNonNull(engine, "engine");
        return new SchemaCheck(engine, tables, migrations).run();
    }

    private static void requireOrder(List<Migration> migrations) {
        Map<String, Integer> last = new HashMap<>();
        for (Migration migration : migrations) {
            int number = last.merge(migration.room(), 1, Integer::sum);
            if (migration.number() != number
                    || !ROOM.matcher(migration.room()).matches()
                    || !NAME.matcher(migration.name()).matches()) {
                throw new InvalidInputException(
                        "schema.migrations",
                        "each room numbers its migrations 1, 2, 3 ..., and names are made of a-z, 0-9 and _ (migration="
                                + Ledger.label(migration) + ", expected number=" + number + ")");
            }
        }
    }
}
