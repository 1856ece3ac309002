package dev.holdfast.stream;

import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.Tx;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a transaction finds streams and their producers, and leaves what it has changed of them: in the tables, or, for
 * a single operation on SQLite, in the memory that is written out with the commit.
 */
final class StreamState implements AppendState {
    private final Tx tx;
    private final StreamSql sql;
    private final StreamDataSql data;
    private final StreamHeads.@Nullable Batch memory;
    private final boolean deferred;
    /** Whether a tail is known by the rows before it, so that it need not be written. */
    private final boolean rowsTell;

    private StreamState(Tx tx, StreamRoom room, StreamHeads.@Nullable Batch memory) {
        this.tx = tx;
        this.sql = room.sql();
        this.data = room.data();
        this.memory = memory;
        // A step of a user's transaction can be undone, and then the tables alone know what holds.
        this.deferred = memory != null && tx.single();
        this.rowsTell = tx.database().dialect() == Dialect.SQLITE;
    }

    /** The state of a transaction that writes. */
    static StreamState of(Tx tx, StreamRoom room) {
        StreamHeads heads = room.heads();
        return new StreamState(tx, room, heads == null ? null : heads.batch(tx));
    }

    @Override
    public Optional<StreamRow> row(String name) {
        return deferred && memory != null ? memory.row(tx, name) : hold(name);
    }

    /** A stream whose row is to be changed in the table; nobody else changes it until this transaction ends. */
    Optional<StreamRow> hold(String name) {
        if (memory != null) {
            memory.writeOut(tx, name);
        }
        return sql.hold(tx, tx.ns(), name);
    }

    /** The same for a stream that is known by its number. */
    Optional<StreamRow> hold(long id) {
        if (memory == null) {
            return sql.holdById(tx, tx.ns(), id);
        }
        return sql.byId(tx, tx.ns(), id).flatMap(row -> hold(row.name()));
    }

    @Override
    public void add(StreamRow before, StreamContent content) {
        data.insert(tx, tx.ns(), before.id(), before.tail(), content);
    }

    @Override
    public void put(StreamRow after, boolean onlyTail) {
        if (deferred && memory != null) {
            memory.put(tx, after, onlyTail);
        } else if (!onlyTail || !rowsTell) {
            sql.update(tx, tx.ns(), after);
        }
    }

    /** Writes what has become of a stream otherwise than by an append. */
    void put(StreamRow after) {
        put(after, false);
    }

    @Override
    public Optional<ProducerStamp> producer(long stream, String id) {
        return deferred && memory != null ? memory.producer(tx, stream, id) : sql.producer(tx, tx.ns(), stream, id);
    }

    /** Forgets the producers of a stream that is removed: what waits to be written about them is not written. */
    void forget(long stream) {
        if (memory != null) {
            memory.forget(tx, stream);
        }
    }

    @Override
    public void put(long stream, ProducerStamp stamp) {
        if (deferred && memory != null) {
            memory.put(tx, stream, stamp);
            return;
        }
        if (memory != null) {
            memory.drop(tx, stream, stamp.id());
        }
        sql.setProducer(tx, tx.ns(), stream, stamp);
    }
}
