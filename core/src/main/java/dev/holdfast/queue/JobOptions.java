package dev.holdfast.queue;

import dev.holdfast.key.Key;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What is said of a job when it is enqueued.
 *
 * @param delay how long after the commit's clock it can be claimed at the earliest, 0 to 100 years, cut to milliseconds
 * @param retry how often and when it is tried
 * @param priority 0 to {@value QueueLimits#PRIORITY_MAX}: a job is claimed before all that have a higher number
 * @param uniqueKey while a job of the queue has this key and is neither settled nor dead, no other one is enqueued with
 *     it; 1 to {@value QueueLimits#UNIQUE_KEY_CHARS_MAX} characters
 * @param fallbackKeys up to {@value QueueLimits#FALLBACK_KEYS_MAX} keys under which the value is written, without
 *     expiry, when the job is exhausted
 * @param deadLetter whether it is kept as a dead job when it is exhausted; else it is gone then
 * @param orderingKey jobs of the queue with the same one are given out one at a time, in the order in which they were
 *     enqueued: each when the one before it is settled, dead, gone or cancelled, whatever their priorities are. One
 *     that is delayed or tried again holds back those behind it. 1 to
 *     {@value QueueLimits#ORDERING_KEY_CHARS_MAX} characters
 */
public record JobOptions(
        Duration delay,
        RetryPolicy retry,
        int priority,
        Optional<String> uniqueKey,
        List<Key> fallbackKeys,
        boolean deadLetter,
        Optional<String> orderingKey) {
    /** The priority of a job of which nothing is said. */
    public static final int PRIORITY_DEFAULT = 5;

    private static final JobOptions DEFAULTS = new JobOptions(
            Duration.ZERO,
            RetryPolicy.defaults(),
            PRIORITY_DEFAULT,
            Optional.empty(),
            List.of(),
            true,
            Optional.empty());

    /** Checks every limit: {@code queue.option}, {@code queue.delay}. */
    public JobOptions {
        QueueLimits.requireDelay("delay", delay);
        Objects.requireNonNull(retry, "retry");
        QueueLimits.requireRange("priority", priority, 0, QueueLimits.PRIORITY_MAX);
        uniqueKey.ifPresent(key -> QueueLimits.requireKey("uniqueKey", key, QueueLimits.UNIQUE_KEY_CHARS_MAX));
        orderingKey.ifPresent(key -> QueueLimits.requireKey("orderingKey", key, QueueLimits.ORDERING_KEY_CHARS_MAX));
        fallbackKeys = List.copyOf(fallbackKeys);
        QueueLimits.requireRange("fallbackKeys", fallbackKeys.size(), 0, QueueLimits.FALLBACK_KEYS_MAX);
    }

    /** At once, {@link RetryPolicy#defaults()}, priority {@value #PRIORITY_DEFAULT}, kept when it is exhausted. */
    public static JobOptions defaults() {
        return DEFAULTS;
    }

    /** The same with another delay. */
    public JobOptions withDelay(Duration value) {
        return new JobOptions(value, retry, priority, uniqueKey, fallbackKeys, deadLetter, orderingKey);
    }

    /** The same with another retry policy. */
    public JobOptions withRetry(RetryPolicy value) {
        return new JobOptions(delay, value, priority, uniqueKey, fallbackKeys, deadLetter, orderingKey);
    }

    /** The same with another priority. */
    public JobOptions withPriority(int value) {
        return new JobOptions(delay, retry, value, uniqueKey, fallbackKeys, deadLetter, orderingKey);
    }

    /** The same with a unique key. */
    public JobOptions withUniqueKey(String value) {
        return new JobOptions(delay, retry, priority, Optional.of(value), fallbackKeys, deadLetter, orderingKey);
    }

    /** The same with other fallback keys. */
    public JobOptions withFallbackKeys(Key... keys) {
        return new JobOptions(delay, retry, priority, uniqueKey, List.of(keys), deadLetter, orderingKey);
    }

    /** The same, kept as a dead job when it is exhausted or not. */
    public JobOptions withDeadLetter(boolean value) {
        return new JobOptions(delay, retry, priority, uniqueKey, fallbackKeys, value, orderingKey);
    }

    /** The same with an ordering key. */
    public JobOptions withOrderingKey(String value) {
        return new JobOptions(delay, retry, priority, uniqueKey, fallbackKeys, deadLetter, Optional.of(value));
    }
}
