package dev.holdfast.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.Tables;
import dev.holdfast.engine.TimeSource;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Versionstamps keep rising when the server is not the one it was. */
class PostgresBaseTest {
    /**
     * What a restore leaves: ids that are far lower than those handed out, and the name of the server the copy came
     * from.
     */
    private static final String SET_BACK = "update holdfast_state set base = base - 100000000, ";

    private final String url = PostgresServer.freshUrl();

    @Test
    void beginsBelowTheClockAndNamesItsServer() {
        try (PostgresStore store = new PostgresStore(url)) {
            long first = stamp(store);

            assertThat(first).isLessThanOrEqualTo(System.currentTimeMillis() << 16);
            assertThat(first).isGreaterThan((System.currentTimeMillis() - 60_000) << 16);
            assertThat(store.number("select count(*) from holdfast_state s, pg_control_system() c"
                            + " where s.system_identifier = c.system_identifier and s.timeline = 1"))
                    .isEqualTo(1);
        }
    }

    @Test
    void isTheSameForEveryoneWhoOpensTheSameServer() {
        try (PostgresStore one = new PostgresStore(url)) {
            long before = base(one);
            try (PostgresStore two = new PostgresStore(url)) {
                assertThat(base(two)).isEqualTo(before);
                assertThat(stamp(two)).isLessThan(stamp(one));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"system_identifier = 4711", "timeline = timeline + 1"})
    void isRaisedWhenTheStoreIsOpenedOnAnotherServer(String other) {
        long before;
        try (PostgresStore store = new PostgresStore(url)) {
            before = stamp(store);
        }
        PostgresServer.execute(url, SET_BACK + other);

        try (PostgresStore store = new PostgresStore(url)) {
            assertThat(stamp(store)).isGreaterThan(before);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"system_identifier = 4711", "timeline = timeline + 1"})
    void isRaisedByTheFirstConnectionToAnotherServer(String other) throws SQLException {
        try (PostgresStore store = new PostgresStore(url);
                PostgresStore second = new PostgresStore(url)) {
            long before = stamp(store);
            PostgresServer.execute(url, SET_BACK + other);
            endSessions(); // as a failover does

            long after = stampOfNewConnection(second);
            long others = stampOfNewConnection(store);

            assertThat(after).isGreaterThan(before);
            assertThat(others).isGreaterThan(after);
        }
    }

    @Test
    void isRaisedAboveWhatTheLogHolds() {
        long high = (System.currentTimeMillis() + 1_000_000) << 16;
        try (PostgresStore store = new PostgresStore(url)) {
            store.exec("insert into holdfast_changes values (1, ?, 0, 'test', '', '', 0)", high);
        }

        try (PostgresStore store = new PostgresStore(url)) {
            assertThat(stamp(store)).isGreaterThan(high);
        }
    }

    @Test
    void isRaisedAboveWhatARunningTransactionHas() throws Exception {
        try (PostgresStore store = new PostgresStore(url);
                var pool = Executors.newVirtualThreadPerTaskExecutor();
                Connection other = DriverManager.getConnection(url)) {
            other.setAutoCommit(false);
            long running = store.database.joined(other, "default").write(UnitKind.OPERATION, Tx::versionstamp);
            var raising = pool.submit(() -> store.database.raiseBase(0));
            other.commit();
            raising.get();

            assertThat(stamp(store)).isGreaterThan(running);
        }
    }

    @Test
    void manyWhoOpenAStoreAtOnceAgree() throws Exception {
        try (PostgresStore store = new PostgresStore(url)) {
            stamp(store);
        }
        PostgresServer.execute(url, SET_BACK + "timeline = 7");
        List<PostgresStore> stores = new ArrayList<>();
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var opening = new ArrayList<java.util.concurrent.Future<PostgresStore>>();
            for (int i = 0; i < 4; i++) {
                opening.add(pool.submit(() -> new PostgresStore(url)));
            }
            for (var one : opening) {
                stores.add(one.get());
            }

            assertThat(stores.stream().map(PostgresBaseTest::base).distinct()).hasSize(1);
        } finally {
            stores.forEach(PostgresStore::close);
        }
    }

    @Test
    void aRoleThatMayNotAskIsToldAndRaisesByHand() {
        long before;
        try (PostgresStore store = new PostgresStore(url)) {
            before = stamp(store);
        }
        String role = "blind" + url.hashCode();
        PostgresServer.execute(
                url,
                SET_BACK + "timeline = 7",
                "revoke execute on function pg_control_system() from public",
                "create role \"" + role + "\" login",
                "grant all on all tables in schema public to \"" + role + "\"",
                "grant create on schema public to \"" + role + "\"");
        PostgresOptions options = PostgresOptions.defaults().withProperties(Map.of("user", role, "password", "none"));
        List<String> warnings = new ArrayList<>();
        Handler handler = remembering(warnings);
        Logger logger = Logger.getLogger("dev.holdfast.engine.VersionstampBase");
        logger.addHandler(handler);

        try (PostgresStore store =
                new PostgresStore(PostgresEngine.open(url, options, TimeSource.system()), Tables.defaults())) {
            long blind = stamp(store);
            store.database.raiseBase(0);
            long raised = stamp(store);

            assertThat(blind).isLessThan(before);
            assertThat(raised).isGreaterThan(before);
            assertThat(warnings)
                    .singleElement()
                    .asString()
                    .contains("pg_control_system")
                    .contains("renew");
        } finally {
            logger.removeHandler(handler);
        }
    }

    private static Handler remembering(List<String> warnings) {
        return new Handler() {
            @Override
            public void publish(LogRecord entry) {
                if (entry.getLevel().intValue() >= Level.WARNING.intValue()) {
                    warnings.add(entry.getMessage());
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
    }

    private void endSessions() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                var statement = connection.createStatement()) {
            statement.execute("select pg_terminate_backend(pid, 5000) from pg_stat_activity"
                    + " where datname = current_database() and pid <> pg_backend_pid() and "
                    + "application_name = 'holdfast'");
        }
    }

    private static long stamp(PostgresStore store) {
        return store.session.write(UnitKind.OPERATION, Tx::versionstamp);
    }

    /** A pool does not look at a connection that was used a moment ago, so a call may meet one that has ended. */
    private static long stampOfNewConnection(PostgresStore store) {
        try {
            return stamp(store);
        } catch (EngineException e) {
            assertThat(e).hasMessageContaining("57P01");
            return stamp(store);
        }
    }

    private static long base(PostgresStore store) {
        return store.number("select base from holdfast_state");
    }
}
