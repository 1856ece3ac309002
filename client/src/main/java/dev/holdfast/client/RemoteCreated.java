package dev.holdfast.client;

/**
 * What {@link RemoteStream#create} found or made.
 *
 * @param created false: there was one already, made in the same way
 * @param contentType of the stream
 * @param tail the offset behind everything; opaque text
 * @param closed whether it takes no more
 */
public record RemoteCreated(boolean created, String contentType, String tail, boolean closed) {}
