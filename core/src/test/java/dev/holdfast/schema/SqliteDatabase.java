package dev.holdfast.schema;

import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.TimeSource;
import dev.holdfast.engine.sqlite.SqliteEngine;
import dev.holdfast.engine.sqlite.SqliteOptions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** A SQLite file. */
final class SqliteDatabase extends TestDatabase {
    private final Path file;

    SqliteDatabase(Path folder) {
        this.file = folder.resolve("schema.db");
    }

    @Override
    Dialect dialect() {
        return Dialect.SQLITE;
    }

    @Override
    Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file);
    }

    @Override
    Engine newEngine() {
        return SqliteEngine.open(file, SqliteOptions.defaults(), TimeSource.system());
    }
}
