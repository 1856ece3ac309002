package dev.holdfast.testkit;

import dev.holdfast.engine.Engine;
import dev.holdfast.engine.Migration;
import dev.holdfast.engine.TimeSource;
import dev.holdfast.engine.sqlite.SqliteEngine;
import dev.holdfast.engine.sqlite.SqliteOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

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
        private final Path folder;

        InFile(SqliteOptions options) {
            this.options = options;
            try {
                folder = Files.createTempDirectory("holdfast-sqlite");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public Engine open(TimeSource time) {
            return remember(SqliteEngine.open(folder.resolve("store.db"), options, time));
        }

        @Override
        public Connection connect() throws SQLException {
            return DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("store.db"));
        }

        @Override
        public void close() {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
