package dev.holdfast.server.http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All open event streams of a server, and their heartbeat.
 *
 * <p>The streams stand in the slots of a wheel, each in a random one, and one timer turns the wheel once per ping
 * interval. So a hundred thousand streams cost one thread and one entry each, and their pings are spread evenly.
 */
final class EventStreams {
    private static final Logger LOG = LoggerFactory.getLogger(EventStreams.class);
    private static final int SLOTS_MAX = 32;

    private final List<Set<JettyEventStream>> slots = new ArrayList<>();
    private final AtomicInteger open = new AtomicInteger();
    private volatile boolean closed;
    private final long slotNanos;
    private int next;

    EventStreams(Duration interval) {
        // A slot lasts 5 ms at least: a shorter one would only keep the timer busy.
        int count = Math.clamp(interval.toMillis() / 5, 1, SLOTS_MAX);
        for (int i = 0; i < count; i++) {
            slots.add(ConcurrentHashMap.newKeySet());
        }
        slotNanos = interval.toNanos() / count;
    }

    /** Turns the wheel until the timer is shut down. */
    void start(ScheduledExecutorService timer) {
        var unused = timer.scheduleAtFixedRate(this::tick, slotNanos, slotNanos, TimeUnit.NANOSECONDS);
    }

    int open() {
        return open.get();
    }

    /** Takes a stream in. When the server is stopping the stream is told to end. */
    void add(JettyEventStream stream) {
        int slot = ThreadLocalRandom.current().nextInt(slots.size());
        stream.slot(slot);
        slots.get(slot).add(stream);
        open.incrementAndGet();
        if (closed) {
            stream.close();
        }
    }

    void remove(JettyEventStream stream) {
        if (slots.get(stream.slot()).remove(stream)) {
            open.decrementAndGet();
        }
    }

    /** Ends every stream in order, those to come as well. */
    void close() {
        closed = true;
        slots.forEach(slot -> slot.forEach(JettyEventStream::close));
    }

    private void tick() {
        for (JettyEventStream stream : slots.get(next)) {
            try {
                stream.beat();
            } catch (RuntimeException e) {
                LOG.error("the heartbeat of an event stream failed; the stream ends", e);
                stream.close();
            }
        }
        next = (next + 1) % slots.size();
    }
}
