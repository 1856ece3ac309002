package dev.holdfast.server.http;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts requests that are not completely answered, and says when there are none left after the server began to stop.
 */
final class ActiveRequests {
    private final AtomicInteger count = new AtomicInteger();
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private volatile boolean draining;

    void enter() {
        count.incrementAndGet();
    }

    void leave() {
        if (count.decrementAndGet() == 0 && draining) {
            drained.complete(null);
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
        // A request that entered before the flag was seen leaves after it, so one of the two completes the future.
        if (count.get() == 0) {
            drained.complete(null);
        }
    }

    /** Completes when the server drains and the requests from before have been answered. */
    CompletableFuture<Void> drained() {
        return drained;
    }
}
