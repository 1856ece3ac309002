package dev.holdfast.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.Change;
import dev.holdfast.engine.ConflictException;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What units see of each other, and what happens when they meet. */
class PostgresIsolationTest {
    private static final String LEVEL = "select current_setting('transaction_isolation')";

    private final String url = PostgresServer.freshUrl();
    private final PostgresStore store = new PostgresStore(url);

    @BeforeEach
    void makeTable() {
        store.exec("create table t (k integer primary key, v bigint not null)");
        store.exec("insert into t values (1, 0), (2, 0)");
    }

    @AfterEach
    void close() {
        store.close();
    }

    @ParameterizedTest
    @CsvSource({"OPERATION, read committed", "DECISION, serializable", "USER, serializable"})
    void eachKindOfWriteHasItsLevel(UnitKind kind, String level) {
        assertThat(store.session.write(kind, PostgresIsolationTest::level)).isEqualTo(level);
    }

    @Test
    void readsSeeASnapshotAndCannotWrite() {
        assertThat(store.session.read(PostgresIsolationTest::level)).isEqualTo("repeatable read");
        assertThat(store.session.readOne(PostgresIsolationTest::level)).isEqualTo("read committed");
        assertThatThrownBy(() -> store.session.read(tx -> tx.exec("update t set v = 1")))
                .hasMessageContaining("read-only transaction");
    }

    @ParameterizedTest
    @EnumSource(names = {"DECISION", "USER"})
    void twoThatReadWhatTheOtherWritesNeverBothActOnIt(UnitKind kind) throws Exception {
        CyclicBarrier bothHaveRead = new CyclicBarrier(2);
        AtomicInteger attempts = new AtomicInteger();

        // Each sets its own row when the sum is still 0: one after the other only one does.
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> both = new ArrayList<>();
            for (int k = 1; k <= 2; k++) {
                int mine = k;
                both.add(pool.submit(() -> store.session.write(kind, tx -> {
                    long sum = sum(tx);
                    if (attempts.incrementAndGet() <= 2) {
                        meet(bothHaveRead);
                    }
                    return sum == 0 ? tx.exec("update t set v = 1 where k = ?", mine) : 0;
                })));
            }
            for (Future<Integer> one : both) {
                one.get(20, TimeUnit.SECONDS);
            }
        }

