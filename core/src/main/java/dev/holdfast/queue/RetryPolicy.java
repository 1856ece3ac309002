package dev.holdfast.queue;

import dev.holdfast.engine.InvalidInputException;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/** How often a job is tried, and how long after a refusal it is tried again. Immutable. */
public sealed interface RetryPolicy {
    /** How often the job is claimed before it is exhausted, 1 or more. */
    int attempts();

    /**
     * How long the job waits after a refused attempt, at most.
     *
     * @param attempt the one that was refused, from 1
     */
    Duration delay(int attempt);

    /**
     * How long it waits this time.
     *
     * @param attempt the one that was refused, from 1
     * @param random decides where it is left to chance
     */
    default Duration delay(int attempt, RandomGenerator random) {
        return delay(attempt);
    }

    /** Five attempts; one second after the first, and twice as long after each other, five minutes at most. */
    static RetryPolicy defaults() {
        return backoff(5, Duration.ofSeconds(1));
    }

    /**
     * So many attempts; after each refusal it waits twice as long as after the one before, five minutes at most.
     *
     * @param attempts 1 to {@value QueueLimits#ATTEMPTS_MAX}
     * @param first how long it waits after the first refusal
     */
    static Backoff backoff(int attempts, Duration first) {
        return new Backoff(attempts, first, 2, Duration.ofMinutes(5));
    }

    /** One attempt, and one more after each of these delays; none: one attempt. */
    static RetryPolicy delays(Duration... delays) {
        return new Delays(List.of(delays));
    }

    /**
     * A list of delays: one attempt more than there are delays.
     *
     * @param delays up to {@value QueueLimits#DELAYS_MAX}, each 0 to 100 years, cut to milliseconds
     */
    record Delays(List<Duration> delays) implements RetryPolicy {
        /** Checks the limits, and keeps its own copy. */
        public Delays {
            delays = List.copyOf(delays);
            QueueLimits.requireRange("delays", delays.size(), 0, QueueLimits.DELAYS_MAX);
            delays.forEach(delay -> QueueLimits.requireDelay("delay", delay));
        }

        @Override
        public int attempts() {
            return delays.size() + 1;
        }

        @Override
        public Duration delay(int attempt) {
            return delays.isEmpty() ? Duration.ZERO : delays.get(Math.clamp(attempt, 1, delays.size()) - 1);
        }
    }

    /**
     * Delays that grow from refusal to refusal.
     *
     * @param attempts 1 to {@value QueueLimits#ATTEMPTS_MAX}
     * @param first after the first refusal, 0 to 100 years, cut to milliseconds
     * @param factor by which each delay is longer than the one before, 1 to 100
     * @param max the longest delay, 0 to 100 years
     * @param jitter whether each delay is any time from 0 to what it would be otherwise, so that jobs that failed
     *     together are not tried again together
     */
    record Backoff(int attempts, Duration first, double factor, Duration max, boolean jitter) implements RetryPolicy {
        private static final double FACTOR_MAX = 100;

        /** Checks the limits. */
        public Backoff {
            QueueLimits.requireRange("attempts", attempts, 1, QueueLimits.ATTEMPTS_MAX);
            QueueLimits.requireDelay("first", first);
            QueueLimits.requireDelay("max", max);
            if (!(factor >= 1 && factor <= FACTOR_MAX)) {
                throw new InvalidInputException(
                        "queue.option",
                        "factor is out of range (factor=" + factor + ", min=1, max=" + FACTOR_MAX + ")");
            }
        }

        /** Without jitter. */
        public Backoff(int attempts, Duration first, double factor, Duration max) {
            this(attempts, first, factor, max, false);
        }

        /** The same with jitter. */
        public Backoff withJitter() {
            return new Backoff(attempts, first, factor, max, true);
        }

        @Override
        public Duration delay(int attempt, RandomGenerator random) {
            Duration most = delay(attempt);
            return jitter ? Duration.ofMillis(random.nextLong(most.toMillis() + 1)) : most;
        }

        @Override
        public Duration delay(int attempt) {
            double millis = first.toMillis() * Math.pow(factor, Math.max(0, attempt - 1));
            return Duration.ofMillis((long) Math.min(millis, (double) max.toMillis()));
        }
    }
}
