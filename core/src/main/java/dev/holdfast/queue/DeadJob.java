package dev.holdfast.queue;

import dev.holdfast.kv.KvValue;
import java.time.Instant;

/**
 * A job that was exhausted and is kept.
 *
 * @param id its id
 * @param queue its queue
 * @param value what was enqueued
 * @param attempts how often it was claimed
 * @param error why it was refused the last time, or that its lease ran out
 * @param enqueuedAt when it was enqueued
 * @param failedAt when it was exhausted
 */
public record DeadJob(
        String id, String queue, KvValue value, int attempts, String error, Instant enqueuedAt, Instant failedAt) {}
