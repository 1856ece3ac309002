package dev.holdfast.queue;

/**
 * How many jobs a queue holds. One whose lease has run out counts as what it is next.
 *
 * @param ready can be claimed now
 * @param delayed wait for their time: enqueued for later, or to be tried again
 * @param blocked wait for an earlier job of their ordering key
 * @param claimed a worker holds
 * @param dead were exhausted and are kept
 * @param paused whether none is given out
 */
public record QueueStats(long ready, long delayed, long blocked, long claimed, long dead, boolean paused) {
    /** All jobs. */
    public long total() {
        return ready + delayed + blocked + claimed + dead;
    }
}
