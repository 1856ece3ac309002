package dev.holdfast.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Signals;
import dev.holdfast.engine.Tables;
import dev.holdfast.engine.TimeSource;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.postgresql.ds.PGSimpleDataSource;

/** How the processes of one store wake each other; each engine here is a process. */
class PostgresSignalsTest {
    private static final PostgresOptions QUIET = PostgresOptions.defaults().withNotifications(false);
    private static final String LISTENERS =
            "select count(*) from pg_stat_activity where datname = current_database() and query like 'listen %'";

    private static final String KNOCK = "knock";

    private final String url = PostgresServer.freshUrl();
    private final List<PostgresStore> open = new ArrayList<>();

    @AfterEach
    void close() {
        open.forEach(PostgresStore::close);
    }

    @Test
    void oneProcessWakesAnother() throws InterruptedException {
        PostgresStore one = open(new PostgresStore(url));
        PostgresStore two = open(new PostgresStore(url));
        BlockingQueue<String> heard = hearing(two);

        one.engine.signals().publish("1/kv");
        one.engine.signals().publish("1/search");

        assertThat(next(heard)).isEqualTo("1/kv");
        assertThat(next(heard)).isEqualTo("1/search");
    }

    @Test
    void aProcessHearsItselfDirectlyAndOnce() throws InterruptedException {
        PostgresStore one = open(new PostgresStore(url));
        PostgresStore two = open(new PostgresStore(url));
        BlockingQueue<String> heardByOne = hearing(one);
        BlockingQueue<String> heardByTwo = hearing(two);

        one.engine.signals().publish("1/kv");
        assertThat(heardByOne.poll()).isEqualTo("1/kv");
        assertThat(next(heardByTwo)).isEqualTo("1/kv");
        // What the first heard of its own would have come before the answer.
        two.engine.signals().publish("2/kv");

        assertThat(next(heardByOne)).isEqualTo("2/kv");
    }

    @Test
    void aBurstTravelsTogether() throws Exception {
        PostgresStore one = open(new PostgresStore(url));
        PostgresStore two = open(new PostgresStore(url));
        BlockingQueue<String> heard = hearing(two);
        List<String> expected = new ArrayList<>();

        try (Connection listening = listening(one)) {
            for (int i = 0; i < 2_000; i++) {
                one.engine.signals().publish(i % 50 + "/kv");
            }
            one.engine.signals().publish("1/last");
            for (String topic = next(heard); !topic.equals("1/last"); topic = next(heard)) {
                expected.add(topic);
            }
            PGNotification[] payloads = listening.unwrap(PGConnection.class).getNotifications(1_000);

            assertThat(expected).contains("0/kv", "49/kv").hasSizeLessThan(1_500);
            assertThat(payloads).hasSizeLessThan(40);
        }
    }

    @Test
    void moreThanAPayloadHoldsMeansAnything() throws InterruptedException {
        PostgresStore one = open(new PostgresStore(url));
        PostgresStore two = open(new PostgresStore(url));
        BlockingQueue<String> heard = hearing(two);

        one.engine.signals().publish("1/" + "ä".repeat(4_000));

        assertThat(next(heard)).isEqualTo(Signals.ANYTHING);
    }

    @Test
    void storesWithOtherPrefixesAreNotWoken() throws InterruptedException {
        PostgresStore one = open(new PostgresStore(url));
        PostgresStore stranger = open(new PostgresStore(
                PostgresEngine.open(url, PostgresOptions.defaults(), TimeSource.system()), new Tables("other_")));
        PostgresStore two = open(new PostgresStore(url));
        BlockingQueue<String> heardByStranger = hearing(stranger);
        BlockingQueue<String> heard = hearing(two);

        one.engine.signals().publish("1/kv");
        assertThat(next(heard)).isEqualTo("1/kv");
        open(new PostgresStore(
                        PostgresEngine.open(url, PostgresOptions.defaults(), TimeSource.system()),
                        new Tables("other_")))
                .engine
                .signals()
                .publish("2/kv");

        assertThat(next(heardByStranger)).isEqualTo("2/kv");
    }

