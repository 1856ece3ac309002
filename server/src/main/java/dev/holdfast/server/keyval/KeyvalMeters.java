package dev.holdfast.server.keyval;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** How often each operation was called, how long it took, how often it failed; since the server started. */
final class KeyvalMeters {
    /** Upper bounds of the histogram in milliseconds; the last bucket is open. */
    static final double[] BUCKETS_MILLIS = {1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000};

    private static final List<String> OPERATIONS = List.of(
            "get",
            "set",
            "delete",
            "list",
            "count",
            "paginate",
            "atomic_commit",
            "queue_enqueue",
            "queue_dequeue",
            "queue_ack",
            "queue_nack",
            "cleanup");
    private static final double NANOS_PER_MILLI = 1_000_000.0;

    private final Map<String, Meter> meters = new LinkedHashMap<>();

    KeyvalMeters() {
        OPERATIONS.forEach(operation -> meters.put(operation, new Meter()));
    }

    Meter of(String operation) {
        Meter meter = meters.get(operation);
        if (meter == null) {
            throw new IllegalArgumentException("unknown operation " + operation);
        }
        return meter;
    }

    Map<String, Meter> all() {
        return meters;
    }

    /** The counters of one operation. */
    static final class Meter {
        private final LongAdder count = new LongAdder();
        private final LongAdder errors = new LongAdder();
        private final LongAdder nanos = new LongAdder();
        private final AtomicLongArray buckets = new AtomicLongArray(BUCKETS_MILLIS.length + 1);

        void record(long tookNanos, boolean ok) {
            count.increment();
            nanos.add(tookNanos);
            if (!ok) {
                errors.increment();
            }
            int place = Arrays.binarySearch(BUCKETS_MILLIS, tookNanos / NANOS_PER_MILLI);
            buckets.incrementAndGet(place < 0 ? -place - 1 : place);
        }

        long count() {
            return count.sum();
        }

        long errors() {
            return errors.sum();
        }

        double sumMillis() {
            return nanos.sum() / NANOS_PER_MILLI;
        }

        double averageMillis() {
            return count() == 0 ? 0 : sumMillis() / count();
        }

        /** Calls that took no longer than each bound, then all. */
        long[] cumulative() {
            long[] result = new long[buckets.length()];
            long sum = 0;
            for (int i = 0; i < result.length; i++) {
                sum += buckets.get(i);
                result[i] = sum;
            }
            return result;
        }
    }
}
