package dev.holdfast.testkit;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A standby of a {@link PostgresServer}: it follows by streaming, asynchronously, until the server is killed and it is
 * promoted. Then it takes the server's place, under its address: what had not reached it is lost, as after a real
 * failover. One thread at a time uses it.
 */
public final class PostgresStandby implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final PostgresServer primary;
    private final Path data;
    private final List<String> words;
    private final String url;
    private boolean running;

    PostgresStandby(PostgresServer primary) {
        this.primary = primary;
        try {
            data = Files.createTempDirectory("holdfast-standby");
            copy(primary.data(), data);
            Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
            Files.deleteIfExists(data.resolve("postmaster.pid"));
            Files.createFile(data.resolve("standby.signal"));
            Files.writeString(
                    data.resolve("postgresql.auto.conf"),
                    "primary_conninfo = 'host=127.0.0.1 port=" + primary.port() + " user=" + PostgresServer.USER
                            + "'\n",
                    StandardOpenOption.APPEND);
            int port = freePort();
            url = "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=" + PostgresServer.USER;
            words = words(port);
        } catch (IOException e) {
            throw new UncheckedIOException("the data of the server could not be copied", e);
        }
    }

    /** The command of the server, with the data and the port of this one. */
    private List<String> words(int port) {
        List<String> changed = new ArrayList<>();
        String before = "";
        for (String word : PostgresServer.words(primary.data())) {
            boolean isPort = before.equals("-p");
            changed.add(
                    isPort
                            ? Integer.toString(port)
                            : word.replace(primary.data().toString(), data.toString()));
            before = word;
        }
        return changed;
    }

    /** Starts it beside the running server; returns when it follows. */
    public void start() {
        primary.start(data, words);
        running = true;
        PostgresServer.awaitConnection(url);
        await().atMost(LIMIT).until(this::streams);
    }

    private boolean streams() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select count(*) from pg_stat_wal_receiver where status = 'streaming'")) {
            return row.next() && row.getInt(1) == 1;
        }
    }

    /** Kills it: it falls behind from now on, and follows no more. */
    public void stop() {
        PostgresServer.kill(data);
        running = false;
    }

    /**
     * Makes it the server, which must have been killed: promotes it, kills it in turn, and gives its data the place of
     * the server's. {@link PostgresServer#restart} brings that back.
     */
    public void takeOver() {
        if (!running) {
            primary.start(data, words);
            running = true;
            PostgresServer.awaitConnection(url);
        }
        PostgresServer.execute(url, "select pg_promote(true, " + LIMIT.toSeconds() + ")");
        stop();
        try {
            String options = Files.readString(primary.data().resolve("postmaster.opts"));
            empty(primary.data(), false);
            copy(data, primary.data());
            Files.writeString(primary.data().resolve("postmaster.opts"), options);
        } catch (IOException e) {
            throw new UncheckedIOException("the data of the standby could not be moved", e);
        }
    }

    /** Kills it, if it runs, and deletes its data. */
    @Override
    public void close() {
        if (running) {
            stop();
        }
        try {
            empty(data, true);
        } catch (IOException e) {
            throw new UncheckedIOException("the data of the standby could not be deleted", e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                Path copy = to.resolve(from.relativize(folder).toString());
                if (!Files.isDirectory(copy)) {
                    Files.createDirectory(
                            copy, PosixFilePermissions.asFileAttribute(Files.getPosixFilePermissions(folder)));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void empty(Path folder, boolean itself) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path done, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                if (itself || !done.equals(folder)) {
                    Files.delete(done);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
