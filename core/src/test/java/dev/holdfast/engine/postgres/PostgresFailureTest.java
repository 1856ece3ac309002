package dev.holdfast.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.ClosedException;
import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.TimeoutException;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is left when a unit ends in the middle. */
class PostgresFailureTest {
    private static final PostgresOptions NARROW = PostgresOptions.defaults()
            .withOperations(1)
            .withDecisions(1)
            .withNotifications(false)
            .withTurnLimit(Duration.ofSeconds(20))
            .withTransactionLimit(Duration.ofMillis(300));

    private final String direct = PostgresServer.freshUrl();
    private final PostgresProxy proxy;
    private final PostgresStore store;

    PostgresFailureTest() throws IOException {
        proxy = new PostgresProxy();
        store = new PostgresStore(proxy.through(direct), NARROW);
    }

    @BeforeEach
    void makeTable() {
        store.exec("create table t (k integer primary key)");
        store.session.write(UnitKind.DECISION, tx -> tx.exec("delete from t"));
    }

    @AfterEach
    void close() throws IOException {
        store.close();
        proxy.close();
    }

    @Test
    void aStatementThatRunsPastTheLimitIsCancelled() {
        assertThatThrownBy(() -> store.session.write(UnitKind.USER, tx -> {
                    tx.exec("insert into t values (1)");
                    return tx.first("select pg_sleep(60)", row -> 1);
                }))
                .isInstanceOfSatisfying(TimeoutException.class, PostgresFailureTest::tellsTheLimit);

        assertThat(count()).isZero();
    }

    @Test
    void aStatementOfTheUsersOwnThatRunsPastTheLimitIsCancelledToo() {
        assertThatThrownBy(() -> store.session.write(UnitKind.USER, tx -> {
                    try (var statement = tx.connection().createStatement()) {
                        return statement.execute("insert into t values (1); select pg_sleep(60)");
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                }))
                .isInstanceOfSatisfying(TimeoutException.class, PostgresFailureTest::tellsTheLimit);

        assertThat(count()).isZero();
    }

    @Test
    void theConnectionIsFreeWhenTheLimitPassesAlthoughTheFunctionStillRuns() throws Exception {
        CountDownLatch inserted = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);

        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> stuck = pool.submit(() -> store.session.write(UnitKind.USER, tx -> {
                tx.exec("insert into t values (1)");
                inserted.countDown();
                await(goOn);
                return tx.exec("insert into t values (2)");
            }));
            await(inserted);
            // The only connection, and the row that the other one had locked.
            int freed = store.session.write(UnitKind.USER, tx -> tx.exec("insert into t values (1)"));
            goOn.countDown();

            assertThat(freed).isEqualTo(1);
            assertThatThrownBy(() -> stuck.get(10, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOfSatisfying(TimeoutException.class, PostgresFailureTest::tellsTheLimit);
        }
        assertThat(count()).isEqualTo(1);
    }

    @Test
    void nothingOfAnEndedTransactionCanBeUsed() {
        List<Tx> kept = new ArrayList<>();
        List<java.sql.Connection> connections = new ArrayList<>();

        store.session.write(UnitKind.USER, tx -> {
            kept.add(tx);
            connections.add(tx.connection());
            return 1;
        });

        assertThatThrownBy(() -> kept.getFirst().exec("insert into t values (1)"))
                .isInstanceOf(ClosedException.class);
        assertThatThrownBy(() -> connections.getFirst().createStatement()).isInstanceOf(ClosedException.class);
    }

    @Test
    void anOperationHasNoTimeLimit() {
        Optional<Integer> slept =
                store.session.write(UnitKind.OPERATION, tx -> tx.first("select pg_sleep(0.5)", row -> 1));

        assertThat(slept).contains(1);
    }

    @ParameterizedTest
    @EnumSource
    void aKilledSessionLeavesACleanPool(UnitKind kind) {
        assertThatThrownBy(() -> store.session.write(kind, tx -> {
                    tx.exec("insert into t values (1)");
                    kill(tx);
                    return tx.exec("insert into t values (2)");
                }))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo("engine.failure"));

        int added = store.session.write(kind, tx -> tx.exec("insert into t values (3)"));

        assertThat(added).isEqualTo(1);
        assertThat(count()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aCommitWhoseAnswerIsLostIsUnknownAndNotRepeated(UnitKind kind) {
        AtomicInteger attempts = new AtomicInteger();

        assertThatThrownBy(() -> store.session.write(kind, tx -> {
                    attempts.incrementAndGet();
                    tx.exec("insert into t values (1)");
                    proxy.cutNext(PostgresProxy.Cut.BEFORE_THE_ANSWER);
                    return tx;
                }))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo("engine.commit_unknown"));

        assertThat(attempts).hasValue(1);
        assertThat(count()).isEqualTo(1);
    }

    @Test
    void aCommitThatNeverArrivedLooksTheSameToItsCaller() {
        assertThatThrownBy(() -> store.session.write(UnitKind.USER, tx -> {
                    tx.exec("insert into t values (1)");
                    proxy.cutNext(PostgresProxy.Cut.BEFORE_THE_SERVER_HAS_IT);
                    return tx;
                }))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo("engine.commit_unknown"));

        assertThat(count()).isZero();
    }

