/**
 * Queues: jobs that are claimed by one worker at a time and settled once.
 *
 * <p>{@link dev.holdfast.queue.Queue} is the page to read first. A queue is a name; it is there with its first job. A
 * job is a value with a retry policy. Whoever claims it holds a lease: until it runs out nobody else gets the job.
 * Then the job is acknowledged, which removes it, or refused, or the lease runs out; after either it is tried again by
 * its policy. When no attempt is left, its value is written under its fallback keys, and the job is kept as a dead one
 * if it asked for that.
 *
 * <p>Delivery is at least once. A job that is acknowledged in the transaction of its effects is done exactly once:
 * both are committed, or neither. A {@link dev.holdfast.queue.JobClaim} carries a token that every later claim raises,
 * so whoever lost a lease changes nothing any more.
 *
 * <p>Everything here is safe for use by many threads and blocks the calling thread. When a writing call outside a
 * transaction returns, its effect is durable and visible to everybody; inside one it comes with the commit. Time is the
 * store's clock.
 */
@NullMarked
package dev.holdfast.queue;

import org.jspecify.annotations.NullMarked;
