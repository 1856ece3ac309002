package dev.holdfast.schema;

import dev.holdfast.engine.Engine;
import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.JdbcSql;
import dev.holdfast.engine.Migration;
import dev.holdfast.engine.Sql;
import dev.holdfast.engine.Tables;
import dev.holdfast.engine.Unit;
import dev.holdfast.engine.UnitKind;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/**
 * Makes the tables of the migrations in a place of their own and reads how the database describes them.
 *
 * <p>Only the database itself knows how it will print a type or a condition, so both sides of a comparison are read
 * from it. On PostgreSQL the place is a new schema, or where that is not permitted the schema of temporary tables; it
 * is the whole search path meanwhile, so no statement can reach the real tables, and nothing of it is committed.
 */
final class ExpectedCatalog {
    private static final String IN_MEMORY = "jdbc:sqlite::memory:";

    private static final String MAKE_PLACE = "create schema {p}check_";
    private static final String ENTER_PLACE = "set local search_path to {p}check_";
    private static final String ENTER_TEMPORARY = "set local search_path to pg_temp";

    /** Insufficient privilege. */
    private static final String NOT_PERMITTED = "42501";

    private final Engine engine;
    private final Tables tables;
    private final List<Migration> migrations;

    ExpectedCatalog(Engine engine, Tables tables, List<Migration> migrations) {
        this.engine = engine;
        this.tables = tables;
        this.migrations = migrations;
    }

    /** What is expected; an {@link EngineException} when it cannot be made. */
    Catalog read() {
        return switch (engine.dialect()) {
            case SQLITE -> inMemory();
            case POSTGRES -> engine.write(UnitKind.OPERATION, this::inPostgres);
        };
    }

    private Catalog inMemory() {
        try (Connection connection = DriverManager.getConnection(IN_MEMORY)) {
            return make(new JdbcSql(connection, false));
        } catch (SQLException e) {
            throw new EngineException("schema.check", "a database in memory could not be opened: " + e.getMessage(), e);
        }
    }

    private Catalog inPostgres(Unit unit) {
        String suffix = Long.toHexString(ThreadLocalRandom.current().nextLong());
        try {
            return undone(unit, () -> {
                unit.exec(tables.sql(MAKE_PLACE) + suffix);
                unit.exec(tables.sql(ENTER_PLACE) + suffix);
                return make(unit);
            });
        } catch (EngineException e) {
            if (!(e.getCause() instanceof SQLException cause) || !NOT_PERMITTED.equals(cause.getSQLState())) {
                throw e;
            }
        }
        return undone(unit, () -> {
            unit.exec(ENTER_TEMPORARY);
            return make(unit);
        });
    }

    private Catalog make(Sql sql) {
        for (Migration migration : migrations) {
            migration.statements(engine.dialect(), tables).forEach(sql::exec);
        }
        return Catalog.read(sql, engine.dialect(), tables);
    }

    /** The result of a step whose effects are taken back. */
    private static <R> R undone(Unit unit, Supplier<R> step) {
        List<R> result = new ArrayList<>(1);
        try {
            unit.nested(() -> {
                result.add(step.get());
                throw new Undo();
            });
        } catch (Undo e) {
            return result.getFirst();
        }
        throw new IllegalStateException("a nested step swallowed an exception");
    }

    /** Thrown to take back a step that went well. */
    private static final class Undo extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Undo() {
            super("the step is to be undone", null, false, false);
        }
    }
}
