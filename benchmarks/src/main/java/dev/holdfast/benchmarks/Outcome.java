package dev.holdfast.benchmarks;

import java.util.Map;
import java.util.TreeMap;

/**
 * What one run of a contestant came to.
 *
 * @param operations done inside the window
 * @param nanos length of the window
 * @param cpuMicros processor time of the whole process inside the window
 * @param writtenBytes what the process had the kernel write to disks inside the window
 * @param fromMicros when the window began, since the epoch
 * @param toMicros when it ended
 * @param check what was found afterwards; contestants that do the same work find the same
 * @param details further figures by name
 */
record Outcome(
        long operations,
        long nanos,
        long cpuMicros,
        long writtenBytes,
        long fromMicros,
        long toMicros,
        String check,
        Map<String, Double> details) {
    private static final double NANOS_PER_SECOND = 1e9;

    double rate() {
        return operations * NANOS_PER_SECOND / nanos;
    }

    double cpuMicrosPerOperation() {
        return (double) cpuMicros / operations;
    }

    double writtenBytesPerOperation() {
        return (double) writtenBytes / operations;
    }

    double detail(String name) {
        Double value = details.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no " + name + " among " + details.keySet());
        }
        return value;
    }

    /** The same with a time that somebody else has taken. */
    Outcome lasting(long otherNanos) {
        return new Outcome(operations, otherNanos, cpuMicros, writtenBytes, fromMicros, toMicros, check, details);
    }

    Outcome checked(String found) {
        return new Outcome(operations, nanos, cpuMicros, writtenBytes, fromMicros, toMicros, found, details);
    }

    Outcome with(String name, double value) {
        Map<String, Double> more = new TreeMap<>(details);
        more.put(name, value);
        return new Outcome(operations, nanos, cpuMicros, writtenBytes, fromMicros, toMicros, check, more);
    }
}
