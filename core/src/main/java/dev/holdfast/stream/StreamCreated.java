package dev.holdfast.stream;

/**
 * What {@link DurableStream#create} found or made.
 *
 * @param created false: there was one already, made in the same way
 * @param info the stream as it stands
 */
public record StreamCreated(boolean created, StreamInfo info) {}
