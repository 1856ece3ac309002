package dev.holdfast.queue;

/** Somebody who is woken when there may be something to claim; see {@link Queue#follow}. */
@FunctionalInterface
public interface QueueFollower extends AutoCloseable {
    /** Wakes it no more. May be called again without effect. */
    @Override
    void close();
}
