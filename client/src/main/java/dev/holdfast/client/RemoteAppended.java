package dev.holdfast.client;

import dev.holdfast.stream.ProducerStamp;
import java.util.Optional;

/**
 * What an append came to. Appends that went in one request have the same answer.
 *
 * @param tail of the stream afterwards: opaque text, empty when the server did not tell it, as for some repeats
 * @param closed whether the stream is closed
 * @param repeated whether the producer had sent it before; nothing was stored then
 * @param producer the last append of the producer that was taken, if one appended
 */
public record RemoteAppended(String tail, boolean closed, boolean repeated, Optional<ProducerStamp> producer) {}
