package dev.holdfast.cli;

import dev.holdfast.client.ProducerOptions;
import dev.holdfast.client.RemoteAppended;
import dev.holdfast.client.RemoteStream;
import dev.holdfast.client.StreamProducer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The commands on producers; one of a path, an id and an epoch lives until it is detached, but that of a batch. */
final class AdapterProducers {
    private final Map<Key, StreamProducer> producers = new HashMap<>();

    /** What tells producers apart. */
    private record Key(String path, String id, long epoch) {
        static Key of(JsonNode command) {
            return new Key(
                    command.path("path").asString(""),
                    command.path("producerId").asString(""),
                    command.path("epoch").asLong(0));
        }
    }

    void append(RemoteStream stream, JsonNode command, byte[] content, ObjectNode result) {
        append(producer(stream, command), List.of(content), result);
    }

    /** Through a producer of its own, as of a program that starts anew; each item goes alone where several may. */
    void appendBatch(RemoteStream stream, JsonNode command, List<byte[]> contents, ObjectNode result) {
        int inFlight = Math.max(1, command.path("maxInFlight").asInt(1));
        ProducerOptions options = options(command).withInFlightMax(inFlight);
        StreamProducer producer =
                stream.producer(Key.of(command).id(), inFlight == 1 ? options : options.withBatchMessagesMax(1));
        append(producer, contents, result);
        producer.detach();
    }

    private static void append(StreamProducer producer, List<byte[]> contents, ObjectNode result) {
        List<CompletableFuture<RemoteAppended>> answers = new ArrayList<>();
        for (byte[] content : contents) {
            answers.add(producer.append(content));
        }
        producer.flush();
        result.put("status", 200);
        if (!answers.isEmpty()) {
            RemoteAppended last = answers.getLast().join();
            result.put("offset", last.tail()).put("duplicate", last.repeated());
            last.producer().ifPresent(stamp -> result.put("producerSeq", stamp.seq()));
        }
    }

    void close(RemoteStream stream, JsonNode command, byte[] last, ObjectNode result) {
        RemoteAppended closed = producer(stream, command).close(last);
        result.put("status", 200).put("finalOffset", closed.tail());
    }

    void detach(JsonNode command, ObjectNode result) {
        StreamProducer producer = producers.remove(Key.of(command));
        if (producer != null) {
            producer.detach();
        }
        result.put("status", 200);
    }

    /** Producers of a stream that is gone would count on where they were. */
    void forget(String path) {
        producers.keySet().removeIf(key -> key.path().equals(path));
    }

    void clear() {
        producers.clear();
    }

    private StreamProducer producer(RemoteStream stream, JsonNode command) {
        return producers.computeIfAbsent(Key.of(command), key -> stream.producer(key.id(), options(command)));
    }

    private static ProducerOptions options(JsonNode command) {
        return ProducerOptions.defaults()
                .withEpoch(Key.of(command).epoch())
                .withAutoClaim(command.path("autoClaim").asBoolean(false));
    }
}
