package dev.holdfast.stream;

import dev.holdfast.engine.ClosedException;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.stream.StreamDataSql.Stored;
import dev.holdfast.stream.StreamSealSql.Size;
import dev.holdfast.stream.StreamSealSql.Standing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts small appends together: consecutive rows of a stream become one row, so that who reads much of it reads few
 * rows, which lie in one place whatever was appended to other streams meanwhile. Where each append ends stays known,
 * and nothing that can be read changes.
 *
 * <p>It is done behind the appends, in the rounds of the background, a bounded step in each transaction. What a
 * process has appended it remembers as due; what others left is found by a look at all streams, the first time and
 * then every hour. As long as others append, a round does only so much, and the next one goes on.
 */
final class StreamSealer {
    private static final Logger LOG = LoggerFactory.getLogger(StreamSealer.class);

    static final int SEGMENT_BYTES = 128 << 10;
    private static final int SEGMENT_MIN = 64;
    private static final int SEGMENT_MAX = 1 << 20;
    /** Rows that one step looks at, and the appends that are a segment however small they are. */
    private static final int ROWS_MAX = 1_024;
    /** Bytes that one step writes, about. */
    private static final long STEP_BYTES = 1 << 20;
    /** Steps of one round between which others append. */
    private static final int BUSY_STEPS = 400;
    /** Streams that are remembered as due; more are found by the next look at all. */
    private static final int DUE_MAX = 10_000;

    private static final int PAGE = 1_000;
    private static final long LOOK_MILLIS = Duration.ofHours(1).toMillis();

    private final StreamRoom room;
    private final StreamSealSql sql;
    private final Set<Place> due = ConcurrentHashMap.newKeySet();
    /** When all streams of a namespace are looked at next. */
    private final Map<Integer, Long> nextLook = new ConcurrentHashMap<>();

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
        if (before.tail() / step == tail / step) {
            return;
        }
        if (due.size() < DUE_MAX) {
            due.add(new Place(ns, before.id()));
        } else {
            nextLook.remove(ns);
        }
    }

    private long unitsDue(boolean json) {
        return json ? Math.max(1, segmentBytes / 512) : segmentBytes / 2;
    }

    /** Seals what is due in a namespace. What fails for one stream is logged, and does not keep the others waiting. */
    void sweep(Session session) {
        int ns = session.readOne(Tx::ns);
        look(session, ns);
        var budget = new Budget();
        for (Place place : due) {
            if (place.ns == ns && due.remove(place) && !seal(session, place, budget)) {
                due.add(place);
                return;
            }
        }
    }

    /** Seals one stream as far as it goes. */
    void sweep(Session session, long stream) {
        while (session.write(UnitKind.OPERATION, tx -> step(tx, stream))) {
            // Each step is a transaction of its own, so that others come in between.
        }
    }

    /** Finds what other processes, or this one before it was started again, have left. */
    private void look(Session session, int ns) {
        long now = session.database().time().millis();
        Long next = nextLook.get(ns);
        if (next != null && now < next) {
            return;
        }
        nextLook.put(ns, now + LOOK_MILLIS);
        long after = 0;
        List<Long> page;
        do {
            long from = after;
            page = session.readOne(tx -> sql.waiting(tx, tx.ns(), from, unitsDue(true), PAGE));
            for (long stream : page) {
                if (due.size() == DUE_MAX) {
                    nextLook.remove(ns);
                    return;
                }
                due.add(new Place(ns, stream));
                after = stream;
            }
        } while (page.size() == PAGE);
    }

    /** Answers false when the round has done enough. */
    private boolean seal(Session session, Place place, Budget budget) {
        boolean more = true;
        while (more) {
            if (budget.spent()) {
                return false;
            }
            try {
                more = session.write(UnitKind.OPERATION, tx -> step(tx, place.id));
            } catch (ClosedException e) {
                throw e;
            } catch (RuntimeException e) {
                LOG.warn("appends of a stream could not be put together, trying again when more is appended", e);
                return true;
            }
        }
        return true;
    }

    /** Does one bounded step; answers whether there is another. */
    private boolean step(Tx tx, long stream) {
        Standing standing = sql.hold(tx, tx.ns(), stream).orElse(Standing.GONE);
        long until = standing.json() ? room.trimmer().countedUpTo(tx, stream, standing.tail()) : standing.tail();
        if (standing.sealed() >= until) {
            return false;
        }
        List<Size> sizes = sql.sizes(tx, tx.ns(), stream, standing.sealed(), until, ROWS_MAX);
        Step step = Step.of(sizes, segmentBytes);
        for (List<Size> run : step.runs) {
            merge(tx, stream, run, standing.json());
        }
        if (step.done == 0) {
            return false;
        }
        sql.sealed(tx, tx.ns(), stream, sizes.get(step.done - 1).end());
        return sizes.size() == ROWS_MAX || step.done < sizes.size();
    }

    private void merge(Tx tx, long stream, List<Size> run, boolean json) {
        List<Stored> rows = sql.rows(
                tx, tx.ns(), stream, run.getFirst().start(), run.getLast().end());
        StreamContent segment =
                StreamContent.seal(rows.stream().map(Stored::content).toList(), json);
        sql.replace(tx, tx.ns(), stream, run.getFirst().start(), run.getLast().end(), segment);
        tx.use(1 - rows.size(), json ? rows.size() - 1 : 0);
    }

    /** A stream: the number of its namespace, and its own. */
    private record Place(int ns, long id) {}

    /** What a round may still do. */
    private final class Budget {
        private int busy;
        private long before = appends.sum();

        boolean spent() {
            long now = appends.sum();
            busy += now == before ? 0 : 1;
            before = now;
            return busy > BUSY_STEPS;
        }
    }

    /**
     * What one step does with some rows.
     *
     * @param runs those that become one row each
     * @param done how many rows need not be looked at again
     */
    private record Step(List<List<Size>> runs, int done) {
        static Step of(List<Size> rows, int segmentBytes) {
            List<List<Size>> runs = new ArrayList<>();
            long written = 0;
            int at = 0;
            while (at < rows.size() && written < STEP_BYTES) {
                int end = at;
                long bytes = 0;
                while (end < rows.size() && bytes < segmentBytes && fits(rows, at, end, bytes, segmentBytes)) {
                    bytes += rows.get(end).bytes();
                    end++;
                }
                boolean isFull = bytes >= segmentBytes || end < rows.size() || end - at == ROWS_MAX;
                if (!isFull) {
                    break;
                }
                if (end - at > 1) {
                    runs.add(rows.subList(at, end));
                    written += bytes;
                }
                at = Math.max(end, at + 1);
            }
            return new Step(runs, at);
        }

        /** Whether a row may join those before it: large ones stay alone, and each goes on where the last one ended. */
        private static boolean fits(List<Size> rows, int first, int next, long before, int segmentBytes) {
            Size row = rows.get(next);
            return row.bytes() <= segmentBytes / 4
                    && before + row.bytes() <= 2L * segmentBytes
                    && (next == first || rows.get(next - 1).end() == row.start());
        }
    }
}
