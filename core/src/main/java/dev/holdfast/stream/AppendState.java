package dev.holdfast.stream;

import java.util.Optional;

/** Where an append finds its stream and the producers of it, and leaves what it makes of them. */
interface AppendState {
    /** A stream that is to be appended to; nobody else changes it until this transaction ends. */
    Optional<StreamRow> row(String name);

    /** The last append of a producer. */
    Optional<ProducerStamp> producer(long stream, String id);

    /** Writes content behind the tail of a stream. */
    void add(StreamRow before, StreamContent content);

    /**
     * Writes what an append made of a stream.
     *
     * @param onlyTail nothing but the tail is another one, and it is where the content ends that was added
     */
    void put(StreamRow after, boolean onlyTail);

    /** Writes the last append of a producer. */
    void put(long stream, ProducerStamp stamp);
}