    @Test
    void sameTablesInAnotherSchemaAreAnotherStore() {
        PostgresStore one = open(new PostgresStore(url));
        PostgresServer.execute(url, "create schema tenant");
        PostgresStore two = open(new PostgresStore(url + "&currentSchema=tenant"));

        assertThat(channel(one)).startsWith("holdfast_signals_").isNotEqualTo(channel(two));
    }

    @Test
    void aLostConnectionIsReplacedAndWhatWasMissedIsLookedFor() throws InterruptedException {
        PostgresStore one = open(new PostgresStore(url));
        PostgresStore two = open(new PostgresStore(url));
        BlockingQueue<String> heard = hearing(two);

        PostgresServer.execute(
                url,
                "select pg_terminate_backend(pid) from pg_stat_activity"
                        + " where datname = current_database() and query like 'listen %'");

        assertThat(next(heard)).isEqualTo(Signals.ANYTHING);
        untilHeard(heard, "1/kv", () -> one.engine.signals().publish("1/kv"));
    }

    @Test
    void aSourceThatHidesItsConnectionsPolls() throws InterruptedException {
        DataSource hiding = wrapping((connection, method) -> method.equals("isWrapperFor") ? (Object) false : null);
        PostgresStore polling = open(new PostgresStore(
                PostgresEngine.over(hiding, PostgresOptions.defaults(), TimeSource.system()), Tables.defaults()));
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        polling.engine.signals().listen(heard::add);

        for (int i = 0; i < 3; i++) {
            assertThat(next(heard)).isEqualTo(Signals.ANYTHING);
        }
        assertThat(polling.number("select 1")).isEqualTo(1);
    }

    @Test
    void aSourceThatSwallowsListenPolls() throws InterruptedException {
        DataSource deaf = wrapping((connection, method) ->
                method.equals("createStatement") ? statementThatSwallowsListen(connection) : null);
        PostgresStore polling = open(new PostgresStore(
                PostgresEngine.over(deaf, PostgresOptions.defaults(), TimeSource.system()), Tables.defaults()));
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        polling.engine.signals().listen(heard::add);

        for (int i = 0; i < 3; i++) {
            assertThat(next(heard)).isEqualTo(Signals.ANYTHING);
        }
        assertThat(polling.number(LISTENERS)).isZero();
    }

    @Test
    void aGivenSourceHearsToo() throws InterruptedException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        PostgresStore one = open(new PostgresStore(url));
        PostgresStore two = open(new PostgresStore(
                PostgresEngine.over(source, PostgresOptions.defaults(), TimeSource.system()), Tables.defaults()));
        BlockingQueue<String> heard = hearing(two);
        BlockingQueue<String> heardByOne = hearing(one);

        one.engine.signals().publish("1/kv");
        assertThat(next(heard)).isEqualTo("1/kv");
        assertThat(heardByOne.poll()).isEqualTo("1/kv");
        two.engine.signals().publish("2/kv");

