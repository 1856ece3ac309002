package dev.holdfast.server.http;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A parked request. It goes on when two things have happened, in any order: the handler that parked it has returned,
 * and something woke it. So the exchange never belongs to two threads.
 */
final class ParkedExchange implements Parked {
    private static final int PARTIES = 2;

    private final HttpCore core;
    private final JettyExchange exchange;
    private final Resume then;
    private final AtomicReference<@Nullable Wake> reason = new AtomicReference<>();
    private final AtomicInteger arrived = new AtomicInteger();
    private volatile @Nullable Future<?> timeout;

    ParkedExchange(HttpCore core, JettyExchange exchange, Resume then) {
        this.core = core;
        this.exchange = exchange;
        this.then = then;
    }

    void start(Duration atMost) {
        Future<?> pending = core.park(this, atMost);
        timeout = pending;
        if (core.active().draining()) {
            wake(Wake.STOPPING);
        }
        if (reason.get() != null) {
            // Woken before there was anything to take back.
            pending.cancel(false);
            core.unpark(this);
        }
    }

    @Override
    public void signal() {
        wake(Wake.SIGNAL);
    }

    void wake(Wake why) {
        if (reason.compareAndSet(null, why)) {
            core.unpark(this);
            Future<?> pending = timeout;
            if (pending != null) {
                pending.cancel(false);
            }
            arrive();
        }
    }

    /** The handler has returned. */
    void released() {
        arrive();
    }

    /** The handler failed after parking: the request is answered with its error and does not go on. */
    void cancel() {
        wake(Wake.GONE);
    }

    private void arrive() {
        if (arrived.incrementAndGet() == PARTIES) {
            Wake why = reason.get();
            if (why != null) {
                core.execute(() -> exchange.resume(then, why));
            }
        }
    }
}
