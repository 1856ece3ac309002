package dev.holdfast.engine.postgres;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.TimeSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Opening a database that is not there does not wait as a unit waits for its turn, here an hour. */
@Timeout(60)
class PostgresUnreachableTest {
    private static final PostgresOptions PATIENT = PostgresOptions.defaults().withTurnLimit(Duration.ofHours(1));

    @Test
    void nobodyListens() throws IOException {
        int port;
        try (ServerSocket socket = listen()) {
            port = socket.getLocalPort();
        }

        assertUnavailable(() -> open("postgres://127.0.0.1:" + port + "/app"), "refused");
    }

    @Test
    void whoListensIsSilent() throws IOException {
        try (ServerSocket socket = listen()) {
            String url = "postgres://127.0.0.1:" + socket.getLocalPort() + "/app?loginTimeout=1";

            assertUnavailable(() -> open(url), "timed out");
        }
    }

    @Test
    void theDatabaseIsMissing() {
        String url = "postgres://postgres@127.0.0.1:" + PostgresServer.port() + "/no_such_database";

        assertUnavailable(() -> open(url), "no_such_database");
    }

    private static void assertUnavailable(ThrowingCallable opening, String told) {
        assertThatThrownBy(opening)
                .isInstanceOf(EngineException.class)
                .hasMessageContainingAll("engine.unavailable: the database cannot be reached", told);
    }

    private static ServerSocket listen() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    private static void open(String url) {
        PostgresEngine.open(url, PATIENT, TimeSource.system()).close();
    }
}
