package dev.holdfast.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nobody waits for ever for a server that does not answer any more, although the connection to it stays open. */
@Timeout(60)
class PostgresSilenceTest {
    private static final PostgresOptions NARROW = PostgresOptions.defaults()
            .withOperations(1)
            .withDecisions(1)
            .withNotifications(false)
            .withTurnLimit(Duration.ofSeconds(7))
            .withTransactionLimit(Duration.ofSeconds(11));
    private static final int MINUTE = 60_000;

    @ParameterizedTest
    @EnumSource
    void aWriteEnds(UnitKind kind) throws IOException {
        whenTheServerFallsSilent(session -> session.write(kind, tx -> tx.first("select 1", row -> 1)));
    }

    @Test
    void aReadEnds() throws IOException {
        whenTheServerFallsSilent(session -> session.read(tx -> tx.first("select 1", row -> 1)));
        whenTheServerFallsSilent(session -> session.readOne(tx -> tx.first("select 1", row -> 1)));
    }

    @Test
    void everyUnitHasAnEndBeyondWhatItMayWaitFor() {
        try (PostgresStore store = new PostgresStore(PostgresServer.freshUrl(), NARROW)) {
            int operation = 7_000 + 5 * MINUTE;

            assertThat(store.session.<Integer>write(UnitKind.OPERATION, PostgresSilenceTest::silence))
                    .isEqualTo(operation);
            assertThat(store.session.<Integer>write(UnitKind.DECISION, PostgresSilenceTest::silence))
                    .isEqualTo(operation + 11_000);
            assertThat(store.session.<Integer>read(PostgresSilenceTest::silence))
                    .isEqualTo(60 * MINUTE);
            assertThat(store.session.<Integer>write(UnitKind.OPERATION, PostgresSilenceTest::silence))
                    .isEqualTo(operation);
        }
    }

    @Test
    void whatTheCallerSaysHolds() {
        String url = PostgresServer.freshUrl();
        try (PostgresStore store = new PostgresStore(url + (url.contains("?") ? "&" : "?") + "socketTimeout=3")) {
            assertThat(store.session.<Integer>write(UnitKind.OPERATION, PostgresSilenceTest::silence))
                    .isEqualTo(3_000);
            assertThat(store.session.<Integer>read(PostgresSilenceTest::silence))
                    .isEqualTo(3_000);
        }
    }

    private static void whenTheServerFallsSilent(Consumer<Session> unit) throws IOException {
        try (PostgresProxy proxy = new PostgresProxy();
                PostgresStore store =
                        new PostgresStore(proxy.through(PostgresServer.freshUrl()) + "&socketTimeout=1", NARROW)) {
            unit.accept(store.session);
            proxy.fallSilent();
            ThrowingCallable late = () -> unit.accept(store.session);

            assertThatThrownBy(late).isInstanceOf(EngineException.class);
        }
    }

    private static int silence(Tx tx) {
        try {
            return tx.connection().getNetworkTimeout();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
