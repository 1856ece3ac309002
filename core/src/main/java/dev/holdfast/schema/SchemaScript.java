package dev.holdfast.schema;

import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.Migration;
import dev.holdfast.engine.Tables;
import java.util.List;

/** Prints migrations as SQL that people run by hand. */
final class SchemaScript {
    private static final String NOTHING = "-- nothing to do\n";

    /** A shell that goes on after an error would commit half of it. */
    private static final String RUN_SQLITE = "-- run with: sqlite3 -bail FILE < THIS\n";

    private static final String RUN_POSTGRES = "-- run with: psql -v ON_ERROR_STOP=1 -f THIS\n";

    private static final String BEGIN_SQLITE = "\nbegin immediate;\n";
    private static final String BEGIN_POSTGRES = "\nbegin;\n";
    private static final String COMMIT = "\ncommit;\n";

    private final Dialect dialect;
    private final Tables tables;
    private final List<Migration> migrations;

    SchemaScript(Dialect dialect, Tables tables, List<Migration> migrations) {
        this.dialect = dialect;
        this.tables = tables;
        this.migrations = migrations;
    }

    String from(SchemaVersion from) {
        List<Migration> wanted = migrations.stream()
                .filter(migration -> !from.includes(migration))
                .toList();
        String database = switch (dialect) {
            case SQLITE -> "SQLite";
            case POSTGRES -> "PostgreSQL";
        };
        StringBuilder text = new StringBuilder();
        text.append("-- Internal tables of Holdfast for ").append(database);
        text.append(", table prefix ").append(tables.prefix()).append('\n');
        text.append("-- from version: ")
                .append(from.equals(SchemaVersion.none()) ? "none" : from)
                .append('\n');
        text.append("-- to version:   ").append(SchemaVersion.of(migrations)).append('\n');
        if (wanted.isEmpty()) {
            return text.append(NOTHING).toString();
        }
        switch (dialect) {
            case SQLITE -> text.append(RUN_SQLITE).append(BEGIN_SQLITE);
            case POSTGRES -> text.append(RUN_POSTGRES).append(BEGIN_POSTGRES);
        }
        wanted.forEach(migration -> append(text, migration));
        return text.append(COMMIT).toString();
    }

    private void append(StringBuilder text, Migration migration) {
        String statements = switch (dialect) {
            case SQLITE -> migration.sqlite();
            case POSTGRES -> migration.postgres();
        };
        text.append("\n-- ").append(Ledger.label(migration)).append('\n');
        text.append(tables.sql(statements).strip()).append('\n');
        text.append(new Ledger(dialect, tables).insertText(migration));
    }
}
