package dev.holdfast.stream;

import dev.holdfast.engine.NamespaceUsage;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Tables;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.stream.StreamRetentionSql.Kept;
import dev.holdfast.stream.StreamRetentionSql.Mark;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Removes from the old end of streams what is not to be kept. First the stream forgets it, by a higher first offset;
 * then, unless forks read it, its rows go in bounded batches.
 *
 * <p>How old content is, and how many bytes lie behind it, is known by marks: where the stream stood at a time, made
 * by the background, some 64 within what is kept. An append costs nothing for it.
 */
final class StreamTrimmer {
    private static final int STREAMS = 100;
    private static final int ROWS_AT_ONCE = 200;
    /** Rows whose bytes are counted in one transaction. */
    private static final int COUNTED_MAX = 10_000;
    /** Into so many parts marks divide what is kept. */
    private static final int PARTS = 64;

    private final StreamRoom room;
    private final StreamRetentionSql sql;

    StreamTrimmer(StreamRoom room, Tables tables) {
        this.room = room;
        this.sql = new StreamRetentionSql(tables);
    }

    StreamRetentionSql sql() {
        return sql;
    }

    /** Sets how much a stream keeps. */
    void retain(Tx tx, StreamRow row, StreamRetention retention) {
        boolean counted = sql.find(tx, tx.ns(), row.id())
                .map(kept -> kept.retention().bytes().isPresent())
                .orElse(true);
        if (!counted && retention.bytes().isPresent()) {
            sql.removeMarks(tx, tx.ns(), row.id(), Long.MAX_VALUE); // they were made without counting
        }
        sql.keep(tx, tx.ns(), row.id(), retention);
    }

    /** How much a stream keeps. */
    StreamRetention retention(Tx tx, long stream) {
        return sql.find(tx, tx.ns(), stream).map(Kept::retention).orElse(StreamRetention.all());
    }

    /**
     * Makes an offset the first one of a stream, and removes some of what lies before it; answers which one is the
     * first.
     */
    long trim(Tx tx, StreamRow row, long offset) {
        long cut = Math.min(offset, row.tail());
        if (cut > row.first()) {
            sql.watch(tx, tx.ns(), row.id());
            apply(tx, row, new Plan(null, cut, false));
        }
        return Math.max(cut, row.first());
    }

    /** Goes through all streams of a namespace of which something goes. */
    void sweep(Session session) {
        long after = 0;
        List<Long> page;
        do {
            long from = after;
            page = session.readOne(tx -> sql.list(tx, tx.ns(), from, STREAMS));
            for (long stream : page) {
                sweep(session, stream);
                after = stream;
            }
        } while (page.size() == STREAMS);
    }

    private void sweep(Session session, long stream) {
        boolean due = session.read(tx -> {
            Optional<StreamRow> row = room.sql().byId(tx, tx.ns(), stream).filter(found -> !found.deleted());
            return row.isEmpty()
                    || sql.find(tx, tx.ns(), stream)
                            .map(kept -> isDue(tx, row.get(), kept))
                            .orElse(false);
        });
        while (due) {
            // Each batch is a transaction of its own, so that others come in between.
            due = session.write(UnitKind.OPERATION, tx -> step(tx, stream));
        }
        room.compactor().compactIfDue(session, stream);
    }

    private boolean isDue(Tx tx, StreamRow row, Kept kept) {
        Plan plan = plan(tx, row, kept);
        return plan.mark != null
                || plan.cut > row.first()
                || isSettled(row, kept)
                || (row.forks() == 0 && room.data().holdsBefore(tx, tx.ns(), row.id(), row.first()));
    }

    /** Does one bounded step; answers whether there is another. */
    private boolean step(Tx tx, long stream) {
        Optional<StreamRow> held = room.state(tx).hold(stream).filter(row -> !row.deleted());
        Optional<Kept> kept = sql.find(tx, tx.ns(), stream);
        if (held.isEmpty()) {
            sql.forget(tx, tx.ns(), stream);
            return false;
        }
        if (kept.isEmpty()) {
            return false;
        }
        Plan plan = plan(tx, held.get(), kept.get());
        boolean more = apply(tx, held.get(), plan) || plan.more;
        if (!more && isSettled(held.get(), kept.get())) {
            sql.forget(tx, tx.ns(), stream);
        }
        return more;
    }

