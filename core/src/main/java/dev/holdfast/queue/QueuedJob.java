package dev.holdfast.queue;

import dev.holdfast.kv.KvValue;
import java.time.Instant;
import java.util.Optional;

/**
 * A job that waits to be claimed.
 *
 * @param id its id
 * @param value what was enqueued
 * @param priority 0 first
 * @param attempts how often it was claimed so far
 * @param attemptsMax how often it may be claimed
 * @param enqueuedAt when it was enqueued
 * @param readyAt since when or from when on it can be claimed
 * @param uniqueKey its unique key, if it has one
 * @param orderingKey its ordering key, if it has one
 * @param lastError why it was refused the last time, if it was
 */
public record QueuedJob(
        String id,
        KvValue value,
        int priority,
        int attempts,
        int attemptsMax,
        Instant enqueuedAt,
        Instant readyAt,
        Optional<String> uniqueKey,
        Optional<String> orderingKey,
        Optional<String> lastError) {}
