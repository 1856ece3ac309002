package dev.holdfast.stream;

/**
 * How far a stream was processed.
 *
 * @param path its name
 * @param offset behind the last unit that was processed
 */
public record SubscriptionAck(String path, long offset) {}
