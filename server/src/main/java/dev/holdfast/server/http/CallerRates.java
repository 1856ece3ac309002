package dev.holdfast.server.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * How fast each caller asks. A caller may use a second's worth of requests at once and then so many a second; what it
 * asks beyond is refused and does not count. Kept as the time at which a caller would have used up what it was given,
 * the generic cell rate algorithm.
 */
final class CallerRates {
    /** Callers that are remembered at most; beyond it those go who have nothing to wait for. */
    private static final int CALLERS_MAX = 100_000;

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final int perSecond;
    private final LongSupplier nanoTime;
    private final long begin;
    private final Map<String, AtomicLong> used = new ConcurrentHashMap<>();

    /** Rates for callers who may ask so many times a second; 0: as often as they like. */
    CallerRates(int perSecond, LongSupplier nanoTime) {
        this.perSecond = perSecond;
        this.nanoTime = nanoTime;
        this.begin = nanoTime.getAsLong();
    }

    /** Counts a request; refuses it when the caller has used what it may. */
    void count(String caller) {
        if (perSecond == 0) {
            return;
        }
        long now = nanoTime.getAsLong() - begin;
        long cost = SECOND / perSecond;
        AtomicLong until = used.computeIfAbsent(caller, key -> new AtomicLong());
        long before;
        long after;
        do {
            before = until.get();
            after = Math.max(before, now) + cost;
            if (after - now > SECOND) {
                throw refusal(after - now - SECOND);
            }
        } while (!until.compareAndSet(before, after));
        if (used.size() > CALLERS_MAX) {
            used.values().removeIf(other -> other.get() <= now);
        }
    }

    /** Refuses a request that could not be counted, without counting it. */
    void require(String caller) {
        AtomicLong until = used.get(caller);
        if (until != null) {
            long now = nanoTime.getAsLong() - begin;
            long after = Math.max(until.get(), now) + SECOND / perSecond;
            if (after - now > SECOND) {
                throw refusal(after - now - SECOND);
            }
        }
    }

    /** How many callers are remembered. */
    int remembered() {
        return used.size();
    }

    private HttpException refusal(long nanos) {
        return HttpException.tooMany(
                "http.too_many_requests",
                "the caller asks more often than it may (requestsPerSecondMax=" + perSecond + ")",
                (int) Math.ceilDiv(nanos, SECOND));
    }
}
