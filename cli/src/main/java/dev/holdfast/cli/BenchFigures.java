package dev.holdfast.cli;

import dev.holdfast.cli.load.LoadLatencies;
import dev.holdfast.json.Json;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.node.ObjectNode;

/**
 * What came of one part.
 *
 * @param callers at once
 * @param nanos from the first call to the end of the last
 * @param latencies of every call
 */
record BenchFigures(int callers, long nanos, LoadLatencies latencies) {
    private static final double MEDIAN = 0.5;
    private static final double ONE_IN_A_HUNDRED = 0.99;
    private static final double NANOS_PER_MICRO = 1_000;
    private static final double TENTHS = 10;

    /**
     * As it is printed.
     *
     * @param items entries or documents that an operation writes or answers
     * @param durability what a commit waits for
     */
    ObjectNode json(String operation, int items, String durability) {
        double seconds = (double) nanos / TimeUnit.SECONDS.toNanos(1);
        return Json.mapper()
                .createObjectNode()
                .put("operation", operation)
                .put("callers", callers)
                .put("items", items)
                .put("operations", latencies.count())
                .put("perSecond", rounded(latencies.count() / seconds))
                .put("p50Micros", micros(latencies, MEDIAN))
                .put("p99Micros", micros(latencies, ONE_IN_A_HUNDRED))
                .put("durability", durability);
    }

    /** A quantile in microseconds. */
    static double micros(LoadLatencies latencies, double quantile) {
        return rounded(latencies.quantileNanos(quantile) / NANOS_PER_MICRO);
    }

    /** As figures are printed: one digit behind the point. */
    static double rounded(double value) {
        return Math.round(value * TENTHS) / TENTHS;
    }
}
