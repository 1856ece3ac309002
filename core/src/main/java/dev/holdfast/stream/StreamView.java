package dev.holdfast.stream;

import dev.holdfast.codec.Codec;
import dev.holdfast.codec.Encoding;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A stream of JSON messages of one Java type, with a codec between. Blocks, commits and is safe for threads as the
 * {@link DurableStream} below it. A message that is no value of the type fails when it is read here
 * ({@code codec.mismatch}), and stays as it is.
 *
 * @param <T> the type of the messages
 */
public final class StreamView<T> {
    private final DurableStream stream;
    private final Codec<T> codec;

    StreamView(DurableStream stream, Codec<T> codec) {
        if (codec.encoding() != Encoding.JSON) {
            throw new InvalidInputException(
                    "stream.view", "the messages of a view are JSON (encoding=" + codec.encoding() + ")");
        }
        this.stream = stream;
        this.codec = codec;
    }

    /** The stream below. */
    public DurableStream stream() {
        return stream;
    }

    /** Appends one message; see {@link DurableStream#append(StreamAppend)}. */
    public StreamAppended append(T message) {
        return appendAll(List.of(message));
    }

    /**
     * Appends messages in one step: all or none, one behind the other.
     *
     * @param messages one or more
     */
    public StreamAppended appendAll(List<T> messages) {
        var body = new ByteArrayOutputStream();
        body.write('[');
        for (T message : messages) {
            if (body.size() > 1) {
                body.write(',');
            }
            body.writeBytes(codec.encode(message));
        }
        body.write(']');
        return stream.append(StreamAppend.of(body.toByteArray()).as(StreamSpec.JSON));
    }

    /** What follows an offset; see {@link DurableStream#read}. */
    public Messages<T> read(long offset, int bytesMax) {
        return messages(stream.read(offset, bytesMax));
    }

    /** What follows an offset, waiting for it; see {@link DurableStream#await}. */
    public Messages<T> await(long offset, int bytesMax, Duration timeout) {
        return messages(stream.await(offset, bytesMax, timeout));
    }

    private Messages<T> messages(StreamChunk chunk) {
        if (!chunk.info().json()) {
            throw new InvalidInputException("stream.view", "the stream holds no JSON messages");
        }
        List<T> values = new ArrayList<>();
        for (JsonNode message : Json.parse(chunk.toBytes())) {
            values.add(codec.decode(Json.bytes(message)));
        }
        return new Messages<>(List.copyOf(values), chunk.next(), chunk.upToDate(), chunk.atEnd());
    }

    /**
     * Some messages of a stream.
     *
     * @param <T> their type
     * @param values in the order of their offsets
     * @param next the offset behind the last one, where the next read goes on
     * @param upToDate whether they reach the tail
     * @param atEnd whether nothing will ever follow
     */
    public record Messages<T>(List<T> values, long next, boolean upToDate, boolean atEnd) {}
}