        assertThat(store.number("select sum(v) from t")).isEqualTo(1);
        assertThat(attempts).hasValueGreaterThan(2);
    }

    @ParameterizedTest
    @CsvSource({"OPERATION, false", "DECISION, false", "DECISION, true", "USER, false", "USER, true"})
    void everyIncrementOfOneRowCounts(UnitKind kind, boolean inTurn) {
        Function<Tx, Integer> increment = kind == UnitKind.OPERATION
                ? tx -> tx.exec("update t set v = v + 1 where k = 1")
                : tx -> {
                    long v = tx.first("select v from t where k = 1", row -> row.getLong(1))
                            .orElseThrow();
                    return tx.exec("update t set v = ? where k = 1", v + 1);
                };

        inParallel(16, 20, () -> (inTurn ? store.session.inTurn(1) : store.session).write(kind, increment));

        assertThat(store.number("select v from t where k = 1")).isEqualTo(320);
    }

    @Test
    void thoseInTurnDoNotMeetInTheDatabase() {
        AtomicInteger attempts = new AtomicInteger();

        inParallel(
                8,
                10,
                () -> store.session.inTurn(7).write(UnitKind.DECISION, tx -> {
                    attempts.incrementAndGet();
                    long v = tx.first("select v from t where k = 1", row -> row.getLong(1))
                            .orElseThrow();
                    return tx.exec("update t set v = ? where k = 1", v + 1);
                }));

        assertThat(attempts).hasValue(80);
    }

    @Test
    void aConflictThatTheUsersOwnStatementMetIsRepeatedToo() {
        AtomicInteger attempts = new AtomicInteger();

        store.session.write(UnitKind.USER, tx -> {
            sum(tx);
            if (attempts.incrementAndGet() == 1) {
                PostgresServer.execute(url, "update t set v = 5 where k = 1");
            }
            try (PreparedStatement statement = tx.connection().prepareStatement("update t set v = v + 1 where k = 1")) {
                return statement.executeUpdate();
            } catch (SQLException e) {
                throw new IllegalStateException("wrapped", e);
            }
        });

        assertThat(attempts).hasValue(2);
        assertThat(store.number("select v from t where k = 1")).isEqualTo(6);
    }

    @Test
    void aConflictThatTheUserSwallowedIsRepeatedWhenTheCommitIsRefused() {
        AtomicInteger attempts = new AtomicInteger();

        store.session.write(UnitKind.USER, tx -> {
            sum(tx);
            if (attempts.incrementAndGet() == 1) {
                PostgresServer.execute(url, "update t set v = 5 where k = 1");
            }
            try (PreparedStatement statement = tx.connection().prepareStatement("update t set v = v + 1 where k = 1")) {
                return statement.executeUpdate();
            } catch (SQLException e) {
                return -1;
            }
        });

        assertThat(attempts).hasValue(2);
        assertThat(store.number("select v from t where k = 1")).isEqualTo(6);
    }

    @Test
    void aConflictThatARoomFoundIsRepeated() {
        AtomicInteger attempts = new AtomicInteger();

        int result = store.session.write(UnitKind.OPERATION, tx -> {
            tx.exec("update t set v = v + 1 where k = 1");
            if (attempts.incrementAndGet() < 4) {
                throw new ConflictException("kv.stale", "the versionstamp is not above the stored one");
            }
            return attempts.get();
        });

        assertThat(result).isEqualTo(4);
        assertThat(store.number("select v from t where k = 1")).isEqualTo(1);
    }

    @Test
    void conflictsEndAtTheDeadlineWithTheirStory() {
        try (PostgresStore hasty =
                new PostgresStore(url, PostgresOptions.defaults().withRetryLimit(Duration.ofMillis(200)))) {
            assertThatThrownBy(() -> hasty.session.write(UnitKind.OPERATION, tx -> {
                        throw new ConflictException("kv.stale", "the versionstamp is not above the stored one");
                    }))
                    .isInstanceOfSatisfying(ConflictException.class, e -> {
                        assertThat(e.code()).isEqualTo("kv.stale");
                        assertThat(e).hasMessageContaining("retryLimit=PT0.2S");
                        assertThat(e.getSuppressed()).hasSizeBetween(1, 16);
                        assertThat(e.getSuppressed()[0]).hasMessageStartingWith("kv.stale");
                    });
        }
    }

    @Test
    void aUnitThatIsNotOneWholeStatementRunsInATransaction() {
        AtomicInteger attempts = new AtomicInteger();

        assertThatThrownBy(() -> store.session.writeOne(tx -> {
                    attempts.incrementAndGet();
                    tx.exec("update t set v = 1 where k = 1");
                    tx.nested(() -> tx.exec("update t set v = 1 where k = 2"));
                    throw new IllegalStateException("stop");
                }))
                .isInstanceOf(IllegalStateException.class);
        store.session.writeOne(tx -> {
            tx.exec("update t set v = v + 3 where k = 1");
            tx.changed("test", "", new byte[] {1}, Change.Kind.SET);
            return tx;
        });

        assertThat(attempts).hasValue(2);
        assertThat(store.number("select sum(v) from t")).isEqualTo(3);
        assertThat(store.number("select count(*) from holdfast_changes")).isEqualTo(1);
    }

    @Test
    void aWholeStatementCommitsItself() {
        long seen = store.session
                .writeOne(tx -> tx.whole("update t set v = v + 4 where k = 1 returning v", row -> row.getLong(1)))
                .orElseThrow();

        assertThat(seen).isEqualTo(4);
        assertThat(store.number("select v from t where k = 1")).isEqualTo(4);
    }

    @Test
    void nothingComesAfterAWholeStatement() {
        assertThatThrownBy(() -> store.session.writeOne(tx -> {
                    tx.whole("update t set v = 1 returning v", row -> 1);
                    return tx.exec("update t set v = 2");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("whole");
    }

    @Test
    void aWholeStatementInATransactionIsOneOfItsStatements() {
        assertThatThrownBy(() -> store.session.write(UnitKind.USER, tx -> {
                    tx.exec("update t set v = 1 where k = 1");
                    tx.whole("update t set v = 1 where k = 2 returning v", row -> 1);
                    throw new IllegalStateException("stop");
                }))
                .isInstanceOf(IllegalStateException.class);

        assertThat(store.number("select sum(v) from t")).isZero();
    }

    private static String level(Tx tx) {
        return tx.first(LEVEL, row -> row.getString(1)).orElseThrow();
    }

    private static long sum(Tx tx) {
        return tx.first("select sum(v) from t", row -> row.getLong(1)).orElseThrow();
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void inParallel(int threads, int times, Runnable work) {
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                all.add(pool.submit(() -> {
                    for (int n = 0; n < times; n++) {
                        work.run();
                    }
                }));
            }
            for (Future<?> one : all) {
                one.get(60, TimeUnit.SECONDS);
            }
        } catch (InterruptedException | ExecutionException | java.util.concurrent.TimeoutException e) {
            throw new AssertionError(e);
        }
    }
}
