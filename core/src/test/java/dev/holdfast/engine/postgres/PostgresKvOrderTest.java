package dev.holdfast.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastOptions;
import dev.holdfast.engine.NamespaceQuota;
import dev.holdfast.engine.NamespaceUsage;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.key.Key;
import dev.holdfast.kv.Kv;
import dev.holdfast.kv.KvRoom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What commits of two programs leave that meet in an entry: the log ends with what is there, and counters count it. */
class PostgresKvOrderTest {
    private static final Key K = Key.of("k");
    private static final Key LATER = Key.of("later");
    private static final HoldfastOptions QUIET = HoldfastOptions.defaults()
            .withPostgres(PostgresOptions.defaults().withNotifications(false))
            .withMaintenance(Duration.ofHours(1));

    private final String url = PostgresServer.freshUrl();
    private final Holdfast one = Holdfast.open(url, QUIET);
    private final Holdfast other = Holdfast.open(url, QUIET);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void close() {
        threads.close();
        other.close();
        one.close();
    }

    @Test
    void aDeleteComesAfterAWriteThatHasAHigherVersionstamp() throws Exception {
        one.kv().set(K, 1);

        int attempts =
                duringAnOperation(() -> other.kv().set(K, 2), tx -> Kv.in(tx).deleteExact(K));

        assertThat(attempts).isEqualTo(2);
        assertTheLogEndsWithADelete();
    }

    @Test
    void aDeleteOfACommitComesAfterAWriteThatHasAHigherVersionstamp() throws Exception {
        one.kv().set(K, 1);

        int attempts = duringAnOperation(
                () -> other.kv().set(K, 2),
                tx -> Kv.in(tx).atomic().set(Key.of("a"), 1).delete(K).commit());

        assertThat(attempts).isEqualTo(2);
        assertTheLogEndsWithADelete();
    }

    @Test
    void aCommitThatMeetsAnotherDeleteIsDone() throws Exception {
        one.kv().set(K, 1);

        int attempts = duringAnOperation(
                () -> other.kv().deleteExact(K),
                tx -> Kv.in(tx).atomic().set(Key.of("a"), 1).delete(K).commit());

        assertThat(attempts).isEqualTo(1);
        assertTheLogEndsWithADelete();
        assertThat(one.kv().get(Key.of("a"))).isPresent();
    }

    @Test
    void aSweepLeavesAnEntryThatWasWrittenWithAHigherVersionstampForTheNextRound() throws Exception {
        ManualTime past = new ManualTime();
        try (Holdfast earlier = Holdfast.open(url, QUIET.withTime(past));
                Connection holder = DriverManager.getConnection(url);
                Statement statement = holder.createStatement()) {
            earlier.kv().set(K, "due", Duration.ofSeconds(1));
            earlier.kv().set(LATER, "due", Duration.ofSeconds(1));
            holder.setAutoCommit(false);
            statement.execute("select 1 from holdfast_kv order by key limit 1 for update");

            Future<Long> sweep = threads.submit(() -> KvRoom.of(one.database()).sweep("default"));
            awaitSomebodyWhoWaits(statement);
            earlier.kv().set(LATER, "again", Duration.ofSeconds(1));
            holder.rollback();

            assertThat(sweep.get(30, TimeUnit.SECONDS)).isEqualTo(2);
        }
        assertTheLogEndsWith(LATER, 2);
    }

    @Test
    void twoWhoMakeOneEntryCountOne() throws Exception {
        limit();

        together(tx -> Kv.in(tx).set(K, 1), () -> other.namespace("acme").kv().set(K, 22));

        assertCountersAreExact();
    }

    @Test
    void twoWhoReplaceOneEntryCountItsLastSize() throws Exception {
        limit();
        one.namespace("acme").kv().set(K, 1);

        together(
                tx -> Kv.in(tx).set(K, 4_444),
                () -> other.namespace("acme").kv().set(K, 22));

        assertCountersAreExact();
    }

    @Test
    void twoWhoDeleteOneEntryCountOne() throws Exception {
        limit();
        one.namespace("acme").kv().set(K, 1);

        together(
                tx -> Kv.in(tx).deleteExact(K),
                () -> other.namespace("acme").kv().deleteExact(K));

        assertCountersAreExact();
    }

    @Test
    void oneWhoDeletesWhatAnotherMakesLongerCountsWhatWasThere() throws Exception {
        limit();
        one.namespace("acme").kv().set(K, 1);

        together(
                tx -> Kv.in(tx).set(K, 4_444),
                () -> other.namespace("acme").kv().atomic().delete(K).commit());

        assertCountersAreExact();
    }

    /** Runs an operation that has its versionstamp before something else commits; answers how often it ran. */
    private int duringAnOperation(Callable<?> meanwhile, Function<Tx, ?> work) {
        List<Long> stamps = new ArrayList<>();
        one.database().session("default").write(UnitKind.OPERATION, tx -> {
            stamps.add(tx.versionstamp());
            if (stamps.size() == 1) {
                get(threads.submit(meanwhile));
            }
            return work.apply(tx);
        });
        return stamps.size();
    }

    /** Runs an operation, and another one that meets it and waits for its commit. */
    private void together(Function<Tx, ?> first, Callable<?> second) throws SQLException {
        Session acme = one.database().session("acme");
        List<Future<?>> waiting = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            acme.write(UnitKind.OPERATION, tx -> {
                Object done = first.apply(tx);
                waiting.add(threads.submit(second));
                awaitSomebodyWhoWaits(statement);
                return done;
            });
        }
        assertThat(waiting).hasSize(1);
        get(waiting.getFirst());
    }

    private static void awaitSomebodyWhoWaits(Statement statement) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (number(statement, "select count(*) from pg_locks where not granted") == 0) {
            assertThat(System.nanoTime()).isLessThan(deadline);
        }
    }

    private static long number(Statement statement, String query) {
        try (var rows = statement.executeQuery(query)) {
            assertThat(rows.next()).isTrue();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object get(Future<?> future) {
        try {
            return String.valueOf(future.get(30, TimeUnit.SECONDS));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void limit() {
        one.namespace("acme").quota(NamespaceQuota.none().withRowsMax(100));
    }

    private void assertCountersAreExact() {
        NamespaceUsage counted = one.namespace("acme").usage();
        one.namespace("acme").quota(NamespaceQuota.none());
        assertThat(counted).isEqualTo(one.namespace("acme").usage());
    }

    private void assertTheLogEndsWithADelete() {
        assertThat(one.kv().get(K)).isEmpty();
        assertTheLogEndsWith(K, 1);
    }

    /** Of all lines about an entry, the one with the highest versionstamp tells what became of it. */
    private void assertTheLogEndsWith(Key key, int op) {
        String last = "select op from holdfast_changes where ns = 1 and id = ? order by versionstamp desc limit 1";
        int found = one.database()
                .session("default")
                .<Integer>read(tx -> tx.first(last, row -> row.getInt(1), (Object) key.encoded())
                        .orElseThrow());
        assertThat(found).isEqualTo(op);
        assertThat(one.database()
                        .session("default")
                        .<Long>read(tx -> tx.first(
                                        "select count(*) from holdfast_kv where key = ?",
                                        row -> row.getLong(1),
                                        (Object) key.encoded())
                                .orElseThrow()))
                .isZero();
    }
}
