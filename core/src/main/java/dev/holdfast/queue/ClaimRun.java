package dev.holdfast.queue;

import dev.holdfast.engine.Tx;
import dev.holdfast.queue.QueueClaimSql.Place;
import dev.holdfast.queue.QueueTender.Tended;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One call of a claim, whose transaction may run several times. For one thread; to be closed, whatever came of it. */
final class ClaimRun implements AutoCloseable {
    private final QueueRoom room;
    private final QueueClaimSql sql;
    private final String queue;
    private final int limit;
    private final long leaseMillis;
    private QueueBounds.@Nullable Claiming claiming;
    private List<JobRow> rows = List.of();
    private boolean fromHead;

    ClaimRun(QueueRoom room, String queue, int limit, Duration lease) {
        this.room = room;
        this.sql = room.claims();
        this.queue = queue;
        this.limit = limit;
        this.leaseMillis = lease.toMillis();
    }

    /** Claims in a transaction. */
    List<Job> in(Tx tx) {
        close(); // What an attempt before this one has begun.
        QueueMemory memory = room.memory(tx.ns(), queue);
        boolean tended = false;
        boolean limited = memory.isLimited();
        if (room.tender().isNeeded(tx, memory)) {
            Tended found = room.tender().some(tx, queue);
            tended = found.count() > 0;
            limited = found.limited();
        }
        long leaseUntil = tx.now() + leaseMillis;
        fromHead = tended || !tx.single() || !sql.isPostgres();
        List<JobRow> claimed = new ArrayList<>();
        if (limited) {
            ClaimQuota quota = ClaimQuota.of(room, tx, queue);
            int allowed = quota.allowed(limit);
            if (allowed > 0) {
                some(tx, memory.bounds(), true, allowed, leaseUntil, claimed);
                quota.claimed(claimed.size());
            }
        } else {
            some(tx, memory.bounds(), false, limit, leaseUntil, claimed);
        }
        claimed.sort(JobRow.ORDER);
        rows = claimed;
        if (!claimed.isEmpty()) {
            room.tender().expect(tx, queue, leaseUntil);
        }
        return claimed.stream()
                .map(job -> job.claimed(job.token() + 1, job.attempt() + 1, leaseUntil))
                .toList();
    }

    private void some(Tx tx, QueueBounds bounds, boolean limited, int most, long leaseUntil, List<JobRow> claimed) {
        if (sql.isPostgres() && tx.single()) {
            bounded(tx, bounds, limited, most, leaseUntil, claimed);
        } else {
            claimed.addAll(sql.claim(tx, tx.ns(), queue, limited, most, leaseUntil));
        }
    }

    /** Looks from where this process has claimed on, and from the head when that is wanted. */
    private void bounded(Tx tx, QueueBounds bounds, boolean limited, int most, long leaseUntil, List<JobRow> claimed) {
        QueueBounds.Claiming begun = bounds.begin();
        claiming = begun;
        fromHead |= begun.head();
        if (!fromHead) {
            for (Map.Entry<Integer, Place> from : begun.from().entrySet()) {
                int rest = most - claimed.size();
                if (rest > 0) {
                    claimed.addAll(sql.claimFrom(
                            tx, tx.ns(), queue, limited, from.getKey(), from.getValue(), rest, leaseUntil));
                }
            }
            fromHead = claimed.size() < most && begun.mayLook();
        }
        if (fromHead) {
            claimed.addAll(sql.claim(tx, tx.ns(), queue, limited, most - claimed.size(), leaseUntil));
        }
    }

    /** The transaction is committed. */
    void committed() {
        if (claiming != null) {
            claiming.committed(rows, fromHead);
        }
    }

    @Override
    public void close() {
        if (claiming != null) {
            claiming.close();
            claiming = null;
        }
    }
}
