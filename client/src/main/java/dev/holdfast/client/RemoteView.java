package dev.holdfast.client;

import dev.holdfast.codec.Codec;
import dev.holdfast.codec.Encoding;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import dev.holdfast.stream.StreamAppend;
import dev.holdfast.stream.StreamSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import tools.jackson.databind.JsonNode;

/**
 * A stream of JSON messages of one Java type, with a codec between. Blocks and is safe for threads as the
 * {@link RemoteStream} below it. A message that is no value of the type ends the reading
 * ({@link ClientException.Reason#MALFORMED}), and stays as it is.
 *
 * @param <T> the type of the messages
 */
public final class RemoteView<T> {
    private final RemoteStream stream;
    private final Codec<T> codec;

    RemoteView(RemoteStream stream, Codec<T> codec) {
        if (codec.encoding() != Encoding.JSON) {
            throw new InvalidInputException(
                    "stream.view", "the messages of a view are JSON (encoding=" + codec.encoding() + ")");
        }
        this.stream = stream;
        this.codec = codec;
    }

    /** The stream below. */
    public RemoteStream stream() {
        return stream;
    }

    /** Appends one message; see {@link RemoteStream#append(StreamAppend)}. */
    public RemoteAppended append(T message) {
        return stream.append(content(List.of(message)));
    }

    /** Appends one message without waiting; see {@link RemoteStream#appendAsync}. */
    public CompletableFuture<RemoteAppended> appendAsync(T message) {
        return stream.appendAsync(content(List.of(message)));
    }

    /**
     * Appends messages in one step: all or none, one behind the other.
     *
     * @param messages one or more
     */
    public RemoteAppended appendAll(List<T> messages) {
        return stream.append(content(messages));
    }

    /** Appends one message through a producer; see {@link StreamProducer#append}. */
    public CompletableFuture<RemoteAppended> append(StreamProducer producer, T message) {
        return producer.append(content(List.of(message)).content());
    }

    /** Reads messages; see {@link RemoteStream#read}. */
    public Reading<RemoteMessages<T>> read(ReadOptions how) {
        return stream.read(how, this::messages);
    }

    /** Reads messages as a publisher; see {@link RemoteStream#publish}. */
    public Flow.Publisher<RemoteMessages<T>> publish(ReadOptions how) {
        return new ReadingPublisher<>(() -> read(how));
    }

    private StreamAppend content(List<T> messages) {
        // An array, so that a message that is one stays in one piece.
        List<byte[]> texts = new ArrayList<>();
        for (T message : messages) {
            texts.add(enclosed(codec.encode(message)));
        }
        return StreamAppend.of(texts.isEmpty() ? new byte[] {'[', ']'} : Bodies.join(true, texts))
                .as(StreamSpec.JSON);
    }

    private static byte[] enclosed(byte[] json) {
        byte[] array = new byte[json.length + 2];
        array[0] = '[';
        System.arraycopy(json, 0, array, 1, json.length);
        array[array.length - 1] = ']';
        return array;
    }

    private RemoteMessages<T> messages(RemoteChunk chunk) {
        List<T> values = new ArrayList<>();
        for (JsonNode message : chunk.messages()) {
            values.add(decoded(chunk, message));
        }
        return new RemoteMessages<>(values, chunk.next(), chunk.upToDate(), chunk.atEnd());
    }

    private T decoded(RemoteChunk chunk, JsonNode message) {
        try {
            return codec.decode(Json.bytes(message));
        } catch (InvalidInputException e) {
            throw ClientException.malformed(chunk.path(), "a message is not of the type that is read", e);
        }
    }
}