        assertThat(next(heardByOne)).isEqualTo("2/kv");
    }

    @Test
    void withoutNotificationsNobodyListensAndEverybodyPolls() throws Exception {
        PostgresStore one = open(new PostgresStore(url, QUIET));
        PostgresStore two = open(new PostgresStore(url, QUIET));
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        two.engine.signals().listen(heard::add);

        try (Connection listening = listening(one)) {
            one.engine.signals().publish("1/kv");

            assertThat(next(heard)).isEqualTo(Signals.ANYTHING);
            assertThat(next(heard)).isEqualTo(Signals.ANYTHING);
            assertThat(one.number(LISTENERS)).isEqualTo(1); // the test's own
            assertThat(listening.unwrap(PGConnection.class).getNotifications()).isEmpty();
        }
    }

    @Test
    void strangeNotificationsDoNoHarm() throws InterruptedException {
        PostgresStore one = open(new PostgresStore(url));
        PostgresStore two = open(new PostgresStore(url));
        BlockingQueue<String> heard = hearing(two);
        String channel = channel(two);

        PostgresServer.execute(
                url,
                "notify " + channel,
                "notify " + channel + ", 'hello'",
                "notify " + channel + ", E'somebody\nno topic'");

        assertThat(next(heard)).isEqualTo("no topic");
        one.engine.signals().publish("1/kv");
        assertThat(next(heard)).isEqualTo("1/kv");
    }

    @Test
    void closingEndsTheListening() throws Exception {
        PostgresStore one = open(new PostgresStore(url));
        PostgresStore two = new PostgresStore(url);
        hearing(two);
        hearing(one);
        assertThat(one.number(LISTENERS)).isEqualTo(2);

        two.close();

        long left = 2;
        for (int i = 0; i < 10_000 && left > 1; i++) {
            left = one.number(LISTENERS); // the server notices a moment later
        }
        assertThat(left).isEqualTo(1);
    }

    private PostgresStore open(PostgresStore store) {
        open.add(store);
        return store;
    }

    /**
     * What a process hears, from the moment on in which it hears others. All processes of the store hear the knocking,
     * so it is left out; the second knock is sent when the first was heard, so the listener has come to rest when it
     * arrives.
     */
    private BlockingQueue<String> hearing(PostgresStore store) throws InterruptedException {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        BlockingQueue<String> knocks = new LinkedBlockingQueue<>();
        store.engine.signals().listen(topic -> (topic.startsWith(KNOCK) ? knocks : heard).add(topic));
        untilHeard(knocks, KNOCK + 1, () -> knock(store, 1));
        knock(store, 2);
        for (String topic = next(knocks); !topic.equals(KNOCK + 2); topic = next(knocks)) {
            assertThat(topic).isEqualTo(KNOCK + 1);
        }
        heard.clear();
        return heard;
    }

    private void knock(PostgresStore store, int number) {
        PostgresServer.execute(url, "notify " + channel(store) + ", E'somebody\\n" + KNOCK + number + "'");
    }

    private static void untilHeard(BlockingQueue<String> heard, String topic, Runnable tell)
            throws InterruptedException {
        for (int i = 0; i < 200; i++) {
            tell.run();
            String next = heard.poll(100, TimeUnit.MILLISECONDS);
            while (next != null && !next.equals(topic)) {
                next = heard.poll(100, TimeUnit.MILLISECONDS);
            }
            if (next != null) {
                return;
            }
        }
        throw new AssertionError("never heard of " + topic);
    }

    private static String channel(PostgresStore store) {
        return store.engine.readOne(unit -> PostgresChannel.of(unit, store.database.tables()));
    }

    /** A connection of a stranger who listens to the store's channel. */
    private Connection listening(PostgresStore store) throws SQLException {
        Connection connection = DriverManager.getConnection(url);
        try (Statement statement = connection.createStatement()) {
            statement.execute("listen " + channel(store));
        }
        return connection;
    }

    /** A source whose connections answer some calls differently. */
    private DataSource wrapping(Detour detour) {
        return (DataSource) proxy(
                DataSource.class,
                (proxy, method, args) -> method.getName().equals("getConnection")
                        ? connection(detour, DriverManager.getConnection(url))
                        : null);
    }

    private static Object connection(Detour detour, Connection real) {
        return proxy(Connection.class, (proxy, method, args) -> {
            Object answer = detour.answer(real, method.getName());
            return answer == null ? invoke(real, method, args) : answer;
        });
    }

    private static Object statementThatSwallowsListen(Connection real) throws SQLException {
        Statement statement = real.createStatement();
        return proxy(
                Statement.class,
                (proxy, method, args) -> args != null && args[0] instanceof String text && text.startsWith("listen ")
                        ? (Object) false
                        : invoke(statement, method, args));
    }

    private static Object invoke(Object target, Method method, Object[] args) throws Throwable {
        try {
            return method.invoke(target, args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static Object proxy(Class<?> type, InvocationHandler handler) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler);
    }

    /** What a connection answers instead of its own answer; null for that. */
    @FunctionalInterface
    private interface Detour {
        @Nullable
        Object answer(Connection real, String method) throws SQLException;
    }

    private static String next(BlockingQueue<String> heard) throws InterruptedException {
        String topic = heard.poll(20, TimeUnit.SECONDS);
        assertThat(topic).isNotNull();
        return topic;
    }
}
