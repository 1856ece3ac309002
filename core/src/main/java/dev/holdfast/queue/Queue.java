package dev.holdfast.queue;

import dev.holdfast.engine.Session;
import dev.holdfast.kv.KvValue;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A queue of jobs. It is there with its first job, and gone with the last one.
 *
 * <p>Jobs are claimed by priority, then in the order in which they became ready. Each claim counts as an attempt, also
 * when its worker dies: then the job is ready again when its lease has run out, or exhausted.
 *
 * <p>Outside a transaction every call is one of its own: what it did is durable and visible to everybody when it
 * returns. Inside one everything comes with the commit: a job that is enqueued there exists if the transaction is
 * committed, and one that is settled there with {@link #complete} is done together with what else the transaction
 * wrote, or not at all. A claim inside a transaction is given back when it rolls back.
 *
 * <p>All methods block the calling thread; those of a transaction belong to its thread, all others may be called by
 * many threads. Errors are of the kinds of {@link dev.holdfast.engine.HoldfastException}.
 */
public interface Queue {
    /**
     * A queue of a session: of one namespace, or of one open transaction.
     *
     * @param name 1 to {@value QueueLimits#NAME_BYTES_MAX} bytes in UTF-8 without control characters
     * @throws dev.holdfast.engine.InvalidInputException {@code queue.name}
     */
    static Queue in(Session session, String name) {
        return new StoredQueue(session, QueueRoom.of(session.database()), QueueLimits.requireName(name));
    }

    /** Its name. */
    String name();

    /** Enqueues a job with {@link JobOptions#defaults()}; {@link KvValue#of(Object)} says how the value is stored. */
    default Enqueued enqueue(Object value) {
        return enqueue(value, JobOptions.defaults());
    }

    /**
     * Enqueues a job. One statement.
     *
     * @param value {@link KvValue#of(Object)} says how it is stored
     * @throws dev.holdfast.engine.InvalidInputException {@code codec.unsupported}: the value has no stored form;
     *     {@code queue.value_too_large}; {@code namespace.quota}. Nothing was changed
     */
    Enqueued enqueue(Object value, JobOptions options);

    /**
     * Enqueues several jobs in one transaction, in their order.
     *
     * @param values up to {@value QueueLimits#BATCH_MAX}
     * @param options of all of them, without a unique key
     * @return one element for each, in their order
     */
    List<Enqueued> enqueueAll(List<?> values, JobOptions options);

    /**
     * Claims ready jobs. Does not wait: empty when none is ready, the queue is paused or its {@link #flow()} used up.
     *
     * @param limit how many at most, 1 to {@value QueueLimits#BATCH_MAX}
     * @param lease how long they are held, 1 ms to a day from the store's clock now
     * @return in the order of the queue
     */
    List<Job> claim(int limit, Duration lease);

    /**
     * Settles a job: it is done and removed.
     *
     * @return false, and nothing was done, when the claim is not good any more
     */
    boolean ack(JobClaim claim);

    /**
     * Settles several jobs in one transaction.
     *
     * @param claims up to {@value QueueLimits#BATCH_MAX}
     * @return those that were good
     */
    List<JobClaim> ackAll(List<JobClaim> claims);

    /**
     * Settles a job in the transaction of what it did: call it inside one, so that both are committed or neither.
     *
     * @throws LeaseLostException the claim is not good any more; the transaction rolls back when this passes
     */
    default void complete(JobClaim claim) {
        if (!ack(claim)) {
            throw new LeaseLostException(claim);
        }
    }

    /**
     * Refuses a job: it is tried again by its retry policy. One without an attempt left is exhausted: its value is
     * written under its fallback keys, and it is kept as a dead job or removed, in the same transaction.
     *
     * @param error why, up to {@value QueueLimits#ERROR_CHARS_MAX} characters are kept
     * @return false, and nothing was done, when the claim is not good any more
     */
    boolean nack(JobClaim claim, String error);

    /**
     * Gives a job back that was not begun: it is ready at once, behind others, and the attempt is not counted.
     *
     * @return false, and nothing was done, when the claim is not good any more
     */
    boolean release(JobClaim claim);

    /**
     * Extends a lease.
     *
     * @param lease 1 ms to a day from the store's clock now
     * @return false, and nothing was done, when the claim is not good any more
     */
    default boolean extend(JobClaim claim, Duration lease) {
        return !extendAll(List.of(claim), lease).isEmpty();
    }

    /**
     * Extends several leases in one transaction.
     *
     * @param claims up to {@value QueueLimits#BATCH_MAX}
     * @return those that are good; one that a transaction is about to settle is good and not extended
     */
    List<JobClaim> extendAll(List<JobClaim> claims, Duration lease);

    /** The claim that holds a job of the queue now; empty when it is not claimed, or its lease has run out. */
    Optional<JobClaim> claimOf(String id);

    /** The same, if it is this attempt that is going on; empty also when it is another one. */
    Optional<JobClaim> claimOf(String id, int attempt);

    /**
     * Removes a job that waits.
     *
     * @return false, and nothing was done, when there is none of this id, or it is claimed or dead
     */
    boolean cancel(String id);

    /** Removes all jobs that wait, batch by batch; those that are claimed or dead stay. Answers how many. */
    long purge();

    /** Gives out no more jobs until {@link #resume()}; those that are claimed may be settled, and others enqueued. */
    void pause();

    /** Gives out jobs again. */
    void resume();

    /** How much of it is given out at most. */
    QueueFlow flow();

    /**
     * Sets how much of it is given out at most, by all processes. What is claimed already stays so. Another process
     * that has claimed from it within a second may give nothing out for the rest of this second.
     */
    void flow(QueueFlow flow);

    /** The queue that takes its exhausted jobs, if one was named. */
    Optional<String> deadLettersTo();

    /**
     * From now on has exhausted jobs enqueued into another queue, as a {@link JobEnvelope} each, instead of kept as
     * dead jobs: in the transaction in which they are exhausted, with {@link JobOptions#defaults()}. Whoever listens to
     * that queue gets them. Jobs that are not to be kept are gone, as they are without.
     *
     * @param queue its name
     * @throws dev.holdfast.engine.InvalidInputException {@code queue.name}; {@code queue.option}: it is this queue
     */
    void deadLettersTo(String queue);

    /** From now on has exhausted jobs kept as dead jobs, as they are when nothing is said. */
    void keepDeadLetters();

    /** How many jobs it holds; reads the queue's part of an index. */
    QueueStats stats();

    /**
     * The next jobs that are ready, in the order of the queue, as they are; nothing is claimed.
     *
     * @param limit 1 to {@value QueueLimits#PAGE_MAX}
     */
    List<QueuedJob> peek(int limit);

    /**
     * The dead jobs, the latest first.
     *
     * @param limit 1 to {@value QueueLimits#PAGE_MAX}
     * @param offset how many are left out before the first, 0 or more; they are passed over one by one
     */
    List<DeadJob> dead(int limit, long offset);

    /** A dead job of the queue. */
    Optional<DeadJob> dead(String id);

    /**
     * Enqueues a dead job again, as a new one with the options of the old one but its delay and unique key.
     *
     * @return the id of the new one; empty, and nothing was done, when there is no dead job of this id
     */
    Optional<String> requeue(String id);

    /**
     * Enqueues a dead job again, as a new one with other options; otherwise like {@link #requeue(String)}. When another
     * job has the unique key of the options the dead one is removed, and the id is that of the other.
     */
    Optional<String> requeue(String id, JobOptions options);

    /** Removes a dead job; answers whether there was one. */
    boolean deleteDead(String id);

    /** Removes all dead jobs, batch by batch; answers how many. */
    long purgeDead();

    /**
     * Has somebody woken when there may be something to claim: after commits of this process and others, when a job
     * falls due, and now and then. Call {@link #claim} after this has returned, and after each wake; nothing is missed
     * then.
     *
     * @param wake called on any thread; it must not block
     */
    QueueFollower follow(Runnable wake);

    /**
     * Starts workers that claim jobs and have them handled, on virtual threads, until it is closed. A job whose handler
     * returns is acknowledged, unless the handler settled it; one whose handler throws is refused. Leases are extended
     * meanwhile.
     *
     * @throws dev.holdfast.engine.InvalidInputException {@code engine.inside_transaction}: a transaction is open on
     *     this thread
     */
    QueueListener listen(JobHandler handler, ListenOptions options);

    /** Starts a worker with {@link ListenOptions#defaults()}. */
    default QueueListener listen(JobHandler handler) {
        return listen(handler, ListenOptions.defaults());
    }
}
