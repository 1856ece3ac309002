package dev.holdfast.client;

import static java.util.Objects.requireNonNull;

import dev.holdfast.engine.InvalidInputException;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How requests are sent again that failed on the network, with 5xx or with 429. Before the n-th repetition a random
 * time passes, from nothing up to {@code firstDelay} times {@code factor} to the power of n - 1, at most
 * {@code delayMax} (full jitter); never less than the {@code Retry-After} of the answer.
 *
 * @param attemptsMax how often a request is sent at most, 1 or more; {@link Integer#MAX_VALUE}: for ever
 * @param firstDelay the bound of the first delay, more than 0
 * @param factor by which the bound grows, 1 or more
 * @param delayMax the highest bound, {@code firstDelay} or more
 */
public record RetryPolicy(int attemptsMax, Duration firstDelay, double factor, Duration delayMax) {
    /** Refuses what is no policy: {@code client.retry}. */
    public RetryPolicy {
        requireNonNull(firstDelay, "firstDelay");
        requireNonNull(delayMax, "delayMax");
        if (attemptsMax < 1) {
            throw invalid("a request is sent once or more (attemptsMax=" + attemptsMax + ")");
        }
        if (firstDelay.isNegative() || firstDelay.isZero()) {
            throw invalid("the first delay is more than nothing (firstDelay=" + firstDelay + ")");
        }
        if (!(factor >= 1) || Double.isInfinite(factor)) {
            throw invalid("delays do not shrink (factor=" + factor + ")");
        }
        if (delayMax.compareTo(firstDelay) < 0) {
            throw invalid("the longest delay is at least the first (delayMax=" + delayMax + ", firstDelay=" + firstDelay
                    + ")");
        }
    }

    /** For ever, from 100 milliseconds on, times 1.3 up to a minute. */
    public static RetryPolicy defaults() {
        return new RetryPolicy(Integer.MAX_VALUE, Duration.ofMillis(100), 1.3, Duration.ofMinutes(1));
    }

    /** The same with another number of attempts. */
    public RetryPolicy withAttemptsMax(int attempts) {
        return new RetryPolicy(attempts, firstDelay, factor, delayMax);
    }

    /** The same with another first delay. */
    public RetryPolicy withFirstDelay(Duration delay) {
        return new RetryPolicy(attemptsMax, delay, factor, delayMax);
    }

    /** The same with another factor. */
    public RetryPolicy withFactor(double by) {
        return new RetryPolicy(attemptsMax, firstDelay, by, delayMax);
    }

    /** The same with another longest delay. */
    public RetryPolicy withDelayMax(Duration delay) {
        return new RetryPolicy(attemptsMax, firstDelay, factor, delay);
    }

    /**
     * How long to wait.
     *
     * @param failures how often the request has failed by now, 1 or more
     * @param atLeast what the server asked for
     */
    Duration delay(int failures, Duration atLeast, RandomGenerator random) {
        Duration jittered = Duration.ofMillis(Math.round(random.nextDouble() * boundMillis(failures)));
        return jittered.compareTo(atLeast) < 0 ? atLeast : jittered;
    }

    /** The bound of a delay; the power may be infinite, and is cut then. */
    double boundMillis(int failures) {
        double grown = firstDelay.toMillis() * Math.pow(factor, failures - 1.0);
        return Math.min((double) delayMax.toMillis(), grown);
    }

    private static InvalidInputException invalid(String what) {
        return new InvalidInputException("client.retry", what);
    }
}
