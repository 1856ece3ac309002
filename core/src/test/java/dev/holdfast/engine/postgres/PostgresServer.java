package dev.holdfast.engine.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/** One server for all tests of a JVM, which ends with it. Each test asks for a database of its own. */
public final class PostgresServer {
    /** Where Linux has a folder that lies in memory. */
    private static final Path MEMORY = Path.of("/dev/shm");

    private static final long MEMORY_BYTES_MIN = 2L << 30;
    private static final EmbeddedPostgres SERVER = start();
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private PostgresServer() {}

    /** The address of a new, empty database. */
    public static String freshUrl() {
        return create("");
    }

    /** The address of a new database that holds what another one holds, to which nobody is connected. */
    public static String copy(String url) {
        return create(" template " + url.substring(url.lastIndexOf('/') + 1, url.indexOf('?')));
    }

    private static String create(String how) {
        String name = "test" + DATABASES.incrementAndGet();
        execute(SERVER.getJdbcUrl("postgres", "postgres"), "create database " + name + how);
        return SERVER.getJdbcUrl("postgres", name);
    }

    static int port() {
        return SERVER.getPort();
    }

    /** Runs statements on a connection of their own. */
    static void execute(String url, String... statements) {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (String text : statements) {
                statement.execute(text);
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static EmbeddedPostgres start() {
        try {
            return EmbeddedPostgres.builder()
                    .setDataDirectory(dataFolder())
                    .setServerConfig("fsync", "off")
                    .setServerConfig("max_connections", "300")
                    .setServerConfig("max_prepared_transactions", "10")
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * In memory where there is room. A database is hundreds of files, and ext4 takes long to find a place for new ones
     * when many were deleted a moment ago.
     */
    private static Path dataFolder() throws IOException {
        boolean room = Files.isWritable(MEMORY) && Files.getFileStore(MEMORY).getUsableSpace() > MEMORY_BYTES_MIN;
        return Files.createTempDirectory(
                room ? MEMORY : Path.of(System.getProperty("java.io.tmpdir")), "holdfast-postgres");
    }
}
