package dev.holdfast.queue;

import dev.holdfast.engine.Tx;
import dev.holdfast.queue.QueueFlowSql.Said;

/**
 * How many jobs of a limited queue one claim may take. The row of the queue is held meanwhile, and written by every
 * claim that takes something, so that claims of a limited queue come one after the other on PostgreSQL, and a
 * transaction of a user that has read an older state is repeated.
 */
final class ClaimQuota {
    private final QueueRoom room;
    private final Tx tx;
    private final String queue;
    private final Said said;
    private final long windowAt;
    private final int windowJobs;

    private ClaimQuota(QueueRoom room, Tx tx, String queue, Said said) {
        this.room = room;
        this.tx = tx;
        this.queue = queue;
        this.said = said;
        boolean over = tx.now() >= windowEnd(said, said.windowAt());
        this.windowAt = over ? tx.now() : said.windowAt();
        this.windowJobs = over ? 0 : said.windowJobs();
    }

    /** What a claim of a limited queue may take. */
    static ClaimQuota of(QueueRoom room, Tx tx, String queue) {
        Said said = room.flows().hold(tx, tx.ns(), queue).orElseGet(() -> Said.nothing(queue));
        return new ClaimQuota(room, tx, queue, said);
    }

    private static long windowEnd(Said said, long from) {
        return said.flow().rate().map(rate -> from + rate.window().toMillis()).orElse(Long.MAX_VALUE);
    }

    /** How many of so many jobs may be claimed now. */
    int allowed(int limit) {
        int allowed = said.flow()
                .concurrency()
                .map(most -> Math.min(limit, most - room.flows().leased(tx, tx.ns(), queue, tx.now(), most)))
                .orElse(limit);
        return said.flow()
                .rate()
                .map(rate -> rated(allowed, rate.jobs() - windowJobs))
                .orElse(allowed);
    }

    private int rated(int allowed, int left) {
        if (allowed > left) {
            room.tender().expect(tx, queue, windowEnd(said, windowAt));
        }
        return Math.min(allowed, Math.max(0, left));
    }

    /** So many were claimed. */
    void claimed(int jobs) {
        if (jobs > 0) {
            room.flows().count(tx, tx.ns(), queue, windowAt, windowJobs + jobs);
        }
    }
}
