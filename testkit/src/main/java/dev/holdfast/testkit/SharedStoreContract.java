package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.Change;
import dev.holdfast.engine.ChangeFeed;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.testkit.ChangeFeedContract.Seen;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a database that outlives its engine promises: what was acknowledged is there after a restart, and several
 * engines agree on everything.
 */
public abstract class SharedStoreContract extends Contract {
    private static final String ROOM = "test";

    private Store store;
    private Session session;
    private Probe probe;

    /** The suite over the stores of one engine. */
    protected SharedStoreContract() {}

    @BeforeEach
    void open() {
        store = stores().fresh();
        session = store.session();
        probe = Probe.in(store.engine());
    }

    @Test
    void whatWasAcknowledgedIsThereAfterReopening() {
        session.write(UnitKind.OPERATION, tx -> Probe.insert(tx, 1));
        session.write(UnitKind.USER, tx -> Probe.insert(tx, 2));
        int acme = store.database().session("acme").write(UnitKind.OPERATION, Tx::ns);

        store.reopen();

        assertThat(Probe.of(store.engine()).rows()).containsExactly(1L, 2L);
        assertThat(store.database().session("acme").<Integer>read(Tx::ns)).isEqualTo(acme);
    }

    @Test
    void versionstampsGoOnRisingAfterReopeningEvenIfTheClockWasSetBack() {
        VirtualTime time = new VirtualTime();
        Store timed = stores().fresh(time);
        long before = timed.session().write(UnitKind.USER, Tx::versionstamp);

        timed.reopen(new VirtualTime(time.instant().minus(Duration.ofDays(1))));
        long after = timed.session().write(UnitKind.USER, Tx::versionstamp);

        assertThat(after).isGreaterThan(before);
    }

    @Test
    void readersNeverWaitForTheWriterAndSeeWhatWasCommittedBefore() {
        CountDownLatch written = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        session.write(UnitKind.OPERATION, tx -> Probe.insert(tx, 1));
        try (Callers callers = new Callers()) {
            CompletableFuture<Boolean> writer = callers.start(() -> session.write(UnitKind.USER, tx -> {
                Probe.insert(tx, 2);
                written.countDown();
                return Callers.pass(end);
            }));
            Callers.pass(written);

            assertThat(probe.rows()).containsExactly(1L);
            assertThat(writer).isNotDone();
            end.countDown();
            Callers.outcome(writer).value();
        }

        assertThat(probe.rows()).containsExactly(1L, 2L);
    }

    @Test
    void aReadThatHasBegunKeepsItsSnapshotWhileOthersCommit() {
        session.write(UnitKind.OPERATION, tx -> Probe.insert(tx, 1));

        List<Long> seen = store.engine().read(unit -> {
            List<Long> rows = new ArrayList<>(Probe.rows(unit));
            try (Callers callers = new Callers()) {
                Callers.outcome(callers.start(() -> session.write(UnitKind.USER, tx -> Probe.insert(tx, 2))))
                        .value();
            }
            rows.addAll(Probe.rows(unit));
            return rows;
        });

        assertThat(seen).containsExactly(1L, 1L);
        assertThat(probe.rows()).containsExactly(1L, 2L);
    }

    @Test
    void whatOneEngineAcknowledgedTheOtherReads() {
        Store other = store.second();

        session.write(UnitKind.OPERATION, tx -> Probe.insert(tx, 1));
        assertThat(Probe.of(other.engine()).rows()).containsExactly(1L);
        other.session().write(UnitKind.USER, tx -> Probe.insert(tx, 2));

        assertThat(probe.rows()).containsExactly(1L, 2L);
    }

    @Test
    void aNamespaceMadeByOneEngineIsThereForTheOtherAtOnce() {
        Store other = store.second();
        int before = other.database().session("late").read(Tx::ns);

        int made = store.database().session("late").write(UnitKind.OPERATION, Tx::ns);

        assertThat(before).isZero();
        assertThat(other.database().session("late").<Integer>read(Tx::ns)).isEqualTo(made);
        assertThat(other.database().session("late").<Integer>write(UnitKind.USER, Tx::ns))
                .isEqualTo(made);
    }

