package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.schema.Schema;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every engine's database does alike. */
public abstract class DatabaseContract {
    private Database database;

    /** For the test of an engine. */
    protected DatabaseContract() {}

    /** An engine over an empty database. */
    protected abstract Engine open();

    @BeforeEach
    void openDatabase() {
        Tables tables = Tables.defaults();
        Engine engine = open();
        new Schema(tables, Database.migrations()).migrate(engine);
        database = new Database(engine, tables, TimeSource.system());
        engine.write(unit -> unit.exec("create table t (a integer primary key)"));
    }

    @AfterEach
    void closeDatabase() {
        database.close();
    }

    @Test
    void writesFromManyThreadsAreAllThere() {
        Session session = database.session("default");

        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 500; i++) {
                int value = i;
                pool.execute(() -> session.write(UnitKind.OPERATION, tx -> tx.exec("insert into t values (?)", value)));
            }
        }

        assertThat(count()).isEqualTo(500);
    }

    @Test
    void aFailingUnitLeavesItsNeighboursAlone() {
        Session session = database.session("default");
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());

        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 300; i++) {
                int value = i % 3 == 0 ? 0 : i;
                pool.execute(() -> {
                    try {
                        session.write(UnitKind.OPERATION, tx -> tx.exec("insert into t values (?)", value));
                    } catch (EngineException e) {
                        failures.add(e);
                    }
                });
            }
        }

        assertThat(failures).hasSize(99);
        assertThat(count()).isEqualTo(201);
    }

    @Test
    void versionstampsRiseAndChangesAreFollowedInOrder() throws InterruptedException {
        Session session = database.session("default");
        List<Change> seen = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch all = new CountDownLatch(100);
        database.feed().follow("default", "test", ChangeFeed.NOW, batch -> {
            seen.addAll(batch.changes());
            batch.changes().forEach(change -> all.countDown());
        });

        for (int i = 0; i < 100; i++) {
            byte[] id = {(byte) i};
            session.write(UnitKind.OPERATION, tx -> {
                tx.changed("test", "", id, Change.Kind.SET);
                return tx.versionstamp();
            });
        }

        assertThat(all.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(seen).isSortedAccordingTo((a, b) -> Long.compare(a.versionstamp(), b.versionstamp()));
        assertThat(seen.stream().map(change -> (int) change.id()[0]))
                .containsExactlyElementsOf(
                        java.util.stream.IntStream.range(0, 100).boxed().toList());
    }

    @Test
    void userTransactionRollsBackWhole() {
        Session session = database.session("default");

        assertThatThrownBy(() -> session.write(UnitKind.USER, tx -> {
                    tx.exec("insert into t values (1)");
                    throw new IllegalStateException("stop");
                }))
                .isInstanceOf(IllegalStateException.class);

        assertThat(count()).isZero();
    }

    @Test
    void aStepThatFailsIsUndoneAndTheTransactionGoesOn() {
        Session session = database.session("default");

        session.write(UnitKind.USER, tx -> {
            tx.exec("insert into t values (1)");
            assertThatThrownBy(() -> tx.nested(() -> {
                        tx.exec("insert into t values (2)");
                        return tx.exec("insert into t values (1)");
                    }))
                    .isInstanceOf(EngineException.class);
            return tx.exec("insert into t values (3)");
        });

        assertThat(values()).containsExactly(1L, 3L);
    }

    @Test
    void aTransactionWhoseStatementFailedCannotCommitAnyMore() {
        Session session = database.session("default");

        assertThatThrownBy(() -> session.write(UnitKind.USER, tx -> {
                    tx.exec("insert into t values (1)");
                    try {
                        return tx.exec("insert into t values (1)");
                    } catch (EngineException e) {
                        return 0;
                    }
                }))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo("engine.doomed"));

        assertThat(count()).isZero();
    }

    @Test
    void theUsersOwnStatementsAreInTheTransaction() {
        Session session = database.session("default");

        assertThatThrownBy(() -> session.write(UnitKind.USER, tx -> {
                    insertByHand(tx, 1);
                    throw new IllegalStateException("stop");
                }))
                .isInstanceOf(IllegalStateException.class);
        session.write(UnitKind.USER, tx -> insertByHand(tx, 2));

        assertThat(values()).containsExactly(2L);
    }

    @Test
    void hooksRunAfterTheCommitAndNotAfterARollback() {
        Session session = database.session("default");
        List<String> ran = new ArrayList<>();

        session.write(UnitKind.USER, tx -> {
            tx.afterCommit(() -> ran.add("saw " + count()));
            return tx.exec("insert into t values (1)");
        });
        assertThatThrownBy(() -> session.write(UnitKind.USER, tx -> {
                    tx.afterCommit(() -> ran.add("never"));
                    throw new IllegalStateException("stop");
                }))
                .isInstanceOf(IllegalStateException.class);

        assertThat(ran).containsExactly("saw 1");
    }

    @Test
    void tenantsMadeAtOnceGetNumbersOfTheirOwn() {
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 24; i++) {
                String name = "tenant " + i % 12;
                pool.execute(() -> database.session(name).write(UnitKind.OPERATION, Tx::ns));
            }
        }

        List<Integer> numbers = database.namespaces().list().stream()
                .map(name -> database.session(name).read(Tx::ns))
                .toList();
        assertThat(numbers).hasSize(13).doesNotHaveDuplicates();
    }

    @Test
    void whatIsReadInOneTransactionIsOneMoment() {
        Session session = database.session("default");
        session.write(UnitKind.OPERATION, tx -> tx.exec("insert into t values (1)"));

        List<Long> counts = session.read(tx -> {
            long before = count(tx);
            inAnotherThread(() -> readersWaitForWriters() || insert(2));
            return List.of(before, count(tx));
        });

        assertThat(counts).containsExactly(1L, 1L);
    }

    @Test
    void versionstampsGoOnAboveARaisedBase() {
        Session session = database.session("default");
        long before = session.write(UnitKind.OPERATION, Tx::versionstamp);
        long target = before + (1L << 40);

        database.raiseBase(target);
        long after = session.write(UnitKind.OPERATION, Tx::versionstamp);
        database.ensureAbove(before);
        long unchanged = session.write(UnitKind.OPERATION, Tx::versionstamp);
        database.ensureAbove(target * 2);
        long raised = session.write(UnitKind.OPERATION, Tx::versionstamp);

        assertThat(after).isGreaterThan(target);
        assertThat(unchanged).isBetween(after + 1, after + (1L << 20));
        assertThat(raised).isGreaterThan(target * 2);
    }

    @Test
    void theBaseIsNotRaisedInsideATransaction() {
        Session session = database.session("default");

        assertThatThrownBy(() -> session.write(UnitKind.USER, tx -> {
                    database.raiseBase(0);
                    return tx;
                }))
                .isInstanceOfSatisfying(
                        InvalidInputException.class, e -> assertThat(e.code()).isEqualTo("engine.inside_transaction"));
    }

    @Test
    void aClosedStoreRefusesEverything() {
        Session session = database.session("default");
        session.read(Tx::ns);
        Engine engine = database.engine();

        engine.close();
        engine.close();

        assertThatThrownBy(() -> engine.read(unit -> 1)).isInstanceOf(ClosedException.class);
        assertThatThrownBy(() -> engine.readOne(unit -> 1)).isInstanceOf(ClosedException.class);
        assertThatThrownBy(() -> engine.write(unit -> 1)).isInstanceOf(ClosedException.class);
        assertThatThrownBy(() -> engine.writeOne(unit -> 1)).isInstanceOf(ClosedException.class);
    }

    /** Whether a write from inside a read would wait for it for ever, as in memory. */
    protected boolean readersWaitForWriters() {
        return false;
    }

    private boolean insert(int value) {
        return database.session("default").write(UnitKind.OPERATION, tx -> tx.exec("insert into t values (?)", value))
                == 1;
    }

    private static void inAnotherThread(BooleanSupplier work) {
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            assertThat(pool.submit(work::getAsBoolean).get(10, TimeUnit.SECONDS))
                    .isTrue();
        } catch (InterruptedException | ExecutionException | java.util.concurrent.TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private static int insertByHand(Tx tx, int value) {
        try (PreparedStatement statement = tx.connection().prepareStatement("insert into t values (?)")) {
            statement.setInt(1, value);
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static long count(Tx tx) {
        return tx.first("select count(*) from t", row -> row.getLong(1)).orElseThrow();
    }

    private List<Long> values() {
        return database.session("default").read(tx -> tx.list("select a from t order by a", row -> row.getLong(1)));
    }

    private long count() {
        return database.session("default")
                .read(tx -> tx.first("select count(*) from t", row -> row.getLong(1))
                        .orElseThrow());
    }
}
