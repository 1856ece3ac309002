package dev.holdfast.cli;

import static java.util.Objects.requireNonNull;

import dev.holdfast.testkit.PostgresServer;
import dev.holdfast.testkit.PostgresStandby;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** Kills of a server of streams and of PostgreSQL, one first or the other, and standbys that are promoted. */
class StreamKillsPostgresIT extends StreamKillsContract {
    // Fields, because the JDK forgets settings of a logger that nobody holds.
    private static final List<Logger> QUIET = Stream.of("com.zaxxer.hikari", "io.zonky.test", "dev.holdfast")
            .map(Logger::getLogger)
            .toList();

    private static PostgresServer postgres;
    private static String url;

    private @Nullable PostgresStandby standby;

    @BeforeAll
    static void start() {
        QUIET.forEach(logger -> logger.setLevel(Level.WARNING));
        postgres = PostgresServer.durable();
        url = postgres.freshDatabase();
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    @AfterEach
    void stopStandby() {
        if (standby != null) {
            standby.close();
        }
    }

    @Override
    String database() {
        return url;
    }

    @Override
    void kill(ServedStore server, int round) {
        if (round % 2 == 0) {
            postgres.kill();
            server.kill();
        } else {
            server.kill();
            postgres.kill();
        }
    }

    @Override
    void restart() {
        postgres.restart();
    }

    @Override
    void prepareLoss() {
        postgres.kill();
        standby = postgres.standby();
        postgres.restart();
        standby.start();
    }

    @Override
    void remember() {
        requireNonNull(standby).stop();
    }

    @Override
    void lose() {
        postgres.kill();
        requireNonNull(standby).takeOver();
        postgres.restart();
        standby.close();
        standby = null;
    }
}
