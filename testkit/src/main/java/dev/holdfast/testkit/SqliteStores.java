package dev.holdfast.testkit;

import dev.holdfast.engine.Engine;
import dev.holdfast.engine.Migration;
import dev.holdfast.engine.TimeSource;
import dev.holdfast.engine.sqlite.SqliteEngine;
import dev.holdfast.engine.sqlite.SqliteOptions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

/** Stores in SQLite files, each in a temporary folder of its own. */
public final class SqliteStores extends Stores {
    private final SqliteOptions options;

    /** Files opened with the default options. */
    public SqliteStores() {
        this(SqliteOptions.defaults(), List.of());
    }

    /** Files opened with these options, holding the tables of these rooms. */
    public SqliteStores(SqliteOptions options, List<Migration> rooms) {
        super(rooms);
        this.options = options;
    }

    @Override
    protected TestDatabase create() {
        return new InFile(options);
    }

    /** A folder with the file and what SQLite lays beside it. */
    private static final class InFile extends SqliteTestDatabase {
        private final SqliteOptions options;
        private final TestFolder folder = TestFolder.make();

        InFile(SqliteOptions options) {
            this.options = options;
        }

        @Override
        public Engine open(TimeSource time) {
            return remember(SqliteEngine.open(file(), options, time));
        }

        @Override
        public Connection connect() throws SQLException {
            return DriverManager.getConnection("jdbc:sqlite:" + file());
        }

        @Override
        public void close() {
            folder.close();
        }

        private Path file() {
            return folder.path().resolve("store.db");
        }
    }
}