    /** Whether nothing more will ever go. */
    private static boolean isSettled(StreamRow row, Kept kept) {
        return kept.retention().equals(StreamRetention.all()) && kept.cutAt() <= row.first() && row.forks() == 0;
    }

    private boolean apply(Tx tx, StreamRow row, Plan plan) {
        if (plan.mark != null) {
            sql.insertMark(tx, tx.ns(), row.id(), plan.mark);
        }
        long first = Math.max(plan.cut, row.first());
        if (first > row.first()) {
            room.sql().update(tx, tx.ns(), row.trimmed(first));
            sql.removeMarks(tx, tx.ns(), row.id(), first);
        }
        if (row.forks() > 0) {
            return false;
        }
        NamespaceUsage gone = room.data().removeBefore(tx, tx.ns(), row.id(), first, ROWS_AT_ONCE);
        tx.use(-gone.rows(), -gone.bytes());
        return gone.rows() == ROWS_AT_ONCE;
    }

    /** What is to be done about a stream now; reads only. */
    private Plan plan(Tx tx, StreamRow row, Kept kept) {
        StreamRetention keep = kept.retention();
        boolean counts = keep.bytes().isPresent() && row.json();
        @Nullable Mark mark = null;
        boolean more = false;
        long bytes = 0;
        if (counts || keep.age().isPresent()) {
            Optional<Mark> last = sql.lastMark(tx, tx.ns(), row.id());
            Mark stands = stands(tx, row, counts, last.orElse(new Mark(row.first(), 0, 0)));
            bytes = stands.bytes();
            more = counts && stands.tail() < row.tail();
            if (last.isEmpty() || (stands.tail() > last.get().tail() && (more || isFar(keep, last.get(), stands)))) {
                mark = stands;
            }
        }
        return new Plan(mark, cut(tx, row, kept, bytes), more);
    }

    private Mark stands(Tx tx, StreamRow row, boolean counts, Mark last) {
        if (!counts) {
            return new Mark(row.tail(), tx.now(), last.bytes());
        }
        StreamDataSql.Counted counted = room.data().count(tx, tx.ns(), row.id(), last.tail(), COUNTED_MAX);
        long tail = counted.rows() < COUNTED_MAX ? row.tail() : counted.end();
        return new Mark(tail, tx.now(), last.bytes() + counted.bytes());
    }

    private static boolean isFar(StreamRetention keep, Mark last, Mark stands) {
        return (keep.age().isPresent()
                        && stands.at() - last.at()
                                >= StreamRetention.millis(keep.age().get()) / PARTS)
                || (keep.bytes().isPresent()
                        && stands.bytes() - last.bytes() >= keep.bytes().getAsLong() / PARTS);
    }

    /** The offset before which content goes now. */
    private long cut(Tx tx, StreamRow row, Kept kept, long bytes) {
        StreamRetention keep = kept.retention();
        long cut = row.first();
        if (keep.units().isPresent()) {
            cut = Math.max(cut, row.tail() - keep.units().getAsLong());
        }
        if (keep.bytes().isPresent()) {
            long limit = keep.bytes().getAsLong();
            cut = Math.max(
                    cut,
                    row.json()
                            ? sql.markByBytes(tx, tx.ns(), row.id(), bytes - limit)
                                    .map(Mark::tail)
                                    .orElse(0L)
                            : row.tail() - limit);
        }
        if (keep.age().isPresent()) {
            long by = tx.now() - StreamRetention.millis(keep.age().get());
            cut = Math.max(
                    cut,
                    sql.markByAge(tx, tx.ns(), row.id(), by).map(Mark::tail).orElse(0L));
        }
        if (kept.cutAfter() <= tx.now() && room.hub().lowest(tx.ns(), row.id()) >= kept.cutAt()) {
            cut = Math.max(cut, kept.cutAt());
        }
        return Math.min(cut, row.tail());
    }

    /**
     * What is to be done.
     *
     * @param mark where the stream stands, if that is to be noted
     * @param cut the offset before which content goes
     * @param more whether bytes are left to be counted
     */
    private record Plan(@Nullable Mark mark, long cut, boolean more) {}
}
