package dev.holdfast.queue;

import dev.holdfast.engine.Session;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.queue.QueueClaimSql.Gone;
import dev.holdfast.queue.QueueClaimSql.Place;
import dev.holdfast.queue.QueueSql.Removed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/** Settles jobs that are claimed, and extends their leases: decisions, no SQL. */
final class QueueSettling {
    private final Session session;
    private final QueueRoom room;
    private final QueueSql sql;
    private final QueueTender tender;
    private final String name;

    /** Of a queue of a session. */
    QueueSettling(Session session, QueueRoom room, String name) {
        this.session = session;
        this.room = room;
        this.sql = room.sql();
        this.tender = room.tender();
        this.name = name;
    }

    /** See {@link Queue#ack}. */
    boolean ack(JobClaim claim) {
        Optional<byte[]> id = JobIds.bytes(claim.id());
        return id.isPresent()
                && (session.writeOne(tx -> ack(tx, claim, sql.ack(tx, id.get(), claim.token())))
                        || session.write(UnitKind.OPERATION, tx -> ackOrdered(tx, id.get(), claim)));
    }

    private boolean ack(Tx tx, JobClaim claim, Optional<Long> bytes) {
        bytes.ifPresent(size -> {
            tx.use(-1, -size);
            settled(tx, claim);
        });
        return bytes.isPresent();
    }

    private boolean ackOrdered(Tx tx, byte[] id, JobClaim claim) {
        Optional<Removed> gone = sql.ackOrdered(tx, tx.ns(), id, claim.token());
        gone.ifPresent(job -> room.order().left(tx, List.of(job), Removed::queue, Removed::orderingKey));
        return ack(tx, claim, gone.map(Removed::bytes));
    }

    /** See {@link Queue#ackAll}. */
    List<JobClaim> ackAll(List<JobClaim> claims) {
        return each(claims, (tx, known) -> {
            List<Gone> gone = room.claims().ack(tx, tx.ns(), known.ids, known.tokens);
            tx.use(-gone.size(), -gone.stream().mapToLong(Gone::bytes).sum());
            room.order().left(tx, gone, Gone::queue, Gone::orderingKey);
            return gone.stream()
                    .map(Gone::claim)
                    .peek(claim -> settled(tx, claim))
                    .toList();
        });
    }

    /** See {@link Queue#nack}. */
    boolean nack(JobClaim claim, String error) {
        String kept =
                error.length() <= QueueLimits.ERROR_CHARS_MAX ? error : error.substring(0, QueueLimits.ERROR_CHARS_MAX);
        // PostgreSQL holds no U+0000 in text.
        String text = kept.replace('\u0000', ' ');
        return held(claim, tx -> job -> refuse(tx, job, text));
    }

    private void refuse(Tx tx, JobRow job, String error) {
        if (job.attempt() >= job.attemptsMax()) {
            tender.exhaust(tx, List.of(job.refused(error)));
            return;
        }
        long delay = job.retry().delay(job.attempt(), room.random()).toMillis();
        long dueAt = tx.now() + delay;
        int state = delay == 0 ? JobRow.READY : JobRow.DELAYED;
        sql.change(tx, tx.ns(), job.id(), state, dueAt, job.attempt(), error);
        if (delay == 0) {
            tender.ready(tx, job.queue(), job.priority(), new Place(dueAt, job.id()));
        } else {
            tender.expect(tx, job.queue(), dueAt);
        }
    }

    /** See {@link Queue#release}. */
    boolean release(JobClaim claim) {
        return held(claim, tx -> job -> {
            sql.change(tx, tx.ns(), job.id(), JobRow.READY, tx.now(), job.attempt() - 1, job.error());
            tender.ready(tx, job.queue(), job.priority(), new Place(tx.now(), job.id()));
        });
    }

    /** Does something with a job if its claim is good. */
    private boolean held(JobClaim claim, Function<Tx, Consumer<JobRow>> work) {
        Optional<byte[]> id = JobIds.bytes(claim.id());
        return id.isPresent()
                && session.write(UnitKind.OPERATION, tx -> {
                    Optional<JobRow> job = sql.hold(tx, tx.ns(), id.get(), claim.token());
                    job.ifPresent(found -> {
                        work.apply(tx).accept(found);
                        settled(tx, claim);
                    });
                    return job.isPresent();
                });
    }

    /**
     * Whoever handles the job in this process is told when a transaction settles it, and those who wait for a limit are
     * woken.
     */
    private void settled(Tx tx, JobClaim claim) {
        if (room.memory(tx.ns(), name).isLimited()) {
            room.touch(tx, name);
        }
        if (!tx.single()) {
            tx.afterCommit(() -> room.settled(claim));
        }
    }

    /** See {@link Queue#extendAll}. */
    List<JobClaim> extendAll(List<JobClaim> claims, Duration lease) {
        QueueLimits.requireLease(lease);
        return each(claims, (tx, known) -> {
            long leaseUntil = tx.now() + lease.toMillis();
            QueueClaimSql all = room.claims();
            List<JobClaim> good = all.extend(tx, tx.ns(), known.ids, known.tokens, leaseUntil);
            if (!good.isEmpty()) {
                tender.expect(tx, name, leaseUntil);
            }
            return all.isPostgres() && good.size() < known.ids.size()
                    ? all.held(tx, tx.ns(), known.ids, known.tokens)
                    : good;
        });
    }

    /** Does something with several claims; answers those of them that were good, in their order. */
    private List<JobClaim> each(List<JobClaim> claims, Settling settling) {
        QueueLimits.requireBatch(claims.size());
        Known known = Known.of(claims);
        if (known.ids.isEmpty()) {
            return List.of();
        }
        Set<JobClaim> good = new HashSet<>(session.write(UnitKind.OPERATION, tx -> settling.settle(tx, known)));
        return claims.stream().filter(good::contains).toList();
    }

    /** What is done with several claims in one transaction. */
    @FunctionalInterface
    private interface Settling {
        List<JobClaim> settle(Tx tx, Known known);
    }

    /** Claims whose ids jobs can have. */
    private record Known(List<byte[]> ids, List<Long> tokens) {
        static Known of(List<JobClaim> claims) {
            Known known = new Known(new ArrayList<>(), new ArrayList<>());
            for (JobClaim claim : claims) {
                JobIds.bytes(claim.id()).ifPresent(id -> {
                    known.ids.add(id);
                    known.tokens.add(claim.token());
                });
            }
            return known;
        }
    }
}
