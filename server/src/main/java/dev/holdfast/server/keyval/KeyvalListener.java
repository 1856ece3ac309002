package dev.holdfast.server.keyval;

import dev.holdfast.engine.HoldfastException;
import dev.holdfast.queue.Job;
import dev.holdfast.queue.Queue;
import dev.holdfast.queue.QueueFollower;
import dev.holdfast.server.http.EventStream;
import dev.holdfast.server.http.SseEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who listens to the queue by event stream. It is sent a message only when the connection has room for it, and while
 * fewer than ten are locked for it that it has not settled: what it cannot handle soon is left for others. After a
 * silence it is first made sure that somebody is still there. It holds no thread while there is nothing to send.
 */
final class KeyvalListener {
    static final SseEvent PING = SseEvent.of("ping", "");

    private static final Logger LOG = LoggerFactory.getLogger(KeyvalListener.class);
    private static final int UNSETTLED_MAX = 10;
    private static final long SILENCE_MILLIS = 250;
    /** Only the second write finds out that a reader is gone, when the answer to the first has come. */
    private static final int SIGNS = 2;

    private static final Duration SIGN_PAUSE = Duration.ofMillis(12);

    private final Queue queue;
    private final EventStream stream;
    private final Duration lock;
    private final KeyvalStore store;
    private final Runnable tend;
    private final Map<String, KeyvalListener> sentTo;
    /** When the locks of its messages end. */
    private final Map<String, Instant> unsettled = new ConcurrentHashMap<>();
    /** How often somebody asked since the thread that sends has begun. */
    private final AtomicInteger asked = new AtomicInteger();

    private volatile boolean full;
    /** Used by the thread that sends. */
    private volatile long lastMillis;

    private KeyvalListener(
            Queue queue,
            EventStream stream,
            Duration lock,
            KeyvalStore store,
            Runnable tend,
            Map<String, KeyvalListener> sentTo) {
        this.queue = queue;
        this.tend = tend;
        this.lastMillis = store.now().toEpochMilli();
        this.stream = stream;
        this.lock = lock;
        this.store = store;
        this.sentTo = sentTo;
    }

    /**
     * Sends messages until the stream ends.
     *
     * @param tend makes ready what has fallen due in the queue
     */
    static void start(
            Queue queue,
            EventStream stream,
            Duration lock,
            KeyvalStore store,
            Runnable tend,
            Map<String, KeyvalListener> sentTo) {
        KeyvalListener listener = new KeyvalListener(queue, stream, lock, store, tend, sentTo);
        AtomicReference<QueueFollower> follower = new AtomicReference<>(() -> {});
        stream.onRoom(listener::room);
        follower.set(queue.follow(listener::wake));
        stream.onClose(() -> {
            follower.get().close();
            listener.unsettled.keySet().forEach(id -> sentTo.remove(id, listener));
        });
        listener.wake();
    }

    /** One of its messages was settled. */
    void settled(String id) {
        unsettled.remove(id);
        wake();
    }

    private void room() {
        full = false;
        wake();
    }

    private void wake() {
        if (asked.getAndIncrement() == 0) {
            Thread.ofVirtual().name("holdfast-queue-listen").start(this::sendAll);
        }
    }

    private void sendAll() {
        int seen;
        do {
            seen = asked.get();
            try {
                boolean more;
                do {
                    more = mayTake() && isReady() && isHeard() && sendOne();
                } while (more);
            } catch (HoldfastException e) {
                LOG.debug("taking a message failed; the next look tries again", e);
            }
        } while (!asked.compareAndSet(seen, 0));
    }

    private boolean mayTake() {
        if (unsettled.size() >= UNSETTLED_MAX) {
            Instant now = store.now();
            unsettled.entrySet().removeIf(entry -> !entry.getValue().isAfter(now) && forget(entry.getKey()));
        }
        return stream.isOpen() && !full && unsettled.size() < UNSETTLED_MAX;
    }

    /** Whether there is something to take; what has fallen due is made ready first. */
    private boolean isReady() {
        tend.run();
        return !queue.peek(1).isEmpty();
    }

    /** Whether somebody still listens, as far as can be told: a message must not be locked for nobody. */
    private boolean isHeard() {
        if (store.now().toEpochMilli() - lastMillis > SILENCE_MILLIS) {
            for (int i = 0; i < SIGNS && stream.isOpen(); i++) {
                stream.send(PING);
                store.pause(SIGN_PAUSE);
            }
            lastMillis = store.now().toEpochMilli();
        }
        return stream.isOpen();
    }

    private boolean forget(String id) {
        sentTo.remove(id, this);
        return true;
    }

    /** Takes a message and sends it; what cannot be sent is given back, and the attempt is not counted. */
    private boolean sendOne() {
        List<Job> jobs = queue.claim(1, lock);
        if (jobs.isEmpty()) {
            return false;
        }
        Job job = jobs.getFirst();
        unsettled.put(job.id(), job.leaseUntil());
        sentTo.put(job.id(), this);
        full = true;
        String data = new String(KeyvalQueueJson.message(job), StandardCharsets.UTF_8);
        if (stream.send(SseEvent.of("message", data, job.id()))) {
            full = false;
            lastMillis = store.now().toEpochMilli();
            return true;
        }
        forget(job.id());
        unsettled.remove(job.id());
        queue.release(job.claim());
        return false;
    }
}
