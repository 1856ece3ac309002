package dev.holdfast.stream;

import java.util.Optional;

/**
 * What an append came to.
 *
 * @param tail of the stream afterwards
 * @param closed whether the stream is closed
 * @param repeated whether the producer had sent it before; nothing was stored then
 * @param producer the last append of the producer that was taken: this one, or a later one when it is a repeat
 */
public record StreamAppended(long tail, boolean closed, boolean repeated, Optional<ProducerStamp> producer) {}
