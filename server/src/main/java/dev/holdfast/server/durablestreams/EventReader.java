package dev.holdfast.server.durablestreams;

import dev.holdfast.engine.ClosedException;
import dev.holdfast.server.http.EventStream;
import dev.holdfast.server.http.SseEvent;
import dev.holdfast.stream.StreamChunk;
import dev.holdfast.stream.StreamException;
import dev.holdfast.stream.StreamFollower;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One reader of an event stream: a follower on one side, a connection on the other, and no thread in between. A turn
 * hands on what there is until one of the two has enough. So what waits for a slow reader is one event and the
 * connection's own bound; it goes on where it is when there is room, or, when its time is over, after the last control
 * event that it got.
 */
final class EventReader implements Runnable {
    /** About how much content goes into one event. */
    static final int CHUNK_BYTES = 256 * 1_024;

    private static final Logger LOG = LoggerFactory.getLogger(EventReader.class);

    private final StreamsDesk desk;
    private final EventFrames frames;
    private final EventStream events;
    private final StreamFollower follower;
    private volatile boolean lifeDue;
    // The fields below belong to whoever has the turn.
    private @Nullable SseEvent held;
    private boolean last;
    private long cursor;

    EventReader(StreamsDesk desk, EventFrames frames, EventStream events, StreamFollower follower, long cursor) {
        this.desk = desk;
        this.frames = frames;
        this.events = events;
        this.follower = follower;
        this.cursor = cursor;
    }

    /** The next turn sends a control event even when there is nothing to tell. */
    void showLife() {
        lifeDue = true;
    }

    /** Sends the first chunk, and what follows when it is asked to. */
    void begin(StreamChunk first, Turns turns) {
        held = event(first);
        turns.begin(this);
    }

    @Override
    public void run() {
        try {
            handOn();
        } catch (StreamException | ClosedException e) {
            // The stream was deleted, or the store closes. Who comes again is told so.
            events.close();
        } catch (RuntimeException e) {
            LOG.error("the reader of a stream failed; its event stream ends in order", e);
            events.close();
        }
    }

    private void handOn() {
        while (events.isOpen()) {
            SseEvent next = held == null ? following() : held;
            if (next == null) {
                return;
            }
            if (!events.send(next)) {
                // Room comes as another turn; the end of the connection needs none.
                held = next;
                return;
            }
            held = null;
            if (last) {
                events.close();
            }
        }
    }

    /** What follows; null when there is nothing to send. */
    private @Nullable SseEvent following() {
        StreamChunk chunk = follower.poll(CHUNK_BYTES);
        if (chunk.isEmpty() && !chunk.atEnd() && !lifeDue) {
            return null;
        }
        lifeDue = false;
        return event(chunk);
    }

    private SseEvent event(StreamChunk chunk) {
        last = chunk.atEnd();
        return frames.of(chunk, cursor());
    }

    /** The cursor of the next control event: it follows the clock, and never goes back. */
    private long cursor() {
        cursor = Math.max(cursor, WireCursor.at(desk.nowMillis()));
        return cursor;
    }
}
