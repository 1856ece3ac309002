package dev.holdfast.cli.load;

/**
 * How many requests are sent, and when.
 *
 * @param requestsMax sent at most
 * @param nanosMax after which none is sent any more
 * @param rate requests a second, planned at even distances; 0: each connection sends the next one when it has an answer
 */
record LoadPlan(long requestsMax, long nanosMax, double rate) {
    private static final double NANOS_PER_SECOND = 1e9;

    /** As fast as answers come, for so long. */
    static LoadPlan closed(long nanos) {
        return new LoadPlan(Long.MAX_VALUE, nanos, 0);
    }

    /** As fast as answers come, so many. */
    static LoadPlan requests(long count) {
        return new LoadPlan(count, Long.MAX_VALUE, 0);
    }

    /** At a rate, for so long; what was planned is sent, late or not. */
    static LoadPlan open(double rate, long nanos) {
        return new LoadPlan(Math.max(1, (long) (rate * nanos / NANOS_PER_SECOND)), Long.MAX_VALUE, rate);
    }

    boolean isOpen() {
        return rate > 0;
    }

    /** When a request is to be sent, from the start on; of a plan without a rate at once. */
    long dueNanos(long number) {
        return isOpen() ? (long) (number * (NANOS_PER_SECOND / rate)) : 0;
    }

    /** Whether another one is to be sent. */
    boolean goesOn(long sent, long passedNanos) {
        return sent < requestsMax && passedNanos < nanosMax;
    }
}
