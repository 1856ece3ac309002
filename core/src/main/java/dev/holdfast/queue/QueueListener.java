package dev.holdfast.queue;

/** Workers of a queue; see {@link Queue#listen}. */
public interface QueueListener extends AutoCloseable {
    /** Jobs that are being handled now. */
    int running();

    /**
     * Claims nothing more, gives back what was not begun, as if it had never been claimed, and waits for what runs,
     * up to {@link ListenOptions#stopTimeout()}. What runs longer is interrupted and given back. When this returns no
     * handler of this listener settles anything. May be called again without effect; not by a handler.
     */
    @Override
    void close();
}
