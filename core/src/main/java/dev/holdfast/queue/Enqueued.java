package dev.holdfast.queue;

/**
 * What became of a job that was to be enqueued.
 *
 * @param id of the job; of the one that has the unique key already, when that is so
 * @param added whether it was enqueued: false when another one has its unique key, which is left as it is
 */
public record Enqueued(String id, boolean added) {}
