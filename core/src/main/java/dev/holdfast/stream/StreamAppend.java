package dev.holdfast.stream;

import java.util.Optional;

/**
 * One append: all of it is stored or nothing, and no reader sees a part of it.
 *
 * @param content bytes; for a JSON stream one JSON value, of which an array is several messages, its elements. Empty
 *     only together with {@code close}
 * @param contentType what the content is said to be; when given its media type must be the stream's
 * @param close whether the stream takes no more afterwards
 * @param sequence an opaque text that must be greater than the last one of the stream, byte by byte
 * @param producer who appends, so that a repeat is recognised
 */
public record StreamAppend(
        byte[] content,
        Optional<String> contentType,
        boolean close,
        Optional<String> sequence,
        Optional<ProducerStamp> producer) {
    /** Refuses a sequence that is too long: {@code stream.sequence}. */
    public StreamAppend {
        sequence.ifPresent(text ->
                StreamLimits.requireText("stream.sequence", "a sequence", text, StreamLimits.SEQUENCE_BYTES_MAX));
    }

    /** An append of some content. */
    public static StreamAppend of(byte[] content) {
        return new StreamAppend(content, Optional.empty(), false, Optional.empty(), Optional.empty());
    }

    /** No content: the stream is closed. */
    public static StreamAppend closing() {
        return of(new byte[0]).andClose();
    }

    /** The same, closing the stream in the same step. */
    public StreamAppend andClose() {
        return new StreamAppend(content, contentType, true, sequence, producer);
    }

    /** The same with a sequence. */
    public StreamAppend sequence(String text) {
        return new StreamAppend(content, contentType, close, Optional.of(text), producer);
    }

    /** The same of a producer. */
    public StreamAppend by(ProducerStamp stamp) {
        return new StreamAppend(content, contentType, close, sequence, Optional.of(stamp));
    }

    /** The same, whose content is said to be of a type. */
    public StreamAppend as(String type) {
        return new StreamAppend(content, Optional.of(type), close, sequence, producer);
    }
}
