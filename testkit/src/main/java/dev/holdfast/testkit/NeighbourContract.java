package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Change;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.HoldfastException;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.TimeoutException;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.testkit.Callers.Hold;
import dev.holdfast.testkit.Callers.Outcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What operations that may share a commit promise to each other: whichever of eight ways one of them fails, those
 * beside it neither fail nor lose anything, and of the failed one nothing is left.
 *
 * <p>Each test keeps the writer busy, lets thirty operations gather with the culprit in their middle, and lets go.
 */
public abstract class NeighbourContract extends Contract {
    private static final int NEIGHBOURS = 30;
    private static final long CULPRIT = 1_000;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final VirtualTime time = new VirtualTime();
    private final Callers callers = new Callers();
    private final List<CompletableFuture<Integer>> neighbours = new ArrayList<>();
    private final AtomicInteger hooks = new AtomicInteger();
    private Store store;
    private Session session;
    private Probe probe;
    private TestDatabase.Release full = () -> {};

    /** The suite over the stores of one engine. */
    protected NeighbourContract() {}

    @BeforeEach
    void open() {
        store = stores().fresh(time);
        session = store.session();
        probe = Probe.in(store.engine());
        // So that no caller has to ask for the namespace while the writer is busy.
        session.write(UnitKind.OPERATION, Tx::versionstamp);
    }

    @AfterEach
    void end() {
        callers.close();
        full.close();
    }

    @Test
    void anException() {
        Outcome<Object> culprit = amongNeighbours(UnitKind.OPERATION, tx -> {
            Probe.insert(tx, CULPRIT);
            throw new IllegalStateException("on purpose");
        });

        assertThat(culprit.failure()).isInstanceOf(IllegalStateException.class).hasMessage("on purpose");
        assertOnlyNeighbours();
    }

    @Test
    void aFailedStatement() {
        Outcome<Object> culprit = amongNeighbours(UnitKind.DECISION, tx -> {
            Probe.insert(tx, CULPRIT);
            return Probe.insert(tx, CULPRIT);
        });

        assertThat(culprit.failure()).isInstanceOf(EngineException.class);
        assertOnlyNeighbours();
    }

    @Test
    void aDeferredForeignKeyThatFailsAtTheCommit() {
        Outcome<Object> culprit = amongNeighbours(UnitKind.OPERATION, tx -> {
            Probe.insert(tx, CULPRIT);
            return Probe.insertOrphan(tx, CULPRIT + 1);
        });

        assertThat(culprit.failure()).isInstanceOf(HoldfastException.class);
        assertOnlyNeighbours();
    }

    @Test
    void aCursorLeftOpenOverRowsThatItWrites() {
        Outcome<Object> culprit = amongNeighbours(UnitKind.OPERATION, tx -> {
            var rows = tx.iterate(
                    "insert into probe (a, b) values (?, 'x'), (?, 'y') returning a",
                    row -> row.getLong(1),
                    CULPRIT,
                    CULPRIT + 1);
            return rows.iterator().next();
        });

        assertThat(culprit.value()).isEqualTo(CULPRIT);
        assertThat(probe.rows()).endsWith(CULPRIT, CULPRIT + 1).hasSize(NEIGHBOURS + 2);
        assertNeighboursAreWhole();
    }

    @Test
    void aStatementThatIsCancelled() {
        Cancelling cancelling = new Cancelling();
        Outcome<Object> culprit = amongNeighbours(
                UnitKind.OPERATION,
                tx -> {
                    Probe.insert(tx, CULPRIT);
                    return cancelling.whileRunning(
                            () -> tx.exec("with recursive n (i) as (select 1 union all select i + 1 from n"
                                    + " where i < 1000000000000) insert into probe (a, b)"
                                    + " select count(*), 'never' from n"));
                },
                cancelling);

        assertThat(culprit.failure()).isInstanceOf(TimeoutException.class).hasMessageContaining("engine.cancelled");
        assertOnlyNeighbours();
    }

    @Test
    void aFullDisk() {
        full = store.fillDisk();

        Outcome<Object> culprit = amongNeighbours(UnitKind.OPERATION, tx -> {
            Probe.insert(tx, CULPRIT);
            return Probe.insert(tx, CULPRIT + 1, "x".repeat(1 << 20));
        });

        assertThat(culprit.failure()).isInstanceOf(EngineException.class);
        assertOnlyNeighbours();
    }

    @Test
    void aFullDiskThatTheCulpritDoesNotWantToKnowOf() {
        full = store.fillDisk();

        Outcome<Object> culprit = amongNeighbours(UnitKind.OPERATION, tx -> {
            Probe.insert(tx, CULPRIT);
            ignoring(() -> tx.nested(() -> Probe.insert(tx, CULPRIT + 1, "x".repeat(1 << 20))));
            ignoring(() -> Probe.insert(tx, CULPRIT + 2));
            return 1;
        });

        if (culprit.failed()) {
            assertOnlyNeighbours();
        } else {
            // The database undid no more than the step.
            assertThat(probe.rows()).endsWith(CULPRIT, CULPRIT + 2).hasSize(NEIGHBOURS + 2);
            assertNeighboursAreWhole();
        }
    }

    @Test
    void aWriteFromWithinThatFails() {
        Outcome<Object> culprit = amongNeighbours(UnitKind.OPERATION, tx -> {
            Probe.insert(tx, CULPRIT);
            return session.write(UnitKind.OPERATION, joined -> Probe.insert(joined, CULPRIT));
        });

        assertThat(culprit.failure()).isInstanceOf(EngineException.class);
        assertOnlyNeighbours();
    }

