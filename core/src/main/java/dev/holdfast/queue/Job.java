package dev.holdfast.queue;

import dev.holdfast.kv.KvValue;
import java.time.Instant;
import java.util.Optional;

/**
 * A job that was claimed.
 *
 * @param queue its queue
 * @param claim settles it
 * @param value what was enqueued
 * @param attempt which attempt this is, from 1
 * @param attemptsMax how many it has
 * @param enqueuedAt when it was enqueued, by the store's clock
 * @param leaseUntil from then on it may be given to somebody else, unless the lease is extended
 * @param lastError why it was refused the last time, if it was
 */
public record Job(
        String queue,
        JobClaim claim,
        KvValue value,
        int attempt,
        int attemptsMax,
        Instant enqueuedAt,
        Instant leaseUntil,
        Optional<String> lastError) {
    /** Its id: 36 characters, the same in all attempts. */
    public String id() {
        return claim.id();
    }

    /** The value as a Java type; see {@link KvValue#as(Class)}. */
    public <T> T as(Class<T> type) {
        return value.as(type);
    }
}
