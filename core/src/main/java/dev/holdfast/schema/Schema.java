package dev.holdfast.schema;

import dev.holdfast.engine.Engine;
import dev.holdfast.engine.Migration;
import dev.holdfast.engine.SchemaException;
import dev.holdfast.engine.Sql;
import dev.holdfast.engine.Tables;
import dev.holdfast.engine.Unit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The internal tables as a program expects them: migrations in order, and a ledger of those that ran. */
public final class Schema {
    private static final String LEDGER = """
            create table if not exists {p}migrations (
              room text not null,
              number integer not null,
              name text not null,
              primary key (room, number)
            )
            """;

    private final Tables tables;
    private final List<Migration> migrations;

    /** The schema that these migrations make; each room's are in order. */
    public Schema(Tables tables, List<Migration> migrations) {
        this.tables = tables;
        this.migrations = List.copyOf(migrations);
    }

    /**
     * Brings a database up to date, in one transaction. Several processes may do it at once.
     *
     * @throws SchemaException the database was written by a newer program
     */
    public void migrate(Engine engine) {
        engine.write(unit -> {
            unit.exec(tables.sql(LEDGER));
            Map<String, Integer> done = done(unit);
            for (Migration migration : migrations) {
                if (migration.number() > done.getOrDefault(migration.room(), 0)) {
                    run(engine, unit, migration);
                }
            }
            return done;
        });
    }

    private void run(Engine engine, Unit unit, Migration migration) {
        for (String statement : migration.statements(engine.dialect(), tables)) {
            unit.exec(statement);
        }
        unit.exec(
                tables.sql("insert into {p}migrations (room, number, name) values (?, ?, ?)"),
                migration.room(),
                migration.number(),
                migration.name());
    }

    private Map<String, Integer> done(Sql sql) {
        Map<String, Integer> known = new HashMap<>();
        migrations.forEach(migration -> known.merge(migration.room(), migration.number(), Math::max));
        Map<String, Integer> done = new HashMap<>();
        sql.list(
                        tables.sql("select room, max(number) from {p}migrations group by room"),
                        row -> Map.entry(row.getString(1), row.getInt(2)))
                .forEach(entry -> done.put(entry.getKey(), entry.getValue()));
        done.forEach((room, number) -> {
            if (number > known.getOrDefault(room, 0)) {
                throw new SchemaException(
                        "schema.newer",
                        "the database was written by a newer program (room=" + room + ", version=" + number + ", known="
                                + known.getOrDefault(room, 0) + ")");
            }
        });
        return done;
    }
}
