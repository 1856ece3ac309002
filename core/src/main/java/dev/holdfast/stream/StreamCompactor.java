package dev.holdfast.stream;

import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.StateException;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.stream.StreamRetentionSql.Kept;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes snapshots of streams of state events: the whole state is appended once more at the tail, and what lies before
 * goes after a grace time. Most of a stream is read before the writer's turn; in it only what came meanwhile.
 */
final class StreamCompactor {
    private static final Logger LOG = LoggerFactory.getLogger(StreamCompactor.class);
    /** What is read at once, and about the size of one row of a snapshot. */
    private static final int PART_BYTES = 1 << 20;
    /** How often what came meanwhile is read before the writer's turn. */
    private static final int PASSES = 3;

    private final StreamRoom room;
    private final StreamRetentionSql sql;

    StreamCompactor(StreamRoom room, StreamRetentionSql sql) {
        this.room = room;
        this.sql = sql;
    }

    StreamSnapshot compact(Session session, String name, Duration grace) {
        return compact(session, name, StreamRetention.millis(grace), (row, kept) -> true)
                .orElseThrow(StreamRow::notFound);
    }

    /** Makes a snapshot of a stream that is due, unless another process has made it meanwhile. */
    void compactIfDue(Session session, StreamRow row) {
        try {
            var unused =
                    compact(session, row.name(), StreamRetention.millis(StreamLimits.GRACE), StreamCompactor::isDue);
        } catch (StateException | InvalidInputException e) {
            LOG.warn("a stream could not be compacted; it is tried again when as much has been appended", e);
            session.write(UnitKind.OPERATION, tx -> {
                sql.snapshotted(tx, tx.ns(), row.id(), row.tail());
                return row;
            });
        }
    }

    /** Whether enough has been appended since the last snapshot. */
    static boolean isDue(StreamRow row, Kept kept) {
        return !row.deleted()
                && !row.closed()
                && kept.retention().compactUnits().isPresent()
                && StreamOffset.units(row.tail()) - StreamOffset.units(Math.max(row.first(), kept.snapshotted()))
                        >= kept.retention().compactUnits().getAsLong();
    }

    private Optional<StreamSnapshot> compact(
            Session session, String name, long graceMillis, BiPredicate<StreamRow, Kept> wanted) {
        Folded folded = session.read(tx -> begin(tx, name));
        // Each part in a transaction of its own, so that none is open for long; and once more, for what came meanwhile.
        for (int pass = 0; pass < PASSES; pass++) {
            long target = session.read(tx -> find(tx, name, folded.id).tail());
            if (folded.at >= target) {
                break;
            }
            while (folded.at < target && session.bulk(tx -> folded.read(tx, room, find(tx, name, folded.id)))) {
                // The next part.
            }
        }
        // What it reads in the writer's turn it reads behind the row of the stream, which is held.
        UnitKind kind = session.database().dialect() == Dialect.SQLITE ? UnitKind.ALONE : UnitKind.OPERATION;
        return session.inTurn(name.hashCode()).write(kind, tx -> append(tx, name, folded, graceMillis, wanted));
    }

    private Folded begin(Tx tx, String name) {
        StreamRow row = room.sql().find(tx, tx.ns(), name).orElseThrow(StreamRow::notFound);
        requireOpen(row.requireAlive(tx.now()));
        if (!row.json()) {
            throw new InvalidInputException(
                    "stream.not_state", "only a stream of state events can be compacted: it holds no JSON");
        }
        // The last snapshot holds all that was before it.
        long from = sql.find(tx, tx.ns(), row.id()).map(Kept::nextAt).orElse(0L);
        return new Folded(row.id(), Math.max(from, row.first()));
    }

    private StreamRow find(Tx tx, String name, long id) {
        return room.sql()
                .find(tx, tx.ns(), name)
                .filter(row -> row.id() == id)
                .orElseThrow(StreamRow::notFound)
                .requireAlive(tx.now());
    }

    private static void requireOpen(StreamRow row) {
        if (row.closed()) {
            throw new StreamException(
                    StreamException.Reason.CLOSED, "the stream is closed", StreamException.Facts.tail(row.tail()));
        }
    }

    private Optional<StreamSnapshot> append(
            Tx tx, String name, Folded folded, long graceMillis, BiPredicate<StreamRow, Kept> wanted) {
        StreamRow row = room.state(tx)
                .hold(name)
                .filter(held -> held.id() == folded.id)
                .orElseThrow(StreamRow::notFound)
                .requireAlive(tx.now());
        requireOpen(row);
        Kept kept = sql.find(tx, tx.ns(), row.id()).orElse(Kept.NOTHING);
        if (!wanted.test(row, kept)) {
            return Optional.empty();
        }
        while (folded.read(tx, room, row)) {
            // Nobody appends meanwhile.
        }
        long start = row.tail();
        for (byte[] body : folded.fold.asSnapshot(PART_BYTES)) {
            StreamContent content = new AppendContent(body, Integer.MAX_VALUE).behind(row);
            row = room.writer().store(tx, row, content, StreamAppend.of(body));
        }
        // A grace time that never ends must not come to an earlier time than now.
        long after = Math.max(tx.now(), tx.now() + graceMillis);
        sql.snapshot(tx, tx.ns(), row.id(), start, after, row.tail());
        if (kept.cutAt() <= row.first()) {
            sql.promote(tx, tx.ns(), row.id());
        }
        return Optional.of(new StreamSnapshot(start, row.tail(), folded.fold.size()));
    }

    /** What has been read of a stream. */
    private static final class Folded {
        private final long id;
        private final StateFold fold = new StateFold(StreamLimits.SNAPSHOT_BYTES_MAX);
        private long from;
        private long at;

        Folded(long id, long from) {
            this.id = id;
            this.from = from;
            this.at = from;
        }

        /** Takes in the next part; answers whether it is followed by another. */
        boolean read(Tx tx, StreamRoom room, StreamRow row) {
            if (row.first() > from) {
                // Somebody has trimmed what was read already: it must not come back.
                fold.clear();
                from = row.first();
                at = from;
            }
            StreamChunk chunk = room.reader().read(tx, row, at, PART_BYTES);
            if (chunk.isEmpty() && !chunk.upToDate()) {
                throw StreamReader.missing(at, row);
            }
            chunk.parts().forEach(fold::add);
            at = chunk.next();
            return !chunk.upToDate();
        }
    }
}