    @Test
    void versionstampsOfTwoEnginesRiseTogether() {
        Store other = store.second();
        List<Long> stamps = new ArrayList<>();

        for (int i = 0; i < 50; i++) {
            stamps.add(session.write(UnitKind.OPERATION, Tx::versionstamp));
            stamps.add(other.session().write(UnitKind.USER, Tx::versionstamp));
            stamps.add(other.session().write(UnitKind.OPERATION, Tx::versionstamp));
        }

        assertThat(stamps).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void twoEnginesThatWriteAtOnceBothGetOnAndNeverShareAVersionstamp() {
        Store other = store.second();
        try (Callers callers = new Callers()) {
            List<CompletableFuture<List<Long>>> writers = IntStream.range(0, 8)
                    .mapToObj(w -> callers.start(() -> write(w % 2 == 0 ? store : other, w * 50L)))
                    .toList();

            List<List<Long>> stamps = writers.stream()
                    .map(writer -> Callers.outcome(writer).value())
                    .toList();

            assertThat(stamps).allSatisfy(own -> assertThat(own).isSorted());
            assertThat(stamps.stream().flatMap(List::stream).distinct()).hasSize(400);
        }
        assertThat(probe.rows()).isEqualTo(LongStream.range(0, 400).boxed().toList());
    }

    @Test
    void aFollowerAtOneEngineSeesWhatIsCommittedThroughBothInOrder() {
        Store other = store.second();
        Seen seen = new Seen();
        store.database().feed().follow("default", ROOM, ChangeFeed.NOW, seen);

        for (int i = 0; i < 100; i++) {
            change(i % 3 == 0 ? store : other, i);
        }

        seen.awaitCount(100);
        assertThat(seen.ids()).isEqualTo(IntStream.range(0, 100).boxed().toList());
    }

    @Test
    void aFollowerAtOneEngineLosesNothingWhileBothWriteAtOnce() {
        Store other = store.second();
        Seen seen = new Seen();
        store.database().feed().follow("default", ROOM, ChangeFeed.NOW, seen);

        try (Callers callers = new Callers()) {
            List<CompletableFuture<Boolean>> writers = IntStream.range(0, 6)
                    .mapToObj(w -> callers.start(() -> {
                        for (int i = 0; i < 40; i++) {
                            change(w % 2 == 0 ? store : other, w * 40 + i);
                        }
                        return true;
                    }))
                    .toList();
            writers.forEach(writer -> Callers.outcome(writer).value());
        }

        seen.awaitCount(240);
        assertThat(seen.ids())
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 240).boxed().toList());
        for (int w = 0; w < 6; w++) {
            assertThat(seen.ids())
                    .containsSubsequence(
                            IntStream.range(w * 40, w * 40 + 40).boxed().toList());
        }
    }

    @Test
    void closingOneEngineLeavesTheOtherAtWork() {
        Store other = store.second();
        other.session().write(UnitKind.OPERATION, tx -> Probe.insert(tx, 1));

        other.close();

        session.write(UnitKind.OPERATION, tx -> Probe.insert(tx, 2));
        assertThat(probe.rows()).containsExactly(1L, 2L);
    }

    @Test
    void severalEnginesMayOpenAnEmptyDatabaseAtOnce() {
        try (Callers callers = new Callers()) {
            List<CompletableFuture<Store>> all =
                    stores().freshAtOnce(4).stream().map(callers::start).toList();

            List<Store> open =
                    all.stream().map(future -> Callers.outcome(future).value()).toList();
            Probe first = Probe.in(open.getFirst().engine());
            for (int i = 0; i < 4; i++) {
                long a = i;
                open.get(i).session().write(UnitKind.USER, tx -> Probe.insert(tx, a));
            }

            assertThat(first.rows()).containsExactly(0L, 1L, 2L, 3L);
        }
    }

    @Test
    void aFailedWriteOfOneEngineIsNotSeenByTheOther() {
        Store other = store.second();

        assertThatThrownBy(() -> session.write(UnitKind.OPERATION, tx -> {
                    Probe.insert(tx, 1);
                    throw new IllegalStateException("stop");
                }))
                .hasMessage("stop");

        assertThat(Probe.of(other.engine()).rows()).isEmpty();
    }

    private static List<Long> write(Store store, long from) {
        List<Long> stamps = new ArrayList<>();
        for (long a = from; a < from + 50; a++) {
            long number = a;
            stamps.add(store.session().write(UnitKind.OPERATION, tx -> {
                Probe.insert(tx, number);
                return tx.versionstamp();
            }));
        }
        return stamps;
    }

    private static void change(Store store, int number) {
        store.session().write(UnitKind.OPERATION, tx -> {
            tx.changed(ROOM, "", ByteBuffer.allocate(4).putInt(number).array(), Change.Kind.SET);
            return tx;
        });
    }
}
