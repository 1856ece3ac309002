package dev.holdfast.stream;

import dev.holdfast.engine.InvalidInputException;

/**
 * What makes an append of a producer recognisable when it is sent again: the store takes each number once.
 *
 * @param id of the producer, 1 to {@link StreamLimits#PRODUCER_BYTES_MAX} bytes of UTF-8; chosen by it
 * @param epoch raised by a producer that starts anew, 0 to {@link #NUMBER_MAX}; a lower one is fenced off
 * @param seq of the append in its epoch, from 0 to {@link #NUMBER_MAX}, one more with each append
 */
public record ProducerStamp(String id, long epoch, long seq) {
    /** The highest epoch and sequence number: what a double of JavaScript holds exactly. */
    public static final long NUMBER_MAX = (1L << 53) - 1;

    /** Refuses what no producer may send: {@code stream.producer}. */
    public ProducerStamp {
        StreamLimits.requireText("stream.producer", "the id of a producer", id, StreamLimits.PRODUCER_BYTES_MAX);
        if (epoch < 0 || epoch > NUMBER_MAX || seq < 0 || seq > NUMBER_MAX) {
            throw new InvalidInputException(
                    "stream.producer",
                    "epoch and sequence number of a producer must lie between 0 and the limit (epoch=" + epoch
                            + ", seq=" + seq + ", max=" + NUMBER_MAX + ")");
        }
    }
}
