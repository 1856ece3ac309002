package dev.holdfast.cli.load;

/**
 * How long calls took, counted in buckets: each power of two of nanoseconds is 32 of them, so a quantile is at most one
 * part in 32 too high. Not safe for use by many threads.
 */
public final class LoadLatencies {
    private static final int STEP_BITS = 5;
    private static final int STEPS = 1 << STEP_BITS;

    private final long[] buckets = new long[(Long.SIZE - STEP_BITS) * STEPS];
    private long count;

    /** Counts one call; less than nothing counts as nothing. */
    public void add(long nanos) {
        buckets[bucket(Math.max(0, nanos))]++;
        count++;
    }

    /** Counts what others have counted. */
    public void add(LoadLatencies others) {
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] += others.buckets[i];
        }
        count += others.count;
    }

    /** How many were counted. */
    public long count() {
        return count;
    }

    /** The upper end of the bucket that holds a quantile, 0 to 1; 0 without any call. */
    public long quantileNanos(double quantile) {
        long rank = Math.max(1, (long) Math.ceil(quantile * count));
        long seen = 0;
        for (int i = 0; i < buckets.length; i++) {
            seen += buckets[i];
            if (seen >= rank) {
                return end(i);
            }
        }
        return 0;
    }

    /** Numbers below 32 have a bucket each; above, the highest bit and the five behind it choose one. */
    private static int bucket(long nanos) {
        if (nanos < STEPS) {
            return (int) nanos;
        }
        int shift = Long.SIZE - 1 - STEP_BITS - Long.numberOfLeadingZeros(nanos);
        return (shift << STEP_BITS) + (int) (nanos >>> shift);
    }

    private static long end(int bucket) {
        if (bucket < STEPS) {
            return bucket;
        }
        int shift = (bucket >>> STEP_BITS) - 1;
        long first = (long) (bucket & (STEPS - 1)) + STEPS;
        return ((first + 1) << shift) - 1;
    }
}
