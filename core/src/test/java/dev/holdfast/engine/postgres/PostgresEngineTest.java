package dev.holdfast.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.ClosedException;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.SchemaException;
import dev.holdfast.engine.Tables;
import dev.holdfast.engine.TimeSource;
import dev.holdfast.engine.UnitKind;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Opening, sharing and closing. */
class PostgresEngineTest {
    private final String url = PostgresServer.freshUrl();

    @Test
    void manyProcessesMayMakeTheTablesAtOnce() throws Exception {
        List<Future<PostgresStore>> opening = new ArrayList<>();
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 5; i++) {
                opening.add(pool.submit(() -> new PostgresStore(url)));
            }
        }

        for (Future<PostgresStore> one : opening) {
            try (PostgresStore store = one.get()) {
                assertThat(store.number("select count(*) from holdfast_migrations where room = 'engine'"))
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void refusesAServerThatIsTooOld() {
        DataSource old = source(connection ->
                proxy(DatabaseMetaData.class, connection.getMetaData(), (method, answer) -> switch (method) {
                    case "getDatabaseMajorVersion" -> 14;
                    case "getDatabaseProductVersion" -> "14.99";
                    default -> answer;
                }));

        assertThatThrownBy(() -> PostgresEngine.over(old, PostgresOptions.defaults(), TimeSource.system()))
                .isInstanceOfSatisfying(
                        SchemaException.class, e -> assertThat(e.code()).isEqualTo("postgres.too_old"))
                .hasMessageContaining("14.99");
    }

    @Test
    void refusesTablesOfASecondPrefix() {
        try (PostgresStore store = new PostgresStore(url)) {
            assertThatThrownBy(() -> new PostgresStore(store.engine, new Tables("other_")))
                    .isInstanceOfSatisfying(
                            InvalidInputException.class,
                            e -> assertThat(e.code()).isEqualTo("postgres.two_prefixes"));
        }
    }

    @Test
    void closingWaitsForRunningUnitsAndRefusesNewOnes() throws Exception {
        PostgresStore store = new PostgresStore(url);
        store.exec("create table t (k integer primary key)");
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);

        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> running = pool.submit(() -> store.session.write(UnitKind.USER, tx -> {
                inside.countDown();
                await(goOn);
                return tx.exec("insert into t values (1)");
            }));
            await(inside);
            Future<?> closing = pool.submit(store.engine::close);
            while (!refuses(store)) {
                Thread.onSpinWait();
            }
            assertThat(closing.isDone()).isFalse();
            goOn.countDown();

            assertThat(running.get(10, TimeUnit.SECONDS)).isEqualTo(1);
            closing.get(10, TimeUnit.SECONDS);
        }
        store.close();
        assertThat(sessions()).isZero();
    }

    @Test
    void closingDoesNotWaitForEver() throws Exception {
        PostgresStore store = new PostgresStore(url, PostgresOptions.defaults().withTurnLimit(Duration.ofMillis(250)));
        CountDownLatch goOn = new CountDownLatch(1);

        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch inside = new CountDownLatch(1);
            Future<?> stuck = pool.submit(() -> store.session.write(UnitKind.OPERATION, tx -> {
                inside.countDown();
                await(goOn);
                return tx.exec("select 1");
            }));
            await(inside);
            store.close();
            goOn.countDown();

            assertThatThrownBy(() -> stuck.get(20, TimeUnit.SECONDS)).isNotNull();
        }
    }

    @Test
    void aCallersPoolGetsItsConnectionsBackAsTheyWere() throws SQLException {
        try (Connection only = DriverManager.getConnection(url)) {
            only.setAutoCommit(false);
            DataSource single = new Single(only).source();
            PostgresOptions quiet = PostgresOptions.defaults().withNotifications(false);
            PostgresEngine engine = PostgresEngine.over(single, quiet, TimeSource.system());

            engine.write(UnitKind.DECISION, unit -> unit.exec("create table t (k integer)"));
            assertThat(only.getAutoCommit()).isFalse();
            engine.writeOne(unit -> unit.exec("insert into t values (1)"));
            assertThat(only.getAutoCommit()).isFalse();
            assertThatThrownBy(() -> engine.read(unit -> unit.exec("insert into t values (2)")))
                    .isNotNull();
            assertThat(only.getAutoCommit()).isFalse();
            engine.close();

            try (PreparedStatement statement =
                            only.prepareStatement("select count(*), current_setting('transaction_isolation'),"
                                    + " current_setting('transaction_read_only') from t");
                    ResultSet row = statement.executeQuery()) {
                row.next();
                assertThat(row.getLong(1)).isEqualTo(1);
                assertThat(row.getString(2)).isEqualTo("read committed");
                assertThat(row.getString(3)).isEqualTo("off");
            }
        }
    }

    @Test
    void rowsOfAReadComeInPortions() {
        try (PostgresStore store = new PostgresStore(url)) {
            store.exec("create table t as select g as k from generate_series(1, 5000) g");

            long sum = store.session.read(tx -> {
                try (Stream<Long> rows = tx.iterate("select k from t order by k", row -> row.getLong(1))) {
                    return rows.limit(3_000).mapToLong(k -> k).sum();
                }
            });
            long portals = store.session.read(tx -> {
                try (Stream<Long> rows = tx.iterate("select k from t order by k", row -> row.getLong(1))) {
                    rows.iterator().next();
                    return tx.first("select count(*) from pg_cursors", row -> row.getLong(1))
                            .orElseThrow();
                }
            });

            assertThat(sum).isEqualTo(3_000L * 3_001 / 2);
            assertThat(portals).isPositive();
        }
    }

    private boolean refuses(PostgresStore store) {
        try {
            store.engine.readOne(unit -> 1);
            return false;
        } catch (ClosedException e) {
            return e.code().equals("engine.closed");
        }
    }

    private long sessions() throws SQLException {
        long count = 1;
        try (Connection connection = DriverManager.getConnection(url);
                PreparedStatement statement = connection.prepareStatement("select count(*) from pg_stat_activity"
                        + " where datname = current_database() and application_name = 'holdfast'")) {
            for (int i = 0; i < 10_000 && count > 0; i++) {
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    count = row.getLong(1);
                }
            }
        }
        return count;
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A source whose connections describe their server differently. */
    private DataSource source(Describer describer) {
        return (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, args) -> {
                    Connection real = DriverManager.getConnection(url);
                    DatabaseMetaData described = describer.describe(real);
                    return proxy(
                            Connection.class,
                            real,
                            (called, answer) -> called.equals("getMetaData") ? described : answer);
                });
    }

    private static <T> T proxy(Class<T> type, T target, Answer answer) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            try {
                return answer.instead(method.getName(), method.invoke(target, args));
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }

    /** Describes a server. */
    @FunctionalInterface
    private interface Describer {
        DatabaseMetaData describe(Connection connection) throws SQLException;
    }

    /** What is answered instead of the real answer. */
    @FunctionalInterface
    private interface Answer {
        Object instead(String method, Object answer);
    }

    /** A pool of one connection that closing gives back. */
    private record Single(Connection only) {
        DataSource source() {
            Connection kept = (Connection) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, args) -> {
                        if (method.getName().equals("close")) {
                            return null;
                        }
                        try {
                            return method.invoke(only, args);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
            return (DataSource) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, args) -> kept);
        }
    }
}
