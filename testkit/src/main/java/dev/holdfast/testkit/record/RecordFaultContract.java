package dev.holdfast.testkit.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.record.RecordStore;
import dev.holdfast.record.StoreRecord;
import dev.holdfast.testkit.FaultControl;
import dev.holdfast.testkit.FaultyEngine.Moment;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * All or nothing: each statement and each commit of every operation fails once, before and after it took effect. Then
 * the document is what it was, or what the whole operation makes it when the commit stands, and the same call works.
 */
public abstract class RecordFaultContract extends RecordSuite {
    private static final int STATEMENTS_MAX = 100;

    /** The suite over one kind of place. */
    protected RecordFaultContract() {}

    @Test
    void appendingMetadata() {
        failEach((store, docId) -> store.append(docId, record(meta("00updated"))));
    }

    @Test
    void appendingAnEntry() {
        failEach((store, docId) -> store.append(docId, since("2")));
    }

    @Test
    void appendingABatch() {
        failEach((store, docId) ->
                store.appendAll(docId, List.of(since("2"), record(meta("00updated")), entirety("3"))));
    }

    @Test
    void replacingALog() {
        failEach((store, docId) -> store.replace(
                docId, List.of(entirety("2"), record(META), since("3"), record(meta("00updated")), since("4"))));
    }

    @Test
    void deletingADocument() {
        failEach(RecordStore::delete);
    }

    private void failEach(BiConsumer<RecordStore, String> operation) {
        for (Moment moment : Moment.values()) {
            until(operation, "statement " + moment, (faults, number) -> faults.failStatement(number, moment));
            until(operation, "commit " + moment, (faults, number) -> faults.failCommit(number, moment));
        }
    }

    private void until(
            BiConsumer<RecordStore, String> operation, String name, BiConsumer<FaultControl, Integer> fault) {
        int number = 1;
        while (failed(operation, name + " " + number, fault, number)) {
            number++;
            assertThat(number).as("statements of one operation").isLessThan(STATEMENTS_MAX);
        }
        assertThat(number).as("%s was met at least once", name).isGreaterThan(1);
    }

    /** Whether the fault was met. */
    private boolean failed(
            BiConsumer<RecordStore, String> operation,
            String name,
            BiConsumer<FaultControl, Integer> fault,
            int number) {
        String docId = name + "/doc";
        String model = name + "/model";
        fill(store, docId);
        fill(store, model);
        State before = State.of(store, docId);
        operation.accept(store, model);
        State after = State.of(store, model);
        RecordPlace.Broken broken = place.openBroken("kyneta");

        fault.accept(broken.faults(), number);
        boolean threw = threw(target -> operation.accept(target, docId), broken.store());

        boolean met = broken.faults().failed();
        boolean done = !threw || broken.faults().failedAfterCommit();
        broken.faults().failStatement(Integer.MAX_VALUE, Moment.BEFORE);
        assertThat(State.of(store, docId)).as("after failure at %s", name).isEqualTo(done ? after : before);
        if (!done) {
            operation.accept(broken.store(), docId);
            assertThat(State.of(store, docId)).as("again after %s", name).isEqualTo(after);
        }
        return met;
    }

    private static void fill(RecordStore store, String docId) {
        store.appendAll(docId, List.of(record(META), entirety("1")));
    }

    private static boolean threw(Consumer<RecordStore> operation, RecordStore target) {
        try {
            operation.accept(target);
            return false;
        } catch (RuntimeException e) {
            return true;
        }
    }

    /** What there is to see of a document. */
    private record State(List<StoreRecord> log, Object meta, boolean listed) {
        static State of(RecordStore store, String docId) {
            return new State(
                    load(store, docId),
                    store.currentMeta(docId),
                    !ids(store, docId).isEmpty());
        }
    }
}
