package dev.holdfast.record;

import dev.holdfast.engine.Change;
import dev.holdfast.record.RecordStoreException.Reason;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

/** A store in a seat: the rules, without SQL. */
final class StoredRecordStore implements RecordStore {
    private final RecordSeat seat;
    private final AtomicBoolean closed = new AtomicBoolean();

    StoredRecordStore(RecordSeat seat) {
        this.seat = seat;
    }

    @Override
    public void append(String docId, StoreRecord record) {
        appendAll(docId, List.of(Objects.requireNonNull(record, "record")));
    }

    @Override
    public void appendAll(String docId, List<? extends StoreRecord> records) {
        requireOpen();
        RecordBatch batch = RecordBatch.toAppend(Objects.requireNonNull(docId, "docId"), List.copyOf(records));
        seat.write(docId, unit -> {
            unit.spend(batch.rows().size(), batch.bytes());
            unit.lock(docId);
            RecordUnit.State state = unit.state(docId);
            batch.requireFollows(state.current());
            if (state.rowsMax() + batch.rows().size() - 1 > Integer.MAX_VALUE) {
                throw RecordSql.logFull(docId);
            }
            Optional<RecordSql.Size> before = unit.measure(docId);
            write(unit, batch, (int) state.rowsMax());
            unit.count(before, docId);
            return unit;
        });
    }

    @Override
    public void replace(String docId, List<? extends StoreRecord> records) {
        requireOpen();
        RecordBatch batch = RecordBatch.toReplace(Objects.requireNonNull(docId, "docId"), List.copyOf(records));
        seat.write(docId, unit -> {
            unit.lock(docId);
            RecordUnit.State state = unit.state(docId);
            unit.spend(batch.rows().size() + state.rowsMax(), batch.bytes());
            batch.requireFollows(state.current());
            Optional<RecordSql.Size> before = unit.measure(docId);
            unit.tables().deleteRecords(unit.sql(), docId);
            write(unit, batch, 0);
            unit.count(before, docId);
            return unit;
        });
    }

    private static void write(RecordUnit unit, RecordBatch batch, int first) {
        unit.tables().insert(unit.sql(), batch.docId(), first, batch.rows());
        batch.last().ifPresent(meta -> unit.tables().setCurrent(unit.sql(), batch.docId(), RecordText.of(meta)));
        unit.changed(batch.docId(), Change.Kind.SET);
    }

    @Override
    public void delete(String docId) {
        requireOpen();
        RecordRules.requireDocId(Objects.requireNonNull(docId, "docId"));
        seat.write(docId, unit -> {
            unit.lock(docId);
            unit.spendLog(docId);
            Optional<RecordSql.Size> before = unit.measure(docId);
            int records = unit.tables().deleteRecords(unit.sql(), docId);
            int documents = unit.tables().deleteCurrent(unit.sql(), docId);
            if (records + documents > 0) {
                unit.changed(docId, Change.Kind.DELETE);
                unit.count(before, docId);
            }
            return unit;
        });
    }

    @Override
    public Optional<StoreMeta> currentMeta(String docId) {
        requireOpen();
        RecordRules.requireDocId(Objects.requireNonNull(docId, "docId"));
        return seat.readOne(unit -> unit.current(docId));
    }

    @Override
    public RecordCursor<StoreRecord> loadAll(String docId) {
        requireOpen();
        RecordRules.requireDocId(Objects.requireNonNull(docId, "docId"));
        return new CopiedCursor<>(
                this::requireOpen,
                () -> copy((unit, copy) -> unit.tables().records(unit.sql(), docId, copy::add)),
                row -> row.read(docId));
    }

    @Override
    public RecordCursor<String> listDocIds(String prefix) {
        requireOpen();
        RecordRules.requireDocId(Objects.requireNonNull(prefix, "prefix"));
        return new CopiedCursor<>(
                this::requireOpen,
                () -> copy((unit, copy) -> unit.tables().ids(unit.sql(), prefix, copy::add)),
                RecordRow::kind);
    }

    private RecordCopy copy(BiConsumer<RecordUnit, RecordCopy> query) {
        return seat.scan(unit -> {
            RecordCopy copy = new RecordCopy();
            try {
                query.accept(unit, copy);
                copy.finish();
                return copy;
            } catch (RuntimeException | Error e) {
                copy.close();
                throw e;
            }
        });
    }

    private void requireOpen() {
        if (closed.get()) {
            throw new RecordStoreException(Reason.CLOSED, "the record store was closed");
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            seat.close();
        }
    }
}
