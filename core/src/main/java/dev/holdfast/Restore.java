package dev.holdfast;

import dev.holdfast.engine.Engine;
import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.Finding;
import dev.holdfast.engine.HoldfastException;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.SchemaException;
import dev.holdfast.engine.Tables;
import dev.holdfast.engine.sqlite.SqliteEngine;
import dev.holdfast.engine.sqlite.SqliteFile;
import dev.holdfast.engine.sqlite.SqliteReplacement;
import dev.holdfast.schema.Schema;
import dev.holdfast.schema.SchemaVersion;
import dev.holdfast.stream.StreamRoom;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts a backup in the place of a store. The copy is examined, brought up to date, and its versionstamps are raised
 * above everything that was handed out before, as far as the replaced store and the clock tell, and its streams go on
 * behind every offset that was; only then it takes the place.
 */
final class Restore {
    private static final String DAMAGED = "restore.damaged";

    private Restore() {}

    static void run(Path backup, Path file, HoldfastOptions options, boolean replace) {
        try (SqliteReplacement copy = SqliteReplacement.of(backup, file, replace)) {
            Tables tables = options.tables();
            long above = copy.number(tables.sql("{p}state"), "versionstamp").orElse(0L);
            long generation = copy.number(tables.sql("{p}stream_generation"), "generation")
                    .orElse(0L);
            try {
                prepare(copy.file(), above, generation, options);
            } catch (HoldfastException e) {
                throw about(backup, e);
            }
            copy.settle();
        }
    }

    private static void prepare(Path copy, long above, long generation, HoldfastOptions options) {
        Engine engine = SqliteEngine.open(copy, options.sqlite(), options.time());
        try {
            requireSound(engine, options);
        } catch (RuntimeException e) {
            engine.close();
            throw e;
        }
        try (Holdfast restored = Holdfast.over(engine, options)) {
            StreamRoom.of(restored.database()).reach(generation);
            restored.database().renew(above);
        }
    }

    /** The same failure, told of the file that the caller knows: that of the copy has another name. */
    private static HoldfastException about(Path backup, HoldfastException e) {
        String file = " (file=" + backup + ")";
        return switch (e) {
            case InvalidInputException none ->
                new InvalidInputException("restore.no_store", "the file holds no store" + file, none);
            case SchemaException other -> new SchemaException(other.code(), other.detail() + file, other);
            case EngineException failed
            when failed.code().equals(DAMAGED) -> new EngineException(DAMAGED, failed.detail() + file, failed);
            case EngineException failed
            when SqliteFile.isDamage(failed) ->
                new EngineException(DAMAGED, "the backup is damaged: " + reason(failed) + file, failed);
            case EngineException failed ->
                new EngineException("restore.failed", "the backup cannot be read: " + reason(failed) + file, failed);
            default -> e;
        };
    }

    private static String reason(EngineException failed) {
        return failed.getCause() instanceof SQLException sqlite ? String.valueOf(sqlite.getMessage()) : failed.detail();
    }

    private static void requireSound(Engine engine, HoldfastOptions options) {
        List<Finding> findings = new ArrayList<>();
        engine.examine(options.tables(), findings::add);
        if (!findings.isEmpty()) {
            throw new EngineException(
                    DAMAGED, "the backup is damaged: " + findings.getFirst().text());
        }
        Schema schema = new Schema(options.tables(), Rooms.migrations(), options.time());
        if (schema.installed(engine).equals(SchemaVersion.none())) {
            throw new InvalidInputException("restore.no_store", "the file holds no store");
        }
    }
}
