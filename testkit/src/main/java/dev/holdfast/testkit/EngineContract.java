package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.ClosedException;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.UnitKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an engine promises about single units: atomic, one snapshot, savepoints, lazy rows, and an end. */
public abstract class EngineContract extends Contract {
    private static final String ENDLESS =
            "with recursive n (i) as (select 1 union all select i + 1 from n) select i from n";

    private Engine engine;
    private Probe probe;

    /** The suite over the stores of one engine. */
    protected EngineContract() {}

    @BeforeEach
    void open() {
        engine = stores().fresh().engine();
        probe = Probe.in(engine);
    }

    @ParameterizedTest
    @EnumSource
    void aWriteReturnsWhatItsWorkReturnsAndIsSeenByTheNextRead(UnitKind kind) {
        int changed = engine.write(kind, unit -> Probe.insert(unit, 1));

        assertThat(changed).isEqualTo(1);
        assertThat(probe.rows()).containsExactly(1L);
    }

    @ParameterizedTest
    @EnumSource
    void aFailingWorkLeavesNothingAndItsExceptionPassesOnAsItIs(UnitKind kind) {
        IllegalStateException stop = new IllegalStateException("stop");

        assertThatThrownBy(() -> engine.write(kind, unit -> {
                    Probe.insert(unit, 1);
                    throw stop;
                }))
                .isSameAs(stop);

        assertThat(probe.rows()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void anErrorAndAHiddenCheckedExceptionEndAUnitLikeAnyOther(UnitKind kind) {
        assertThatThrownBy(() -> engine.write(kind, unit -> {
                    Probe.insert(unit, 1);
                    throw new AssertionError("error");
                }))
                .hasMessage("error");
        assertThatThrownBy(() -> engine.write(kind, unit -> {
                    Probe.insert(unit, 2);
                    throw EngineContract.<RuntimeException>hidden(new java.io.IOException("checked"));
                }))
                .hasMessage("checked");

        engine.write(kind, unit -> Probe.insert(unit, 3));
        assertThat(probe.rows()).containsExactly(3L);
    }

    @Test
    void aReadSeesOneSnapshotWhateverIsCommittedMeanwhile() {
        engine.write(unit -> Probe.insert(unit, 1));
        List<Long> counts = new ArrayList<>();

        try (Callers callers = new Callers()) {
            CompletableFuture<Integer> meanwhile = engine.read(unit -> {
                counts.add(Probe.count(unit));
                CompletableFuture<Integer> write = callers.start(() -> engine.write(other -> Probe.insert(other, 2)));
                callers.awaitQuiet();
                counts.add(Probe.count(unit));
                return write;
            });
            assertThat(Callers.outcome(meanwhile).value()).isEqualTo(1);
        }

        assertThat(counts).containsExactly(1L, 1L);
        assertThat(probe.count()).isEqualTo(2);
    }

    @Test
    void aReadCannotWrite() {
        assertThatThrownBy(() -> engine.read(unit -> Probe.insert(unit, 1))).isInstanceOf(EngineException.class);
        assertThatThrownBy(() -> engine.readOne(unit -> Probe.insert(unit, 2))).isInstanceOf(EngineException.class);
        assertThatThrownBy(() -> engine.readOne(unit ->
                        unit.first("insert into probe (a, b) values (3, 'x') returning a", row -> row.getLong(1))))
                .isInstanceOf(EngineException.class);

        assertThat(probe.rows()).isEmpty();
        engine.write(unit -> Probe.insert(unit, 3));
        assertThat(probe.rows()).containsExactly(3L);
    }

    @Test
    void aWriteOfOneStatementIsAWrite() {
        engine.writeOne(unit -> Probe.insert(unit, 1));

        assertThatThrownBy(() -> engine.writeOne(unit -> Probe.insert(unit, 1))).isInstanceOf(EngineException.class);

        assertThat(probe.rows()).containsExactly(1L);
        assertThat(engine.<List<Long>>readOne(Probe::rows)).containsExactly(1L);
    }

    @Test
    void aFailedStepIsUndoneAndTheUnitGoesOn() {
        engine.write(unit -> {
            Probe.insert(unit, 1);
            assertThatThrownBy(() -> unit.nested(() -> {
                        Probe.insert(unit, 2);
                        return Probe.insert(unit, 1);
                    }))
                    .isInstanceOf(EngineException.class);
            return Probe.insert(unit, 3);
        });

        assertThat(probe.rows()).containsExactly(1L, 3L);
    }

    @Test
    void stepsNestAndEachIsUndoneWithTheOneAroundIt() {
        engine.write(unit -> {
            assertThatThrownBy(() -> unit.nested(() -> {
                        Probe.insert(unit, 1);
                        unit.nested(() -> Probe.insert(unit, 2));
                        throw new IllegalStateException("outer step");
                    }))
                    .hasMessage("outer step");
            unit.nested(() -> {
                Probe.insert(unit, 3);
                assertThatThrownBy(() -> unit.nested(() -> Probe.insert(unit, 3)))
                        .isInstanceOf(EngineException.class);
                return Probe.insert(unit, 4);
            });
            return unit;
        });

        assertThat(probe.rows()).containsExactly(3L, 4L);
    }

    @Test
    void aSucceededStepIsUndoneWithItsUnit() {
        assertThatThrownBy(() -> engine.write(unit -> {
                    unit.nested(() -> Probe.insert(unit, 1));
                    throw new IllegalStateException("unit");
                }))
                .hasMessage("unit");

        assertThat(probe.rows()).isEmpty();
    }

    @Test
    void aFailedStepLeavesTheRowsThatTheUnitIsReading() {
        engine.write(unit -> {
            Probe.insert(unit, 1);
            Probe.insert(unit, 2);
            return Probe.insert(unit, 3);
        });

        List<Long> seen = engine.write(unit -> {
            List<Long> rows = new ArrayList<>();
            unit.iterate("select a from probe order by a", row -> row.getLong(1))
                    .forEach(a -> {
                        rows.add(a);
                        assertThatThrownBy(() -> unit.nested(() -> Probe.insert(unit, a)))
                                .isInstanceOf(EngineException.class);
                    });
            return rows;
        });

        assertThat(seen).containsExactly(1L, 2L, 3L);
    }

    @Test
    void rowsAreReadAsTheyAreAskedFor() {
        AtomicInteger made = new AtomicInteger();

        List<Long> first = engine.read(unit -> {
            try (Stream<Long> rows = unit.iterate(ENDLESS, row -> {
                made.incrementAndGet();
                return row.getLong(1);
            })) {
                return rows.limit(5).toList();
            }
        });

        assertThat(first).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(made).hasValueLessThan(1_000);
    }

    @Test
    void rowsEndWithTheirUnit() {
        engine.write(unit -> Probe.insert(unit, 1));

        Stream<Long> ofRead = engine.read(unit -> unit.iterate("select a from probe", row -> row.getLong(1)));
        Stream<Long> ofWrite = engine.write(unit -> unit.iterate("select a from probe", row -> row.getLong(1)));

        assertThatThrownBy(ofRead::toList).isInstanceOf(ClosedException.class);
        assertThatThrownBy(ofWrite::toList).isInstanceOf(ClosedException.class);
    }

    @Test
    void twoReadersOfTheSameTextDoNotDisturbEachOther() {
        engine.write(unit -> {
            Probe.insert(unit, 1);
            return Probe.insert(unit, 2);
        });

        List<Long> pairs = engine.read(unit -> {
            String text = "select a from probe order by a";
            try (Stream<Long> outer = unit.iterate(text, row -> row.getLong(1))) {
                return outer.flatMap(a ->
                                unit.list(text, row -> row.getLong(1)).stream().map(b -> 10 * a + b))
                        .toList();
            }
        });

        assertThat(pairs).containsExactly(11L, 12L, 21L, 22L);
    }

    @Test
    void manyRowsGoInWithOneCall() {
        engine.write(unit -> {
            List<@Nullable Object[]> rows = new ArrayList<>();
            for (long a = 0; a < 1_000; a++) {
                rows.add(new Object[] {a, "row"});
            }
            unit.execAll("insert into probe (a, b) values (?, ?)", rows);
            return unit;
        });

        assertThat(probe.count()).isEqualTo(1_000);
    }

    @Test
    void aClosedEngineRefusesEverything() {
        engine.close();
        engine.close();

        assertThatThrownBy(() -> engine.read(Probe::count)).isInstanceOf(ClosedException.class);
        assertThatThrownBy(() -> engine.readOne(Probe::count)).isInstanceOf(ClosedException.class);
        assertThatThrownBy(() -> engine.writeOne(Probe::count)).isInstanceOf(ClosedException.class);
        for (UnitKind kind : UnitKind.values()) {
            assertThatThrownBy(() -> engine.write(kind, Probe::count)).isInstanceOf(ClosedException.class);
        }
    }

    @Test
    void closingLetsARunningWriteFinish() {
        closeDuring(inside -> engine.write(unit -> {
            inside.run();
            return Probe.insert(unit, 1);
        }));
    }

    @Test
    void closingLetsARunningReadFinish() {
        closeDuring(inside -> engine.read(unit -> {
            inside.run();
            return (int) Probe.count(unit) + 1;
        }));
    }

    /** Closes the engine while a unit is inside; the unit must still return 1. */
    private void closeDuring(Function<Runnable, Integer> unit) {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        try (Callers callers = new Callers()) {
            CompletableFuture<Integer> running = callers.start(() -> unit.apply(() -> {
                inside.countDown();
                Callers.pass(end);
            }));
            Callers.pass(inside);
            CompletableFuture<Boolean> close = callers.start(() -> {
                engine.close();
                return true;
            });
            callers.awaitQuiet();
            assertThat(close).isNotDone();
            end.countDown();

            assertThat(Callers.outcome(running).value()).isEqualTo(1);
            assertThat(Callers.outcome(close).value()).isTrue();
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the compiler must not know what is thrown
    private static <E extends Throwable> E hidden(Throwable checked) throws E {
        throw (E) checked;
    }
}
