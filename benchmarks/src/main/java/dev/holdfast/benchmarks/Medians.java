package dev.holdfast.benchmarks;

import java.util.stream.DoubleStream;

/** The middle of some figures. */
final class Medians {
    private Medians() {}

    static double of(DoubleStream figures) {
        return quantile(figures, 0.5);
    }

    /** The smallest figure that at least this share of all figures does not exceed. */
    static double quantile(DoubleStream figures, double share) {
        double[] sorted = figures.sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("no figures");
        }
        return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
    }
}