    @Test
    void aStatementThatCommitsItselfIsUnknownToo() {
        assertThatThrownBy(() -> store.session.writeOne(
                        tx -> tx.whole("select pg_terminate_backend(pg_backend_pid())", row -> 1)))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo("engine.commit_unknown"));

        assertThat(count()).isZero();
    }

    @Test
    void aReadWhoseConnectionIsLostIsOnlyAFailure() {
        assertThatThrownBy(() -> store.session.read(tx -> {
                    tx.first("select 1", row -> 1);
                    proxy.cutNext(PostgresProxy.Cut.BEFORE_THE_ANSWER);
                    return tx;
                }))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo("engine.failure"));
    }

    @Test
    void aPoolThatStaysInUseIsATimeout() {
        try (PostgresStore impatient = new PostgresStore(
                direct, NARROW.withTurnLimit(Duration.ofSeconds(3)).withTransactionLimit(Duration.ofSeconds(10)))) {
            impatient.session.write(UnitKind.USER, tx -> {
                assertThatThrownBy(() -> inAnotherThread(
                                () -> impatient.session.write(UnitKind.USER, other -> other.exec("select 1"))))
                        .isInstanceOfSatisfying(
                                TimeoutException.class,
                                e -> assertThat(e.code()).isEqualTo("engine.turn_timeout"));
                return tx;
            });
        }
    }

    @Test
    void aLockThatStaysTakenIsATimeout() {
        try (PostgresStore impatient =
                new PostgresStore(direct, PostgresOptions.defaults().withTurnLimit(Duration.ofSeconds(3)))) {
            impatient.session.write(UnitKind.USER, tx -> {
                tx.exec("insert into t values (1)");
                assertThatThrownBy(() -> inAnotherThread(() -> impatient.session.write(
                                UnitKind.OPERATION, other -> other.exec("insert into t values (1)"))))
                        .isInstanceOfSatisfying(
                                TimeoutException.class,
                                e -> assertThat(e.code()).isEqualTo("engine.lock_timeout"));
                return tx;
            });
        }
    }

    @Test
    void messagesDoNotRepeatValues() {
        store.exec("insert into t values (4711)");

        assertThatThrownBy(() -> store.exec("insert into t values (4711)"))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("23505")
                .hasMessageNotContaining("4711");
        assertThatThrownBy(() -> store.session.write(UnitKind.OPERATION, tx -> {
                    tx.execAll("insert into t values (?)", List.of(new Object[] {4712}, new Object[] {4711}));
                    return tx;
                }))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("23505")
                .hasMessageNotContaining("471");
    }

    @Test
    void connectionsThatTheServerHasEndedAreReplacedUnseen() {
        for (int round = 0; round < 5; round++) {
            store.exec("insert into t values (" + round + ")");
            long before = count();
            endAllSessions();

            assertThat(count()).isEqualTo(before);
            endAllSessions();
            store.session.write(UnitKind.USER, tx -> tx.exec("update t set k = k"));
            endAllSessions();
            store.session.write(UnitKind.OPERATION, tx -> tx.exec("update t set k = k"));
        }

        assertThat(count()).isEqualTo(5);
    }

    private static void tellsTheLimit(TimeoutException e) {
        assertThat(e.code()).isEqualTo("engine.transaction_timeout");
        assertThat(e).hasMessageContaining("PT0.3S");
    }

    private void kill(Tx tx) {
        int pid = tx.first("select pg_backend_pid()", row -> row.getInt(1)).orElseThrow();
        PostgresServer.execute(direct, "select pg_terminate_backend(" + pid + ", 5000)");
    }

    private void endAllSessions() {
        PostgresServer.execute(
                direct,
                "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
                        + " where datname = current_database() and pid <> pg_backend_pid()");
    }

    private long count() {
        return store.number("select count(*) from t");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void inAnotherThread(Runnable work) throws Throwable {
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            pool.submit(work).get(20, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException e) {
            throw e.getCause();
        }
    }
}
