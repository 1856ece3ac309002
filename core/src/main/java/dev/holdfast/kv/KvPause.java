package dev.holdfast.kv;

import dev.holdfast.engine.TimeSource;
import dev.holdfast.engine.TimeoutException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** Waits by the store's clock. */
final class KvPause {
    private KvPause() {}

    static void of(TimeSource time, Duration delay) {
        if (delay.isZero()) {
            return;
        }
        CountDownLatch over = new CountDownLatch(1);
        TimeSource.Timer timer = time.after(delay.toMillis(), over::countDown);
        try {
            over.await();
        } catch (InterruptedException e) {
            timer.cancel();
            Thread.currentThread().interrupt();
            throw new TimeoutException(
                    "kv.interrupted", "the thread was interrupted between two runs of a transaction", e);
        }
    }
}
