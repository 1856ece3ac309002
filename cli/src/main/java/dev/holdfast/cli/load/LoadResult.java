package dev.holdfast.cli.load;

import java.util.Map;

/**
 * What came of a run.
 *
 * @param nanos from the first request to the last answer
 * @param latencies of the requests that succeeded; of a plan with a rate from when they were planned
 * @param refused how many answers were no success, by status
 * @param lost requests whose connection ended before the answer, so that nobody knows whether they were done
 * @param unsent requests that were planned and not sent, because the run was far behind or was stopped
 */
public record LoadResult(long nanos, LoadLatencies latencies, Map<Integer, Long> refused, long lost, long unsent) {
    private static final double NANOS_PER_SECOND = 1e9;

    /** Copies the statuses. */
    public LoadResult {
        refused = Map.copyOf(refused);
    }

    /** Requests that succeeded. */
    public long acknowledged() {
        return latencies.count();
    }

    /** Requests that succeeded, in a second. */
    public double perSecond() {
        return nanos == 0 ? 0 : acknowledged() * NANOS_PER_SECOND / nanos;
    }

    /** Requests that did not succeed. */
    public long failed() {
        return lost
                + unsent
                + refused.values().stream().mapToLong(Long::longValue).sum();
    }
}