    @Test
    void aWriteFromWithinJoins() {
        Outcome<Object> culprit = amongNeighbours(UnitKind.OPERATION, tx -> {
            Probe.insert(tx, CULPRIT);
            return session.write(UnitKind.USER, joined -> Probe.insert(joined, CULPRIT + 1));
        });

        assertThat(culprit.value()).isEqualTo(1);
        assertThat(probe.rows()).endsWith(CULPRIT, CULPRIT + 1).hasSize(NEIGHBOURS + 2);
        assertNeighboursAreWhole();
    }

    @Test
    void aUsersTransactionBetweenThemThatPassesItsLimit() {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch hang = new CountDownLatch(1);
        Outcome<Object> culprit = amongNeighbours(
                UnitKind.USER,
                tx -> {
                    Probe.insert(tx, CULPRIT);
                    inside.countDown();
                    return Callers.pass(hang);
                },
                any -> {
                    Callers.pass(inside);
                    time.advance(LIMIT);
                    neighbours.forEach(neighbour -> Callers.outcome(neighbour));
                    hang.countDown();
                });

        assertThat(culprit.failure()).isInstanceOf(TimeoutException.class);
        assertOnlyNeighbours();
    }

    @Test
    void aRollbackByText() {
        Outcome<Object> culprit = amongNeighbours(UnitKind.OPERATION, tx -> {
            Probe.insert(tx, CULPRIT);
            return tx.exec("rollback");
        });

        assertThat(culprit.failure()).isInstanceOf(InvalidInputException.class);
        assertOnlyNeighbours();
    }

    @Test
    void aRollbackThroughTheConnection() {
        Outcome<Object> culprit = amongNeighbours(UnitKind.OPERATION, tx -> {
            Probe.insert(tx, CULPRIT);
            try {
                tx.connection().rollback();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            return 1;
        });

        assertThat(culprit.failure()).isInstanceOf(InvalidInputException.class);
        assertOnlyNeighbours();
    }

    @Test
    void aRollbackTheDatabaseDoesOnRequestOfAStatement() {
        Outcome<Object> culprit = amongNeighbours(UnitKind.OPERATION, tx -> {
            Probe.insert(tx, CULPRIT);
            run(tx.connection(), "create temporary table if not exists unique_one (a bigint primary key)");
            run(tx.connection(), "insert into unique_one values (1)");
            // SQLite knows a way for one statement to roll everything back; elsewhere it is an error like any other.
            ignoring(() -> run(tx.connection(), "insert or rollback into unique_one values (1)"));
            ignoring(() -> run(tx.connection(), "insert into probe (a, b) values (" + (CULPRIT + 1) + ", 'after')"));
            return 1;
        });

        assertThat(culprit.failure()).isInstanceOf(HoldfastException.class);
        assertOnlyNeighbours();
    }

    private Outcome<Object> amongNeighbours(UnitKind kind, Function<Tx, Object> work) {
        return amongNeighbours(kind, work, any -> {});
    }

    /** Lets the culprit run in the middle of the neighbours, then waits for everybody. */
    private Outcome<Object> amongNeighbours(
            UnitKind kind, Function<Tx, Object> work, Consumer<CompletableFuture<?>> meanwhile) {
        Hold hold = callers.hold(store.engine());
        gather(0, NEIGHBOURS / 2);
        CompletableFuture<Object> culprit = callers.start(() -> session.write(kind, work));
        callers.awaitQuiet();
        gather(NEIGHBOURS / 2, NEIGHBOURS);
        hold.close();
        meanwhile.accept(culprit);
        neighbours.forEach(
                neighbour -> assertThat(Callers.outcome(neighbour).value()).isEqualTo(1));
        return Callers.outcome(culprit);
    }

    private void gather(int from, int to) {
        for (int i = from; i < to; i++) {
            byte[] id = {(byte) i};
            long a = i;
            neighbours.add(callers.start(() -> session.write(UnitKind.OPERATION, tx -> {
                tx.changed("test", "", id, Change.Kind.SET);
                tx.afterCommit(hooks::incrementAndGet);
                return Probe.insert(tx, a);
            })));
        }
        callers.awaitQuiet();
    }

    private void assertOnlyNeighbours() {
        assertThat(probe.rows())
                .containsExactlyElementsOf(
                        LongStream.range(0, NEIGHBOURS).boxed().toList());
        assertNeighboursAreWhole();
    }

    private void assertNeighboursAreWhole() {
        Engine engine = store.engine();
        long changes = engine.read(unit -> unit.first("select count(*) from holdfast_changes", row -> row.getLong(1))
                .orElseThrow());
        assertThat(changes).isEqualTo(NEIGHBOURS);
        assertThat(hooks).hasValue(NEIGHBOURS);
        assertThat(engine.write(UnitKind.OPERATION, unit -> Probe.insert(unit, -1)) == 1)
                .isTrue();
    }

    private static void ignoring(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            assertThat(e).isNotNull();
        }
    }

    private static void run(Connection connection, String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Cancels one unit's statement whenever it runs, and never a neighbour's. */
    private final class Cancelling implements Consumer<CompletableFuture<?>> {
        /** Held to cancel, and by the unit to say that its statement has ended. */
        private final ReentrantLock lock = new ReentrantLock();

        private final AtomicBoolean running = new AtomicBoolean();

        <R> R whileRunning(Supplier<R> statement) {
            running.set(true);
            try {
                return statement.get();
            } finally {
                lock.lock();
                try {
                    running.set(false);
                } finally {
                    lock.unlock();
                }
            }
        }

        @Override
        public void accept(CompletableFuture<?> culprit) {
            while (!culprit.isDone()) {
                lock.lock();
                try {
                    if (running.get()) {
                        store.cancelStatement();
                    }
                } finally {
                    lock.unlock();
                }
                Thread.onSpinWait();
            }
        }
    }
}
