package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.Engine;
import dev.holdfast.engine.TimeoutException;
import dev.holdfast.engine.Unit;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.testkit.Callers.Outcome;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What the time limit of a user's transaction promises: whatever the user's code does, the writer is free again, and
 * nothing of it is left.
 */
public abstract class TimeLimitContract extends Contract {
    /** More than the limit of any engine opened with its defaults. */
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private static final String ENDLESS =
            "with recursive n (i) as (select 1 union all select i + 1 from n where i < 1000000000000) ";

    private final VirtualTime time = new VirtualTime();
    private final Callers callers = new Callers();
    private final CountDownLatch inside = new CountDownLatch(1);
    private final CountDownLatch hang = new CountDownLatch(1);
    private Engine engine;
    private Probe probe;

    /** The suite over the stores of one engine. */
    protected TimeLimitContract() {}

    @BeforeEach
    void open() {
        engine = stores().fresh(time).engine();
        probe = Probe.in(engine);
    }

    @AfterEach
    void end() {
        hang.countDown();
        callers.close();
    }

    @Test
    void codeThatHangsLosesItsTransactionAndTheWriterIsFree() {
        CompletableFuture<Integer> hanging = callers.start(() -> engine.write(unit -> {
            Probe.insert(unit, 1);
            hang();
            return 1;
        }));
        passLimit();

        engine.write(unit -> Probe.insert(unit, 2));
        engine.write(UnitKind.OPERATION, unit -> Probe.insert(unit, 3));
        assertThat(hanging).isNotDone();
        hang.countDown();

        assertTimedOut(Callers.outcome(hanging));
        assertThat(probe.rows()).containsExactly(2L, 3L);
    }

    @Test
    void afterTheLimitNothingGetsInAndNothingIsCommitted() {
        List<Throwable> refused = new ArrayList<>();
        CompletableFuture<Integer> hanging = callers.start(() -> engine.write(unit -> {
            Probe.insert(unit, 1);
            Connection connection = unit.connection();
            hang();
            refused.add(failure(() -> Probe.insert(unit, 2)));
            refused.add(failure(() -> unit.nested(() -> Probe.insert(unit, 3))));
            refused.add(failure(() -> Probe.rows(unit)));
            refused.add(failure(() -> run(connection, "insert into probe (a, b) values (4, 'late')")));
            return 1;
        }));
        passLimit();
        engine.write(unit -> Probe.insert(unit, 5));

        hang.countDown();

        assertTimedOut(Callers.outcome(hanging));
        assertThat(refused)
                .hasSize(4)
                .allSatisfy(e -> assertThat(e).hasMessageContaining("engine.transaction_timeout"));
        assertThat(probe.rows()).containsExactly(5L);
    }

    @Test
    void aQueryThatHasNoFirstRowIsCancelled() {
        assertEnds(unit -> unit.first(ENDLESS + "select count(*) from n", row -> row.getLong(1)));
    }

    @Test
    void aStatementThatWritesWithoutEndIsCancelled() {
        assertEnds(unit -> unit.exec(ENDLESS + "insert into probe (a, b) select count(*), 'never' from n"));
    }

    @Test
    void aQueryWithoutEndIsCancelledBetweenItsRows() {
        assertEnds(unit -> {
            try (Stream<Long> rows = unit.iterate(ENDLESS + "select i from n", row -> row.getLong(1))) {
                return rows.filter(i -> i < 0).count();
            }
        });
    }

    @Test
    void aStatementOfTheUsersOwnIsCancelled() {
        assertEnds(
                unit -> run(unit.connection(), ENDLESS + "insert into probe (a, b) select count(*), 'never' from n"));
    }

