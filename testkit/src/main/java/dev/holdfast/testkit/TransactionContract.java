package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.ClosedException;
import dev.holdfast.engine.Database;
import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a transaction promises to rooms and users: joining, hooks, versionstamps, and that a failed statement is never
 * forgotten.
 */
public abstract class TransactionContract extends Contract {
    private Store store;
    private Session session;
    private Probe probe;
    private final List<String> events = Collections.synchronizedList(new ArrayList<>());

    /** The suite over the stores of one engine. */
    protected TransactionContract() {}

    @BeforeEach
    void open() {
        store = stores().fresh();
        session = store.session();
        probe = Probe.in(store.engine());
    }

    @ParameterizedTest
    @EnumSource
    void hooksRunOnceInOrderAfterTheCommitOnTheThreadOfTheCaller(UnitKind kind) {
        Thread caller = Thread.currentThread();

        session.write(kind, tx -> {
            tx.afterCommit(() ->
                    events.add("first, rows=" + probe.count() + ", here=" + caller.equals(Thread.currentThread())));
            tx.afterCommit(() -> events.add("second"));
            return Probe.insert(tx, 1);
        });

        assertThat(events).containsExactly("first, rows=1, here=true", "second");
    }

    @ParameterizedTest
    @EnumSource
    void hooksOfATransactionThatRollsBackNeverRun(UnitKind kind) {
        assertThatThrownBy(() -> session.write(kind, tx -> {
                    tx.afterCommit(() -> events.add("hook"));
                    throw new IllegalStateException("stop");
                }))
                .hasMessage("stop");

        assertThat(events).isEmpty();
    }

    @Test
    void hooksOfAFailedStepNeverRunAndThoseAroundItDo() {
        session.write(UnitKind.USER, tx -> {
            tx.afterCommit(() -> events.add("before"));
            assertThatThrownBy(() -> tx.nested(() -> {
                        tx.afterCommit(() -> events.add("inside"));
                        throw new IllegalStateException("stop");
                    }))
                    .hasMessage("stop");
            tx.afterCommit(() -> events.add("after"));
            return tx;
        });

        assertThat(events).containsExactly("before", "after");
    }

    @Test
    void aFailingHookChangesNothingForTheOthersAndTheCommitStands() {
        session.write(UnitKind.USER, tx -> {
            tx.afterCommit(() -> {
                throw new IllegalStateException("this hook fails on purpose");
            });
            tx.afterCommit(() -> events.add("next"));
            return Probe.insert(tx, 1);
        });

        assertThat(events).containsExactly("next");
        assertThat(probe.rows()).containsExactly(1L);
    }

    @Test
    void aHookMayWriteATransactionOfItsOwn() {
        session.write(UnitKind.USER, tx -> {
            tx.afterCommit(() -> session.write(UnitKind.OPERATION, own -> Probe.insert(own, 2)));
            return Probe.insert(tx, 1);
        });

        assertThat(probe.rows()).containsExactly(1L, 2L);
    }

    @ParameterizedTest
    @EnumSource
    void whatASessionDoesInsideATransactionJoinsIt(UnitKind inner) {
        List<Long> stamps = new ArrayList<>();

        assertThatThrownBy(() -> session.write(UnitKind.USER, tx -> {
                    stamps.add(tx.versionstamp());
                    session.write(inner, joined -> {
                        stamps.add(joined.versionstamp());
                        return Probe.insert(joined, 1);
                    });
                    session.writeOne(joined -> Probe.insert(joined, 2));
                    assertThat(session.<Long>read(Probe::count)).isEqualTo(2);
                    assertThat(session.<Long>readOne(Probe::count)).isEqualTo(2);
                    throw new IllegalStateException("stop");
                }))
                .hasMessage("stop");

        assertThat(stamps.get(1)).isEqualTo(stamps.get(0));
        assertThat(probe.rows()).isEmpty();
    }

    @Test
    void hooksOfWhatJoinedWaitForTheCommitOfTheWhole() {
        session.write(UnitKind.USER, tx -> {
            session.write(UnitKind.USER, joined -> {
                joined.afterCommit(() -> events.add("joined"));
                return joined;
            });
            events.add("end of work");
            return tx;
        });

        assertThat(events).containsExactly("end of work", "joined");
    }

