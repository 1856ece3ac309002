package dev.holdfast.server.http;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts requests that are not completely answered, and says when there are none left after the server began to stop.
 */
final class ActiveRequests {
    private final AtomicInteger count = new AtomicInteger();
    private final CountDownLatch drained = new CountDownLatch(1);
    private volatile boolean draining;

    void enter() {
        count.incrementAndGet();
    }

    void leave() {
        if (count.decrementAndGet() == 0 && draining) {
            drained.countDown();
        }
    }

    int count() {
        return count.get();
    }

    boolean draining() {
        return draining;
    }

    /** From now on new requests are refused. */
    void drain() {
        draining = true;
        // A request that entered before the flag was seen leaves after it, so one of the two opens the latch.
        if (count.get() == 0) {
            drained.countDown();
        }
    }

    /** Waits until the server drains and every request has been answered. Returns false when that takes longer. */
    boolean awaitDrained(Duration atMost) throws InterruptedException {
        return drained.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }
}
