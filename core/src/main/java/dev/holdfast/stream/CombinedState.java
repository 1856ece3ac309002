package dev.holdfast.stream;

import dev.holdfast.engine.Tx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One stream while several appends to it run in one transaction: its row is locked and read once, and what the appends
 * make of it is kept here until {@link #writeOut}.
 */
final class CombinedState implements AppendState {
    private final Tx tx;
    private final StreamSql sql;
    private final StreamDataSql data;
    private final Set<String> expected = new LinkedHashSet<>();
    /** The producers as they were stored; null until the first of them is asked for. */
    private @Nullable Map<String, ProducerStamp> stored;

    private final Map<String, ProducerStamp> changed = new LinkedHashMap<>();
    private final List<StreamDataSql.Stored> rows = new ArrayList<>();
    private @Nullable StreamRow row;
    private boolean rowChanged;

    /** Locks the stream and reads it, if it is there. */
    CombinedState(Tx tx, StreamRoom room, String name) {
        this.tx = tx;
        this.sql = room.sql();
        this.data = room.data();
        this.row = sql.hold(tx, tx.ns(), name).orElse(null);
    }

    /** Names a producer that will be asked for, so that all of them are read at once. */
    void expect(String producer) {
        expected.add(producer);
    }

    @Override
    public Optional<StreamRow> row(String name) {
        return Optional.ofNullable(row);
    }

    @Override
    public Optional<ProducerStamp> producer(long stream, String id) {
        if (stored == null) {
            stored = read(stream);
        }
        ProducerStamp now = changed.get(id);
        return Optional.ofNullable(now == null ? stored.get(id) : now);
    }

    private Map<String, ProducerStamp> read(long stream) {
        Map<String, ProducerStamp> read = new HashMap<>();
        sql.producers(tx, tx.ns(), stream, expected.toArray(String[]::new))
                .forEach(stamp -> read.put(stamp.id(), stamp));
        return read;
    }

    @Override
    public void add(StreamRow before, StreamContent content) {
        rows.add(new StreamDataSql.Stored(before.tail(), content));
    }

    @Override
    public void put(StreamRow after, boolean onlyTail) {
        row = after;
        rowChanged = true;
    }

    @Override
    public void put(long stream, ProducerStamp stamp) {
        changed.put(stamp.id(), stamp);
    }

    /** Writes what the appends have changed: a statement each for content, row and producers, however many they are. */
    void writeOut() {
        if (row == null || !rowChanged) {
            return;
        }
        if (rows.size() == 1) {
            StreamDataSql.Stored only = rows.getFirst();
            data.insert(tx, tx.ns(), row.id(), only.start(), only.content());
        } else if (!rows.isEmpty()) {
            data.insertAll(tx, tx.ns(), row.id(), rows);
        }
        sql.update(tx, tx.ns(), row);
        if (!changed.isEmpty()) {
            sql.setProducers(tx, tx.ns(), row.id(), changed.values());
        }
    }
}