    @Test
    void anotherNamespaceCannotJoin() {
        Session other = store.database().session("other");

        assertThatThrownBy(() -> session.write(UnitKind.USER, tx -> other.write(UnitKind.USER, joined -> 1)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("engine.other_namespace")
                .hasMessageContaining("open=default, asked=other");
        assertThatThrownBy(() -> session.read(tx -> other.read(joined -> 1)))
                .hasMessageContaining("engine.other_namespace");
    }

    @Test
    void aWriteCannotJoinATransactionThatReads() {
        assertThatThrownBy(() -> session.read(tx -> session.write(UnitKind.USER, joined -> Probe.insert(joined, 1))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("engine.read_only");
        assertThatThrownBy(() -> session.read(Tx::versionstamp)).hasMessageContaining("engine.read_only");

        assertThat(probe.rows()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aTransactionInWhichAStatementFailedCannotCommitEvenIfTheFailureIsCaught(UnitKind kind) {
        assertThatThrownBy(() -> session.write(kind, tx -> {
                    Probe.insert(tx, 1);
                    assertThatThrownBy(() -> Probe.insert(tx, 1)).isInstanceOf(EngineException.class);
                    return 1;
                }))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("engine.doomed");

        assertThat(probe.rows()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void afterAFailedStatementNothingMoreCanBeDone(UnitKind kind) {
        assertThatThrownBy(() -> session.write(kind, tx -> {
                    assertThatThrownBy(() -> tx.exec("insert into nowhere values (1)"))
                            .isInstanceOf(EngineException.class);
                    assertThatThrownBy(() -> Probe.insert(tx, 1)).hasMessageContaining("engine.doomed");
                    assertThatThrownBy(() -> tx.nested(() -> Probe.insert(tx, 2)))
                            .hasMessageContaining("engine.doomed");
                    return Probe.count(tx);
                }))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("engine.doomed");

        assertThat(probe.rows()).isEmpty();
    }

    @Test
    void aStatementThatFailedInAStepIsForgottenWithTheStep() {
        session.write(UnitKind.USER, tx -> {
            Probe.insert(tx, 1);
            assertThatThrownBy(() -> tx.nested(() -> Probe.insert(tx, 1))).isInstanceOf(EngineException.class);
            return Probe.insert(tx, 2);
        });

        assertThat(probe.rows()).containsExactly(1L, 2L);
    }

    @Test
    void aStepInWhichAFailureWasCaughtFailsAtItsEndAndOnlyTheStepIsUndone() {
        session.write(UnitKind.USER, tx -> {
            Probe.insert(tx, 1);
            assertThatThrownBy(() -> tx.nested(() -> {
                        Probe.insert(tx, 2);
                        assertThatThrownBy(() -> Probe.insert(tx, 2)).isInstanceOf(EngineException.class);
                        return 1;
                    }))
                    .hasMessageContaining("engine.doomed");
            return Probe.insert(tx, 3);
        });

        assertThat(probe.rows()).containsExactly(1L, 3L);
    }

    @Test
    void aTransactionThatIsKeptRefusesWhenItIsOver() {
        AtomicReference<Tx> kept = new AtomicReference<>();
        session.write(UnitKind.OPERATION, tx -> {
            kept.set(tx);
            return 1;
        });
        assertThatThrownBy(() -> Probe.insert(kept.get(), 1)).isInstanceOf(ClosedException.class);
        session.write(UnitKind.USER, tx -> {
            kept.set(tx);
            return 1;
        });
        assertThatThrownBy(() -> Probe.insert(kept.get(), 2)).isInstanceOf(ClosedException.class);
        session.read(tx -> {
            kept.set(tx);
            return 1;
        });
        assertThatThrownBy(() -> Probe.count(kept.get())).isInstanceOf(ClosedException.class);

        assertThat(probe.rows()).isEmpty();
    }

    @Test
    void theTimeOfATransactionStandsStill() {
        VirtualTime time = new VirtualTime();
        Session timed = stores().fresh(time).session();

        List<Long> seen = timed.write(UnitKind.USER, tx -> {
            long first = tx.now();
            time.advance(java.time.Duration.ofSeconds(1));
            return List.of(first, tx.now());
        });

        assertThat(seen.get(1)).isEqualTo(seen.get(0)).isEqualTo(time.millis() - 1_000);
    }

    @Test
    void versionstampsRiseFromCommitToCommit() {
        List<Long> stamps = new ArrayList<>();
        for (UnitKind kind : List.of(UnitKind.OPERATION, UnitKind.USER, UnitKind.DECISION, UnitKind.OPERATION)) {
            stamps.add(session.write(kind, Tx::versionstamp));
        }

        assertThat(stamps).isSorted().doesNotHaveDuplicates().allMatch(stamp -> stamp > 0);
    }

    @Test
    void versionstampsGoOnAboveARaisedBase() {
        Database database = store.database();
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
        assertThatThrownBy(() -> session.write(UnitKind.USER, tx -> {
                    store.database().raiseBase(0);
                    return tx;
                }))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("engine.inside_transaction");
    }

    @Test
    void aVersionstampTakenTwiceIsTheSame() {
        List<Long> stamps = session.write(
                UnitKind.USER, tx -> List.of(tx.versionstamp(), tx.versionstamp(), tx.nested(tx::versionstamp)));

        assertThat(stamps.stream().distinct()).hasSize(1);
    }

    @Test
    void noTwoOfManyConcurrentCommitsShareAVersionstampAndEachCallerSeesHisOwnRise() {
        try (Callers callers = new Callers()) {
            List<CompletableFuture<List<Long>>> all = IntStream.range(0, 20)
                    .mapToObj(i -> callers.start(() -> IntStream.range(0, 20)
                            .mapToObj(n -> session.write(UnitKind.OPERATION, Tx::versionstamp))
                            .toList()))
                    .toList();

            List<List<Long>> stamps =
                    all.stream().map(future -> Callers.outcome(future).value()).toList();

            assertThat(stamps).allSatisfy(own -> assertThat(own).isSorted());
            assertThat(stamps.stream().flatMap(List::stream).distinct()).hasSize(400);
        }
    }

    @Test
    void theVersionstampOfARolledBackTransactionIsNotUsedForAnother() {
        AtomicReference<Long> lost = new AtomicReference<>();
        assertThatThrownBy(() -> session.write(UnitKind.USER, tx -> {
                    lost.set(tx.versionstamp());
                    throw new IllegalStateException("stop");
                }))
                .hasMessage("stop");

        assertThat(session.write(UnitKind.USER, Tx::versionstamp)).isGreaterThan(lost.get());
    }
}
