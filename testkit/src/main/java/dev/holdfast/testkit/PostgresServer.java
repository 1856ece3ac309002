package dev.holdfast.testkit;

import static org.awaitility.Awaitility.await;

import dev.holdfast.engine.Engine;
import dev.holdfast.engine.Migration;
import dev.holdfast.engine.Tables;
import dev.holdfast.engine.TimeSource;
import dev.holdfast.engine.postgres.PostgresEngine;
import dev.holdfast.engine.postgres.PostgresOptions;
import dev.holdfast.schema.Schema;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL server, unpacked and started by the test run itself; no Docker, no installation.
 *
 * <p>It runs as a child of this process and is stopped with it. A test run as root works too where the kernel allows
 * user namespaces: PostgreSQL refuses to run as root, and inside such a namespace it is somebody else. Safe for use by
 * many threads.
 */
public final class PostgresServer implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    static final String USER = "postgres";
    private static final Path DISK = Path.of(System.getProperty("java.io.tmpdir"));
    /** Where Linux has a folder that lies in memory. */
    private static final Path MEMORY = Path.of("/dev/shm");

    private static final long MEMORY_BYTES_MIN = 4L << 30;
    private static final String OPTIONS = "postmaster.opts";
    private static final String LOCK = "postmaster.pid";

    private final Path data;
    /** What initdb and the server print; beside the data, as initdb wants an empty folder. */
    private final Path log;

    private final EmbeddedPostgres server;
    private final AtomicInteger databases = new AtomicInteger();
    private final ConcurrentHashMap<List<Migration>, String> templates = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    /** For what is done with whole databases; {@code lock} guards it. */
    private @Nullable Connection connection;

    private PostgresServer(boolean durable) {
        try {
            data = Files.createTempDirectory(durable ? DISK : folder(), "holdfast-postgres");
            log = Files.createTempFile("holdfast-postgres", ".log");
            log.toFile().deleteOnExit();
            server = EmbeddedPostgres.builder()
                    .setErrorRedirector(Redirect.appendTo(log.toFile()))
                    .setOutputRedirector(Redirect.appendTo(log.toFile()))
                    .setDataDirectory(data)
                    .setPGStartupWait(START_LIMIT)
                    // The library starts the server with fsync off; what comes later on the command line wins.
                    .setServerConfig("fsync", durable ? "on" : "off")
                    .setServerConfig("synchronous_commit", durable ? "on" : "off")
                    .setServerConfig("full_page_writes", durable ? "on" : "off")
                    // Its lock file would outlive a killed server.
                    .setServerConfig("unix_socket_directories", "")
                    .setServerConfig("shared_buffers", "64MB")
                    .setServerConfig("max_connections", "300")
                    .setServerConfig("max_prepared_transactions", "16")
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL did not start", e);
        }
    }

    /**
     * Where the shared server keeps its data: in memory where there is room. A database is hundreds of files, and a
     * disk takes long to find a place for new ones when many were deleted a moment ago.
     */
    private static Path folder() throws IOException {
        boolean room = Files.isWritable(MEMORY) && Files.getFileStore(MEMORY).getUsableSpace() > MEMORY_BYTES_MIN;
        return room ? MEMORY : DISK;
    }

    /**
     * The server that all tests of this process share, started by the first call. It answers quickly and loses what it
     * likes when it dies: fsync is off.
     */
    public static PostgresServer shared() {
        return Shared.SERVER;
    }

    /** A server of its own for a test that kills it: what it acknowledged survives. Close it. */
    public static PostgresServer durable() {
        return new PostgresServer(true);
    }

    /**
     * Makes an empty database.
     *
     * @return its JDBC URL, user included; there is no password
     */
    public String freshDatabase() {
        return server.getJdbcUrl(USER, make(""));
    }

    /**
     * Makes a database with the tables of some migrations, as a copy of one that was made so before.
     *
     * @return its JDBC URL, user included; there is no password
     */
    String freshDatabase(List<Migration> migrations) {
        String template = templates.computeIfAbsent(migrations, this::template);
        // To copy files takes half as long as the log that is the rule: the databases are small and lie in memory.
        return server.getJdbcUrl(USER, make(" template " + template + " strategy file_copy"));
    }

    private String template(List<Migration> migrations) {
        String name = make("");
        String url = server.getJdbcUrl(USER, name);
        try (Engine engine = PostgresEngine.open(url, PostgresOptions.defaults(), TimeSource.system())) {
            new Schema(Tables.defaults(), migrations).migrate(engine);
        }
        return name;
    }

    private String make(String how) {
        String name = "test_" + databases.incrementAndGet();
        execute("create database " + name + how);
        return name;
    }

    /** Drops a database that {@link #freshDatabase} made, whoever is still connected to it. */
    public void drop(String url) {
        String name = url.substring(url.lastIndexOf('/') + 1, url.indexOf('?'));
        execute("drop database if exists " + name + " with (force)");
    }

    /**
     * Kills the server as a crash would: SIGKILL to its first process; the others end by themselves when they notice.
     * Returns when all are gone. Nothing is flushed, nobody is told. {@link #restart} brings it back.
     */
    public void kill() {
        kill(data);
    }

    static void kill(Path data) {
        ProcessHandle first = ProcessHandle.of(pid(data)).orElseThrow();
        List<ProcessHandle> all = new ArrayList<>(first.descendants().toList());
        all.add(first);
        first.destroyForcibly();
        await().atMost(START_LIMIT).until(() -> all.stream().allMatch(PostgresServer::gone));
    }

    /** Starts a killed server on the same data and port; returns when it has recovered and takes connections. */
    public void restart() {
        start(data, words(data));
        awaitConnection(server.getJdbcUrl(USER, "postgres"));
    }

    /**
     * Makes a standby of a server that was killed, from a copy of its data; {@link #restart} the server, then start the
     * standby. Close it.
     */
    public PostgresStandby standby() {
        return new PostgresStandby(this);
    }

    /** The number of the server's first process. */
    public long pid() {
        return pid(data);
    }

    Path data() {
        return data;
    }

    int port() {
        return server.getPort();
    }

    /** The command that started the server of some data, without what runs it as another user. */
    static List<String> words(Path data) {
        try {
            return Stream.of(Files.readString(data.resolve(OPTIONS)).strip().split(" ", -1))
                    .map(word -> word.replace("\"", ""))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL never ran there", e);
        }
    }

    /** Starts a server on some data with a command of {@link #words}, which it takes over for {@link #words}. */
    void start(Path folder, List<String> words) {
        try {
            // The first line of the dead server's lock file is a number that another process may have by now.
            Files.deleteIfExists(folder.resolve(LOCK));
            List<String> command =
                    new ArrayList<>(LinuxUtils.isUnshareAvailable() ? List.of("unshare", "-U") : List.of());
            command.addAll(words);
            new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL did not start again", e);
        }
    }

    static void awaitConnection(String url) {
        await().atMost(START_LIMIT).ignoreExceptions().until(() -> {
            execute(url, "select 1");
            return true;
        });
    }

    /** The number of the first process of the server on some data. */
    static long pid(Path data) {
        try {
            return Long.parseLong(Files.readAllLines(data.resolve(LOCK)).getFirst());
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL does not run", e);
        }
    }

    /** Stops the server and deletes its data. The shared one is stopped at the end of the process. */
    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL did not stop", e);
        }
    }

    /** Runs a statement on the server's own connection, which is made when there is none that answers. */
    private void execute(String sql) {
        lock.lock();
        try {
            if (connection == null || !connection.isValid((int) START_LIMIT.toSeconds())) {
                connection = DriverManager.getConnection(server.getJdbcUrl(USER, "postgres"));
            }
            execute(connection, sql);
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL does not answer", e);
        } finally {
            lock.unlock();
        }
    }

    /** Runs statements on a connection of their own. */
    static void execute(String url, String sql) {
        try (Connection connection = DriverManager.getConnection(url)) {
            execute(connection, sql);
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL does not answer: " + url, e);
        }
    }

    private static void execute(Connection connection, String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL refused: " + sql, e);
        }
    }

    /** Whether a process has ended; one that ended and was not collected by its parent still has a number. */
    private static boolean gone(ProcessHandle process) {
        if (!process.isAlive()) {
            return true;
        }
        try {
            String status = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            return status.charAt(status.lastIndexOf(')') + 2) == 'Z';
        } catch (IOException e) {
            return !process.isAlive();
        }
    }

    /** Starts the server when it is first asked for. */
    private static final class Shared {
        static final PostgresServer SERVER = new PostgresServer(false);
    }
}
