package dev.holdfast.queue;

import dev.holdfast.engine.StateException;

/**
 * The job belongs to somebody else by now, or is settled: its lease ran out, or it was settled before. Code
 * {@code queue.lease_lost}. What the worker did must not be kept; the transaction that meets this rolls back when it
 * passes.
 */
public final class LeaseLostException extends StateException {
    private static final long serialVersionUID = 1L;

    LeaseLostException(JobClaim claim) {
        super(
                "queue.lease_lost",
                "the job is not held by this claim any more (id=" + claim.id() + ", token=" + claim.token() + ")");
    }
}
