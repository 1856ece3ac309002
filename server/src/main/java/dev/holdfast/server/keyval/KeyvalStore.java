package dev.holdfast.server.keyval;

import dev.holdfast.Holdfast;
import dev.holdfast.Namespace;
import dev.holdfast.engine.TimeSource;
import dev.holdfast.kv.Kv;
import dev.holdfast.queue.Queue;
import dev.holdfast.queue.QueueRoom;
import dev.holdfast.server.http.Exchange;
import dev.holdfast.server.http.HttpHandler;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;

/** The store behind the routes: the keys and values of a request's namespace, and the counters of operations. */
final class KeyvalStore {
    /** The queue of this interface. */
    private static final String QUEUE = "default";

    private final Holdfast holdfast;
    private final KeyvalMeters meters = new KeyvalMeters();

    KeyvalStore(Holdfast holdfast) {
        this.holdfast = holdfast;
    }

    /**
     * The keys and values of a request's namespace. Who may enter only one reaches none that is made after it: the
     * right was looked at before the body arrived.
     */
    Kv kv(Exchange exchange) {
        return namespace(exchange).kv();
    }

    /** The queue of a request's namespace; see {@link #kv}. */
    Queue queue(Exchange exchange) {
        return namespace(exchange).queue(QUEUE);
    }

    private Namespace namespace(Exchange exchange) {
        Namespace namespace = holdfast.namespace(exchange.namespace());
        return exchange.principal().namespace().isPresent() ? namespace.present() : namespace;
    }

    /** The same to be listened to, as keys are watched. */
    Queue watchedQueue(Exchange exchange) {
        return holdfast.namespace(exchange.namespace()).queue(QUEUE);
    }

    /** Makes ready what has fallen due in the queues of a request's namespace. */
    Runnable tending(Exchange exchange) {
        String namespace = exchange.namespace();
        return () -> QueueRoom.of(holdfast.database()).sweep(namespace);
    }

    /**
     * The keys and values to be watched: a watch goes on in the next namespace of the name, for as long as its token is
     * good.
     */
    Kv watched(Exchange exchange) {
        return holdfast.namespace(exchange.namespace()).kv();
    }

    KeyvalMeters meters() {
        return meters;
    }

    Instant now() {
        return Instant.ofEpochMilli(holdfast.database().time().millis());
    }

    /** Waits by the store's clock. */
    void pause(Duration delay) {
        CountDownLatch over = new CountDownLatch(1);
        TimeSource.Timer timer = holdfast.database().time().after(delay.toMillis(), over::countDown);
        try {
            over.await();
        } catch (InterruptedException e) {
            timer.cancel();
            Thread.currentThread().interrupt();
        }
    }

    /** A handler whose calls are counted under the name of an operation. */
    HttpHandler counted(String operation, Operation handler) {
        KeyvalMeters.Meter meter = meters.of(operation);
        return exchange -> {
            long start = System.nanoTime();
            boolean ok = false;
            try {
                handler.handle(exchange, kv(exchange));
                ok = true;
            } finally {
                meter.record(System.nanoTime() - start, ok);
            }
        };
    }

    /** Answers a request from the keys and values of its namespace. */
    @FunctionalInterface
    interface Operation {
        void handle(Exchange exchange, Kv kv) throws Exception;
    }
}