    @Test
    void rowsOfTheUsersOwnAreCancelled() {
        assertEnds(unit -> {
            try (Statement statement = unit.connection().createStatement()) {
                statement.setFetchSize(100);
                ResultSet rows = statement.executeQuery(ENDLESS + "select i from n");
                long count = 0;
                while (rows.next()) {
                    count++;
                }
                return count;
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void manyShortStatementsDoNotOutrunTheLimit() {
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Long> busy = callers.start(() -> engine.write(unit -> {
            inside.countDown();
            long count = 0;
            while (!stop.get()) {
                try {
                    count += Probe.insert(unit, -1) + unit.exec("delete from probe where a = -1");
                } catch (TimeoutException e) {
                    stop.set(true);
                }
            }
            return count;
        }));
        passLimit();

        assertTimedOut(Callers.outcome(busy));
        engine.write(unit -> Probe.insert(unit, 1));
        assertThat(probe.rows()).containsExactly(1L);
    }

    @Test
    void cursorsLeftOpenAtTheLimitHoldNobodyUp() {
        engine.write(unit -> Probe.insert(unit, 1) + Probe.insert(unit, 2));
        List<Throwable> late = new ArrayList<>();
        CompletableFuture<Boolean> hanging = callers.start(() -> engine.write(unit -> {
            Stream<Long> rows = unit.iterate("select a from probe", row -> row.getLong(1));
            var iterator = rows.iterator();
            iterator.next();
            hang();
            late.add(failure(iterator::next));
            rows.close();
            return true;
        }));
        passLimit();

        engine.write(unit -> Probe.drop(unit));
        hang.countDown();

        assertTimedOut(Callers.outcome(hanging));
        assertThat(late).hasSize(1).allSatisfy(e -> assertThat(e).hasMessageContaining("engine.transaction_timeout"));
    }

    @Test
    void operationsThatWaitBehindItAreCommittedAfterIt() {
        CompletableFuture<Boolean> hanging = callers.start(() -> engine.write(unit -> hang()));
        Callers.pass(inside);
        List<CompletableFuture<Integer>> waiting = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int a = i;
            waiting.add(callers.start(() -> engine.write(UnitKind.OPERATION, unit -> Probe.insert(unit, a))));
        }
        callers.awaitQuiet();

        time.advance(LIMIT);

        waiting.forEach(write -> assertThat(Callers.outcome(write).value()).isEqualTo(1));
        assertThat(probe.count()).isEqualTo(20);
        assertThat(hanging).isNotDone();
    }

    @Test
    void aTransactionThatEndedInTimeIsNeverHeardOfAgain() {
        int before = time.timers();

        engine.write(unit -> Probe.insert(unit, 1));
        assertThatThrownBy(() -> engine.write(unit -> Probe.insert(unit, 1))).isNotInstanceOf(TimeoutException.class);

        assertThat(time.timers()).isEqualTo(before);
        time.advance(LIMIT);
        assertThat(probe.rows()).containsExactly(1L);
    }

    @Test
    void transactionsThatEndJustAtTheirLimitCommitOrTimeOutAndNothingElse() {
        AtomicLong numbers = new AtomicLong();
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Boolean> clock = callers.start(() -> {
            while (!stop.get()) {
                time.advance(LIMIT);
                Thread.onSpinWait();
            }
            return true;
        });

        List<CompletableFuture<List<Long>>> workers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            workers.add(callers.start(() -> writeAroundTheLimit(numbers)));
        }
        List<Long> acknowledged = new ArrayList<>();
        workers.forEach(worker -> acknowledged.addAll(Callers.outcome(worker).value()));
        stop.set(true);
        Callers.outcome(clock).value();

        assertThat(probe.rows()).containsExactlyInAnyOrderElementsOf(acknowledged);
    }

    /** Writes some hundred rows, some of them in units that fail; the numbers of those that were acknowledged. */
    private List<Long> writeAroundTheLimit(AtomicLong numbers) {
        List<Long> acknowledged = new ArrayList<>();
        for (int n = 0; n < 150; n++) {
            long a = numbers.incrementAndGet();
            try {
                engine.write(unit -> {
                    Probe.insert(unit, a);
                    if (a % 3 == 0) {
                        throw new IllegalArgumentException("fails by itself");
                    }
                    return a;
                });
                acknowledged.add(a);
            } catch (TimeoutException | IllegalArgumentException e) {
                assertThat(probe.count()).isNotNegative();
            }
        }
        return acknowledged;
    }

    /** Such a unit must end soon after its limit, with nothing of it left, and the next must work. */
    private void assertEnds(Function<Unit, ?> work) {
        CompletableFuture<Object> endless = callers.start(() -> engine.write(unit -> {
            Probe.insert(unit, 1);
            inside.countDown();
            return work.apply(unit);
        }));
        Callers.pass(inside);
        callers.awaitStatement();
        time.advance(LIMIT);

        assertTimedOut(Callers.outcome(endless));
        engine.write(unit -> Probe.insert(unit, 2));
        assertThat(probe.rows()).containsExactly(2L);
    }

    private static void assertTimedOut(Outcome<?> outcome) {
        assertThat(outcome.failure())
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("engine.transaction_timeout");
    }

    private void passLimit() {
        Callers.pass(inside);
        time.advance(LIMIT);
    }

    private boolean hang() {
        inside.countDown();
        return Callers.pass(hang);
    }

    private static Throwable failure(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            return e;
        }
        throw new AssertionError("a call was let in after the limit");
    }

    private static int run(Connection connection, String sql) {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
