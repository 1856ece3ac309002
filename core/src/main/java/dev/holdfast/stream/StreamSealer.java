package dev.holdfast.stream;

import dev.holdfast.engine.ClosedException;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.TimeSource;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.stream.StreamDataSql.Stored;
import dev.holdfast.stream.StreamSealSql.Size;
import dev.holdfast.stream.StreamSealSql.Standing;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts small appends together: consecutive rows of a stream become one row, so that who reads much of it reads few
 * rows, which lie in one place whatever was appended to other streams meanwhile. Where each append ends stays known,
 * and nothing that can be read changes.
 *
 * <p>It is done behind the appends, in the rounds of the background, so many bounded steps a round, each in a
 * transaction of its own. A step among many streams writes a page for nearly every row that it removes, so while
 * appends come it leaves them most of the time.
 */
final class StreamSealer {
    private static final Logger LOG = LoggerFactory.getLogger(StreamSealer.class);

    private static final int SEGMENT_BYTES = 128 << 10;
    private static final int SEGMENT_MIN = 64;
    private static final int SEGMENT_MAX = 1 << 20;
    /** Rows that one step looks at, and the appends that are a segment however small they are. */
    static final int ROWS_MAX = 1_024;
    /** Steps of one round in a namespace, and streams that it looks at in vain. */
    private static final int STEPS_MAX = 400;

    private static final int PAGE = 100;
    /** While appends come in, a step is followed by so many times its own time without one. */
    private static final int REST = 7;
    /** A round ends after so long, whatever is left: other work of the background waits for it. */
    private static final long ROUND_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final StreamRoom room;
    private final StreamSealSql sql;
    private final StreamSealQueue queue = new StreamSealQueue();
    private final LongAdder appends = new LongAdder();
    private volatile int segmentBytes = SEGMENT_BYTES;

    StreamSealer(StreamRoom room, StreamSealSql sql) {
        this.room = room;
        this.sql = sql;
    }

    void segmentBytes(int bytes) {
        if (bytes < SEGMENT_MIN || bytes > SEGMENT_MAX) {
            throw new InvalidInputException(
                    "stream.segment_bytes",
                    "the bytes of a segment are out of range (segmentBytes=" + bytes + ", min=" + SEGMENT_MIN + ", max="
                            + SEGMENT_MAX + ")");
        }
        segmentBytes = bytes;
    }

    /** Something is appended, or about to be: the stream is due whenever its tail has come far enough. */
    void appended(int ns, StreamRow before, long tail) {
        appends.increment();
        long step = unitsDue(before.json());
        if (before.tail() / step != tail / step) {
            queue.add(ns, before.id());
        }
    }

    /** Forgets what was due in a namespace that is no more. */
    void removed(int ns) {
        queue.remove(ns);
    }

    private long unitsDue(boolean json) {
        return json ? Math.max(1, segmentBytes / 512) : Math.max(1, segmentBytes / 2);
    }

    /** Does a round of a namespace: what was appended here, then what others have left. */
    void sweep(Session session) {
        int ns = session.readOne(Tx::ns);
        TimeSource time = session.database().time();
        var round = new Round(time);
        queue.begin(ns);
        for (OptionalLong due = queue.take(ns); due.isPresent(); due = queue.take(ns)) {
            long stream = due.getAsLong();
            attempt(session, ns, stream, round);
            if (round.isOver()) {
                queue.add(ns, stream); // behind the others, which come first in the next round
                return;
            }
        }
        look(session, ns, round);
    }

    /**
     * Goes on with the look at all streams, which begins anew every hour: it finds what other processes have appended,
     * and this one before it was started again.
     */
    private void look(Session session, int ns, Round round) {
        while (!round.isOver() && queue.looks(ns, round.began)) {
            long after = queue.lookedUpTo(ns);
            List<Long> page =
                    session.readOne(tx -> sql.waiting(tx, tx.ns(), after, unitsDue(true), unitsDue(false), PAGE));
            for (long stream : page) {
                attempt(session, ns, stream, round);
                if (round.isOver()) {
                    queue.looked(ns, stream - 1); // once more, for it may not be done
                    return;
                }
                queue.looked(ns, stream);
            }
            if (page.size() < PAGE) {
                queue.lookedAtAll(ns, round.began);
            }
        }
    }

    /** Seals one stream while the round lasts. What fails for one is logged, and does not keep the others waiting. */
    private void attempt(Session session, int ns, long stream, Round round) {
        round.steps++;
        try {
            // Most have nothing to do, and are not to be held for it.
            boolean more = session.read(
                    tx -> !plan(tx, stream, sql.find(tx, tx.ns(), stream)).isEmpty());
            while (more && !round.isOver()) {
                more = round.step(() -> session.write(UnitKind.OPERATION, tx -> step(tx, stream)));
            }
        } catch (ClosedException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.warn("small appends of a stream could not be put together, trying again in the next round", e);
            queue.again(ns, stream);
        }
    }

    /** Seals one stream as far as it goes. */
    void seal(Session session, long stream) {
        while (session.write(UnitKind.OPERATION, tx -> step(tx, stream))) {
            // Each step is a transaction of its own, so that others come in between.
        }
    }

    private StreamSealPlan plan(Tx tx, long stream, Standing standing) {
        long until = standing.json() ? room.trimmer().countedUpTo(tx, stream, standing.tail()) : standing.tail();
        List<Size> sizes = standing.sealed() < until
                ? sql.sizes(tx, tx.ns(), stream, standing.sealed(), until, ROWS_MAX)
                : List.of();
        return StreamSealPlan.of(sizes, segmentBytes);
    }

    /** Does one bounded step; answers whether there is another. */
    private boolean step(Tx tx, long stream) {
        Standing standing = sql.hold(tx, tx.ns(), stream);
        StreamSealPlan plan = plan(tx, stream, standing);
        for (List<Size> run : plan.runs()) {
            merge(tx, stream, run, standing.json());
        }
        if (plan.isEmpty()) {
            return false;
        }
        sql.sealed(tx, tx.ns(), stream, plan.until());
        return plan.more();
    }

    private void merge(Tx tx, long stream, List<Size> run, boolean json) {
        List<Stored> rows = sql.rows(
                tx, tx.ns(), stream, run.getFirst().start(), run.getLast().end());
        StreamContent segment =
                StreamContent.seal(rows.stream().map(Stored::content).toList(), json);
        sql.replace(tx, tx.ns(), stream, run.getFirst().start(), run.getLast().end(), segment);
        tx.recount(1 - rows.size(), json ? rows.size() - 1 : 0);
    }

    /** What one round of a namespace has done. */
    private final class Round {
        private final TimeSource time;
        private final long began;
        private final long start;
        private int steps;

        Round(TimeSource time) {
            this.time = time;
            this.began = time.millis();
            this.start = time.nanos();
        }

        boolean isOver() {
            return steps >= STEPS_MAX || time.nanos() - start >= ROUND_NANOS;
        }

        /** Does a step, and then nothing for a while if something was appended meanwhile. */
        boolean step(BooleanSupplier work) {
            long appended = appends.sum();
            long from = time.nanos();
            boolean more = work.getAsBoolean();
            steps++;
            if (appends.sum() != appended) {
                time.pause(TimeUnit.NANOSECONDS.toMillis(REST * (time.nanos() - from)));
            }
            return more;
        }
    }
}
