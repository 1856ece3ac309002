package dev.holdfast.stream;

import dev.holdfast.engine.ClosedException;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes from the old end of streams what is not to be kept. First the stream forgets it, by a higher first offset;
 * then, unless forks read it, its rows go in bounded batches.
 *
 * <p>How old content is, and how many bytes lie behind it, is known by marks: where the stream stood at a time, made
 * by the background, some 64 within what is kept. An append costs nothing for it.
 */
final class StreamTrimmer {
    private static final Logger LOG = LoggerFactory.getLogger(StreamTrimmer.class);
    private static final int STREAMS = 100;
    private static final int ROWS_AT_ONCE = 200;
    /** Rows whose bytes are counted in one transaction. */
    private static final int COUNTED_MAX = 1_000;
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

    /**
     * Goes through all streams of a namespace of which something goes. What fails for one of them is logged, and does
     * not keep the others waiting.
     */
    void sweep(Session session) {
        long after = 0;
        while (true) {
            long from = after;
            List<Long> page = session.readOne(tx -> sql.list(tx, tx.ns(), from, STREAMS));
            if (page.isEmpty()) {
                return;
            }
            due(session, page).forEach(due -> sweep(session, due));
            after = page.getLast();
        }
    }

    /** Does the same for one stream; what fails is thrown. */
    void sweep(Session session, long stream) {
        due(session, List.of(stream)).forEach(due -> keep(session, due));
    }

    /** Looks at some streams at once, and answers those for which there is something to do. */
    private List<Due> due(Session session, List<Long> streams) {
        return session.read(tx -> streams.stream()
                .map(stream -> look(tx, stream))
                .filter(Due::any)
                .toList());
    }

    private Due look(Tx tx, long stream) {
        Optional<StreamRow> row = room.sql().byId(tx, tx.ns(), stream).filter(found -> !found.deleted());
        Optional<Kept> kept = sql.find(tx, tx.ns(), stream);
        return row.isEmpty() || kept.isEmpty()
                ? new Due(stream, kept.isPresent(), Optional.empty())
                : new Due(
                        stream,
                        isDue(tx, row.get(), kept.get()),
                        row.filter(found -> !found.expired(tx.now()) && StreamCompactor.isDue(found, kept.get())));
    }

    private void sweep(Session session, Due due) {
        try {
            keep(session, due);
        } catch (ClosedException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.warn("removing what a stream is not to keep failed, trying again in the next round", e);
        }
    }

    private void keep(Session session, Due due) {
        boolean more = due.trim;
        while (more) {
            // Each batch is a transaction of its own, so that others come in between.
            more = session.write(UnitKind.OPERATION, tx -> step(tx, due.stream));
        }
        due.compact.ifPresent(row -> room.compactor().compactIfDue(session, row));
    }

    private boolean isDue(Tx tx, StreamRow row, Kept kept) {
        Plan plan = plan(tx, row, kept);
        return plan.mark != null
                || plan.cut > row.first()
                || isPassed(row, kept)
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
        if (isPassed(held.get(), kept.get())) {
            sql.promote(tx, tx.ns(), stream);
        }
        if (!more && isSettled(held.get(), kept.get())) {
            sql.forget(tx, tx.ns(), stream);
        }
        return more;
    }

    /** The offset up to which rows of a stream may be put together: bytes are counted in rows from the last mark on. */
    long countedUpTo(Tx tx, long stream, long tail) {
        boolean counts = retention(tx, stream).bytes().isPresent();
        return counts ? sql.lastMark(tx, tx.ns(), stream).map(Mark::tail).orElse(0L) : tail;
    }

    /** Whether the oldest snapshot has done its part, and the last one waits. */
    private static boolean isPassed(StreamRow row, Kept kept) {
        return kept.cutAt() <= row.first() && kept.nextAt() > kept.cutAt();
    }

    /** Whether nothing more will ever go. */
    private static boolean isSettled(StreamRow row, Kept kept) {
        return kept.retention().equals(StreamRetention.all())
                && Math.max(kept.cutAt(), kept.nextAt()) <= row.first()
                && row.forks() == 0;
    }

