package dev.holdfast.stream;

/**
 * What {@link DurableStream#compact} appended.
 *
 * @param start the offset of its first message, a mark; a reader that begins here learns the whole state
 * @param end the offset behind its last message, another mark
 * @param rows how many rows of state lie between the marks
 */
public record StreamSnapshot(long start, long end, int rows) {}
