package dev.holdfast.queue;

import java.time.Duration;

/**
 * How many jobs of a queue are claimed in a while at most.
 *
 * <p>A window begins with a claim, and the next one with the first claim after its end. So in a stretch of time as long
 * as a window there may be as many jobs as in two of them, and no more.
 *
 * @param jobs in one window, 1 to {@value QueueLimits#RATE_JOBS_MAX}
 * @param window 1 ms to a day, cut to milliseconds
 */
public record QueueRate(int jobs, Duration window) {
    /** Checks both ranges: {@code queue.option}. */
    public QueueRate {
        QueueLimits.requireRange("rateJobs", jobs, 1, QueueLimits.RATE_JOBS_MAX);
        QueueLimits.requireWindow(window);
    }
}
