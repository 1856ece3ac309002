package dev.holdfast.queue;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How much of a queue is given out at most, by all processes together.
 *
 * @param concurrency jobs that are under lease at once, 1 to {@value QueueLimits#CONCURRENCY_MAX}; empty: any number
 * @param rate jobs that are claimed in a while; empty: any number
 */
public record QueueFlow(Optional<Integer> concurrency, Optional<QueueRate> rate) {
    private static final QueueFlow UNLIMITED = new QueueFlow(Optional.empty(), Optional.empty());

    /** Checks the range: {@code queue.option}. */
    public QueueFlow {
        concurrency.ifPresent(jobs -> QueueLimits.requireRange("concurrency", jobs, 1, QueueLimits.CONCURRENCY_MAX));
        Objects.requireNonNull(rate, "rate");
    }

    /** As much as is asked for. */
    public static QueueFlow unlimited() {
        return UNLIMITED;
    }

    /** The same with so many jobs under lease at most. */
    public QueueFlow withConcurrency(int jobs) {
        return new QueueFlow(Optional.of(jobs), rate);
    }

    /** The same with so many jobs claimed in each window of time at most. */
    public QueueFlow withRate(int jobs, Duration window) {
        return new QueueFlow(concurrency, Optional.of(new QueueRate(jobs, window)));
    }

    /** Whether anything is limited. */
    public boolean isLimited() {
        return concurrency.isPresent() || rate.isPresent();
    }
}