    private boolean apply(Tx tx, StreamRow row, Plan plan) {
        if (plan.mark != null) {
            sql.insertMark(tx, tx.ns(), row.id(), plan.mark);
        }
        long first = Math.max(plan.cut, row.first());
        if (first > row.first()) {
            StreamRow after = row.trimmed(first);
            room.sql().update(tx, tx.ns(), after);
            room.hub().trimmedBy(tx, after);
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
            Mark stands = counts
                    ? counted(tx, row, keep.bytes().getAsLong(), last.orElse(new Mark(row.first(), 0, 0)))
                    : new Mark(row.tail(), tx.now(), 0);
            bytes = stands.bytes();
            more = stands.tail() < row.tail();
            if (last.isEmpty() || (stands.tail() > last.get().tail() && (more || isFar(keep, last.get(), stands)))) {
                mark = stands;
            }
        }
        return new Plan(mark, cut(tx, row, kept, bytes), more);
    }

    /** Counts from the last mark on, up to where the next one has to be at the latest. */
    private Mark counted(Tx tx, StreamRow row, long limit, Mark last) {
        StreamDataSql.Counted counted =
                room.data().count(tx, tx.ns(), row.id(), last.tail(), COUNTED_MAX, Math.ceilDiv(limit, PARTS));
        // Without rows behind the mark there is nothing to count: a fork shares what is there.
        long tail = counted.end() == 0 ? row.tail() : counted.end();
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
        long cut = Math.max(row.first(), limit(tx, row, kept.retention(), bytes));
        if (kept.retention().compactUnits().isPresent()) {
            // The last snapshot is all that is known of rows that have not changed since.
            cut = Math.min(cut, Math.max(row.first(), Math.max(kept.cutAt(), kept.nextAt())));
        }
        long lowest = room.hub().lowest(tx.ns(), row.id());
        if (kept.cutAfter() <= tx.now() && lowest >= kept.cutAt()) {
            cut = Math.max(cut, kept.cutAt());
        }
        if (kept.nextAfter() <= tx.now() && lowest >= kept.nextAt()) {
            cut = Math.max(cut, kept.nextAt());
        }
        return Math.min(cut, row.tail());
    }

    /** The offset before which a stream need not keep anything by its limits. */
    private long limit(Tx tx, StreamRow row, StreamRetention keep, long bytes) {
        long cut = 0;
        if (keep.units().isPresent()) {
            cut = Math.max(cut, behind(tx, row, keep.units().getAsLong()));
        }
        if (keep.bytes().isPresent()) {
            long limit = keep.bytes().getAsLong();
            cut = Math.max(
                    cut,
                    row.json()
                            ? sql.markByBytes(tx, tx.ns(), row.id(), bytes - limit)
                                    .map(Mark::tail)
                                    .orElse(0L)
                            : behind(tx, row, limit));
        }
        if (keep.age().isPresent()) {
            long by = tx.now() - StreamRetention.millis(keep.age().get());
            cut = Math.max(
                    cut,
                    sql.markByAge(tx, tx.ns(), row.id(), by).map(Mark::tail).orElse(0L));
        }
        return cut;
    }

    /** The offset behind which so many units lie; 0 when that is before everything the stream's own rows hold. */
    private long behind(Tx tx, StreamRow row, long units) {
        long count = StreamOffset.units(row.tail()) - units;
        long lowest = StreamOffset.generation(row.first());
        for (long at = StreamOffset.generation(row.tail()); count > 0 && at > lowest; at--) {
            long begin = at << StreamOffset.UNITS_BITS;
            if (room.data()
                    .lastStart(tx, tx.ns(), row.id(), begin, begin + count)
                    .isPresent()) {
                return begin + count;
            }
        }
        return count <= 0 ? 0 : (lowest << StreamOffset.UNITS_BITS) + count;
    }

    /**
     * A stream for which there may be something to do.
     *
     * @param trim whether something goes, or is to be noted
     * @param compact the stream, if a snapshot of it is due
     */
    private record Due(long stream, boolean trim, Optional<StreamRow> compact) {
        boolean any() {
            return trim || compact.isPresent();
        }
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
