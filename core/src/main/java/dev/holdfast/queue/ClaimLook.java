package dev.holdfast.queue;

import dev.holdfast.engine.Session;
import dev.holdfast.engine.Tx;
import dev.holdfast.queue.QueueClaimSql.Next;
import dev.holdfast.queue.QueueFlowSql.Said;
import java.util.Optional;

/**
 * SQLite: a look, in a read, whether a claim would do anything. There is one writer at a time for all processes, and
 * those who ask an empty queue again and again would keep others from writing.
 */
final class ClaimLook {
    private final QueueRoom room;
    private final String queue;

    ClaimLook(QueueRoom room, String queue) {
        this.room = room;
        this.queue = queue;
    }

    /** Whether a claim of this session has to be tried. */
    boolean isWorthwhile(Session session) {
        if (room.claims().isPostgres() || session.database().isInside()) {
            return true;
        }
        Seen seen = session.read(this::look);
        if (!seen.worthwhile()) {
            seen.memory().know(seen.since(), seen.now(), seen.next());
            seen.windowEnd().ifPresent(seen.memory()::expect);
        }
        return seen.worthwhile();
    }

    private Seen look(Tx tx) {
        QueueMemory memory = room.memory(tx.ns(), queue);
        long since = memory.expectations();
        Next next = room.claims().next(tx, tx.ns(), queue);
        boolean due = next.isDue(tx.now());
        if (due || !room.claims().isAnyReady(tx, tx.ns(), queue)) {
            return new Seen(memory, since, tx.now(), next, due, Optional.empty());
        }
        Optional<Said> said = room.flows().of(tx, tx.ns(), queue);
        Optional<Long> windowEnd = said.flatMap(found -> spentUntil(found, tx.now()));
        boolean held = said.filter(Said::paused).isPresent()
                || said.filter(found -> isFull(tx, found)).isPresent()
                || windowEnd.isPresent();
        return new Seen(memory, since, tx.now(), next, !held, windowEnd);
    }

    private boolean isFull(Tx tx, Said said) {
        return said.flow()
                .concurrency()
                .filter(most -> room.flows().leased(tx, tx.ns(), queue, tx.now(), most) >= most)
                .isPresent();
    }

    /** Until when nothing is claimed because the rate is used up. */
    private static Optional<Long> spentUntil(Said said, long now) {
        return said.flow()
                .rate()
                .filter(rate -> said.windowJobs() >= rate.jobs())
                .map(rate -> said.windowAt() + rate.window().toMillis())
                .filter(end -> end > now);
    }

    /** What was seen. */
    private record Seen(
            QueueMemory memory, long since, long now, Next next, boolean worthwhile, Optional<Long> windowEnd) {}
}
