package dev.holdfast.server.http;

import java.time.Duration;

/**
 * An open answer of server-sent events. It holds no thread. Safe for use by many threads; no method blocks.
 *
 * <p>Events leave in the order in which they were taken, each in one write of its own that is flushed. What a slow
 * reader has not yet taken waits in memory up to {@link HttpLimits#streamBytes()}; beyond that {@link #send} takes
 * nothing more, and the sender decides: {@link #close()} ends the stream in order behind what waits, so that the reader
 * can resume from its last event, or {@link #onRoom} says when to send the newest state.
 */
public interface EventStream extends AutoCloseable {
    /**
     * Takes an event for sending.
     *
     * @return false, and nothing was taken, when the stream has ended or when too much is waiting already; a single
     *     event of any size is taken when nothing waits
     */
    boolean send(SseEvent event);

    /** Whether events can still reach the reader. */
    boolean isOpen();

    /** Ends the stream in order after what has been taken so far. More calls do nothing. */
    @Override
    void close();

    /**
     * Ends the stream in order when it is about this old, spread over one ping interval so that readers do not return
     * at once.
     */
    void endAfter(Duration age);

    /**
     * Runs once after the stream has ended, whoever ended it; at once if it has ended already. On a virtual thread, so
     * it may block.
     */
    void onClose(Runnable action);

    /**
     * Runs each time when everything has been sent after {@link #send} had to refuse an event for lack of room. On a
     * virtual thread. The last action set counts.
     */
    void onRoom(Runnable action);

    /**
     * Runs each time when an idle stream is due a sign of life, in place of the usual one. It has to {@link #send}
     * something, since only a write finds out whether the reader is still there. On a virtual thread. The last action
     * set counts.
     */
    void onIdle(Runnable action);
}
