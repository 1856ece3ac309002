package dev.holdfast.stream;

import dev.holdfast.engine.ClosedException;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.UnitKind;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the webhooks of a {@link SubscriptionRunner} called, so many at once and each on a virtual thread of its own, and
 * notes what became of each call. Who finds no room is not woken: it would wait with a lease that runs.
 */
final class SubscriptionCalls {
    private static final Logger LOG = LoggerFactory.getLogger(SubscriptionCalls.class);

    private final StreamRoom room;
    private final WebhookSender sender;
    private final int callsMax;
    private final Runnable freed;
    private final Semaphore free;
    /** Somebody found no room since the last look began. */
    private final AtomicBoolean starved = new AtomicBoolean();

    /**
     * Calls through a sender.
     *
     * @param freed called after a call has ended, if somebody found no room before
     */
    SubscriptionCalls(StreamRoom room, WebhookSender sender, int callsMax, Runnable freed) {
        this.room = room;
        this.sender = sender;
        this.callsMax = callsMax;
        this.freed = freed;
        this.free = new Semaphore(callsMax);
    }

    /** A look begins, which tries all again that found no room. */
    void look() {
        starved.set(false);
    }

    /** Whether somebody found no room since then. */
    boolean starved() {
        return starved.get();
    }

    /**
     * Wakes a subscription and has its webhook called, if there is something to do for it.
     *
     * @return false: there was no room, and nothing was done
     */
    boolean wake(Session session, String id) {
        if (!free.tryAcquire()) {
            starved.set(true);
            // The last call may have ended in between, and told nobody.
            if (!free.tryAcquire()) {
                return false;
            }
        }
        boolean handedOn = false;
        try {
            Optional<WebhookDelivery> delivery = session.write(
                    UnitKind.OPERATION,
                    tx -> room.wakes()
                            .wake(tx, id)
                            .map(sending -> new WebhookDelivery(
                                    sending.url(),
                                    sending.row().address(),
                                    sending.wake(),
                                    tx.now(),
                                    room.subscriptionKeys().secret(tx, tx.ns()))));
            if (delivery.isPresent()) {
                Thread.ofVirtual().name("holdfast-webhook").start(() -> call(session, delivery.get()));
                handedOn = true;
            }
            return true;
        } finally {
            if (!handedOn) {
                free.release();
            }
        }
    }

    /** Calls a webhook, and notes what became of it. When that cannot be noted, it is called again after the lease. */
    private void call(Session session, WebhookDelivery delivery) {
        try {
            WebhookSender.Answer answer = send(delivery);
            session.write(UnitKind.OPERATION, tx -> {
                switch (answer) {
                    case DONE -> room.wakes().done(tx, delivery.wake());
                    case TAKEN -> room.wakes().taken(tx, delivery.wake());
                    case FAILED -> room.wakes().failed(tx, delivery.wake());
                }
                return answer;
            });
        } catch (ClosedException e) {
            LOG.debug("the store was closed while a webhook was called");
        } catch (RuntimeException e) {
            LOG.warn("what became of a webhook could not be noted; it is called again ({})", delivery.wake(), e);
        } finally {
            free.release();
            if (starved.compareAndSet(true, false)) {
                freed.run();
            }
        }
    }

    private WebhookSender.Answer send(WebhookDelivery delivery) {
        try {
            return sender.send(delivery);
        } catch (RuntimeException e) {
            LOG.warn("a webhook could not be called ({})", delivery.wake(), e);
            return WebhookSender.Answer.FAILED;
        }
    }

    /** Waits so long for the calls that run. */
    void end(long seconds) throws InterruptedException {
        if (!free.tryAcquire(callsMax, seconds, TimeUnit.SECONDS)) {
            LOG.warn("webhooks are still being called while their runner closes");
        }
    }
}
