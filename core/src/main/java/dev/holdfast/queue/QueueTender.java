package dev.holdfast.queue;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Tx;
import dev.holdfast.key.Key;
import dev.holdfast.kv.Kv;
import dev.holdfast.kv.KvMutation;
import dev.holdfast.queue.QueueClaimSql.Freed;
import dev.holdfast.queue.QueueClaimSql.Next;
import dev.holdfast.queue.QueueClaimSql.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Does with jobs what their time asks for: those that are due become ready, those whose lease has run out are ready
 * again, and those that have no attempt left are exhausted.
 */
final class QueueTender {
    /** Jobs that are made ready with one statement. */
    private static final int FREED_MAX = 1_000;
    /** Jobs that are exhausted in one step; each may write several entries. */
    private static final int SPENT_MAX = 50;

    private static final String RAN_OUT = "the lease ran out";

    private final QueueRoom room;

    QueueTender(QueueRoom room) {
        this.room = room;
    }

    /** Whether a claim has to tend the queue first. */
    boolean isNeeded(Tx tx, QueueMemory memory) {
        return !tx.single() || memory.mustAsk(tx.now());
    }

    /**
     * Tends a queue, once, and asks when the next thing is due in it; what is left is due at once.
     *
     * @return what there was to do
     */
    Tended some(Tx tx, String queue) {
        QueueClaimSql claims = room.claims();
        QueueMemory memory = room.memory(tx.ns(), queue);
        long since = memory.expectations();
        Next next = claims.next(tx, tx.ns(), queue);
        int tended = 0;
        if (next.isJobDue(tx.now())) {
            List<JobRow> spent = claims.spent(tx, tx.ns(), queue, tx.now(), SPENT_MAX);
            exhaust(tx, spent);
            List<Freed> freed = new ArrayList<>(claims.freeDelayed(tx, tx.ns(), queue, tx.now(), FREED_MAX));
            freed.addAll(claims.freeLeased(tx, tx.ns(), queue, tx.now(), FREED_MAX));
            freed.forEach(job -> ready(tx, queue, job.priority(), job.place()));
            tended = spent.size() + freed.size();
            next = claims.next(tx, tx.ns(), queue);
        }
        if (next.turns() && tx.single()) {
            tended += room.order().some(tx, queue);
            next = claims.next(tx, tx.ns(), queue);
        }
        long now = tx.now();
        Next known = next;
        tx.afterCommit(() -> memory.know(since, now, known));
        return new Tended(tended, next.limited());
    }

    /**
     * What was done for a queue.
     *
     * @param count how many jobs are not what they were, and how many ordering keys were looked at
     * @param limited whether there is a limit to what is given out of it
     */
    record Tended(int count, boolean limited) {}

    /**
     * Jobs have no attempt left: their values go to their fallback keys, and they are kept or removed. To be called
     * once in a transaction that is one operation, since the entries of such a one are written together.
     */
    void exhaust(Tx tx, List<JobRow> jobs) {
        Optional<String> failure = writeFallbacks(tx, jobs);
        for (JobRow job : jobs) {
            String error = Optional.ofNullable(job.error()).orElse(RAN_OUT);
            boolean lost = failure.isPresent() && job.fallback() != null;
            if (job.deadLetter() || lost) {
                String text = lost ? error + "; its fallback keys were not written: " + failure.get() : error;
                room.deadLetters().keep(tx, job, text);
            } else {
                room.sql().delete(tx, tx.ns(), job.id());
                tx.use(-1, -job.bytes());
            }
        }
        room.order().left(tx, jobs, JobRow::queue, JobRow::orderingKey);
    }

    /** Writes the entries; answers why they cannot be written, and then nothing was. */
    private static Optional<String> writeFallbacks(Tx tx, List<JobRow> jobs) {
        List<KvMutation> entries = new ArrayList<>();
        long bytes = 0;
        for (JobRow job : jobs) {
            for (Key key : job.fallbackKeys()) {
                entries.add(new KvMutation.Restore(key, job.content(), Optional.empty()));
                bytes += (long) key.encoded().length + job.value().length;
            }
        }
        if (entries.isEmpty()) {
            return Optional.empty();
        }
        try {
            Kv.in(tx).commit(List.of(), entries);
        } catch (InvalidInputException e) {
            return Optional.of(e.detail());
        }
        // They take the place of the job: no quota refuses that, or nothing could be claimed any more.
        tx.use(-entries.size(), -bytes);
        tx.recount(entries.size(), bytes);
        return Optional.empty();
    }

    /** A job is ready with the commit of a transaction. */
    void ready(Tx tx, String queue, int priority, Place place) {
        room.touch(tx, queue);
        if (room.claims().isPostgres()) {
            QueueMemory memory = room.memory(tx.ns(), queue);
            tx.afterCommit(() -> memory.bounds().ready(priority, place));
        }
    }

    /** What the state of a job asks for that is there with the commit of a transaction. */
    void arrived(Tx tx, JobRow job) {
        switch (job.state()) {
            case JobRow.READY -> ready(tx, job.queue(), job.priority(), Place.of(job));
            case JobRow.DELAYED, JobRow.CLAIMED -> expect(tx, job.queue(), job.dueAt());
            case JobRow.BEHIND -> room.order().follows(tx, job);
            default -> {
                // A dead job waits for nothing.
            }
        }
    }

    /** Something falls due in a queue, if a transaction is committed. */
    void expect(Tx tx, String queue, long at) {
        QueueMemory memory = room.memory(tx.ns(), queue);
        tx.afterCommit(() -> memory.expect(at));
    }
}
