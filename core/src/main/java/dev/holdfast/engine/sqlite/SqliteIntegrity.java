package dev.holdfast.engine.sqlite;

import dev.holdfast.engine.EngineDoctor;
import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.Finding;
import dev.holdfast.engine.Sql;
import java.sql.SQLException;
import java.util.Set;
import java.util.function.Consumer;

/** SQLite's own examination of a file: its pages, its indexes, the rules of its tables, the full-text tables. */
final class SqliteIntegrity {
    private static final String OK = "ok";
    private static final int PRIMARY_CODE = 0xff;
    private static final int CORRUPT = 11;
    private static final int NO_DATABASE = 26;
    private static final Set<Integer> DAMAGED = Set.of(CORRUPT, NO_DATABASE);

    private SqliteIntegrity() {}

    /** Reads the whole file in one snapshot; stops after 100 findings. */
    static void examine(Sql sql, Consumer<Finding> out) {
        try {
            sql.list("pragma integrity_check(100)", row -> row.getString(1)).stream()
                    .filter(line -> !line.equals(OK))
                    .forEach(line -> out.accept(Finding.fault(EngineDoctor.NAME, "SQLite: " + line)));
        } catch (EngineException e) {
            if (!isDamage(e)) {
                throw e;
            }
            out.accept(Finding.fault(EngineDoctor.NAME, "SQLite cannot read the file through: " + e.detail()));
        }
    }

    /** Whether SQLite says that what it reads is no sound database. */
    static boolean isDamage(EngineException e) {
        return e.getCause() instanceof SQLException cause && DAMAGED.contains(cause.getErrorCode() & PRIMARY_CODE);
    }

    /** Whether SQLite says that the file is none of its own. */
    static boolean isForeign(EngineException e) {
        return e.getCause() instanceof SQLException cause && (cause.getErrorCode() & PRIMARY_CODE) == NO_DATABASE;
    }
}
