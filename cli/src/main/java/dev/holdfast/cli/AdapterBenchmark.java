package dev.holdfast.cli;

import dev.holdfast.client.Live;
import dev.holdfast.client.ProducerOptions;
import dev.holdfast.client.ReadOptions;
import dev.holdfast.client.Reading;
import dev.holdfast.client.RemoteChunk;
import dev.holdfast.client.RemoteStream;
import dev.holdfast.client.StreamProducer;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.stream.StreamSpec;
import java.time.Duration;
import java.util.Arrays;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The command {@code benchmark}: does one operation and tells how long it took, from its first request on. */
final class AdapterBenchmark {
    private static final int SIZE_MAX = 64 << 20;

    private AdapterBenchmark() {}

    /** What an operation has moved. */
    private record Moved(long bytes, long messages) {}

    static void run(RemoteStream stream, String type, JsonNode operation, ObjectNode result) {
        byte[] payload = payload(operation.path("size").asInt(0), type);
        long began = System.nanoTime();
        Moved moved = switch (operation.path("op").asString("")) {
            case "append" -> append(stream, payload);
            case "read" -> read(stream, operation);
            case "roundtrip" -> roundtrip(stream, type, payload, operation);
            case "create" -> create(stream, type);
            case "throughput_append" ->
                appendMany(stream, type, payload, operation.path("count").asInt(0));
            case "throughput_read" -> readMessages(stream);
            default -> throw new InvalidInputException("client.adapter", "there is no such operation");
        };
        long nanos = Math.max(1, System.nanoTime() - began);
        ObjectNode metrics = result.put("durationNs", Long.toString(nanos)).putObject("metrics");
        double seconds = nanos / 1e9;
        if (moved.bytes() > 0) {
            metrics.put("bytesTransferred", moved.bytes()).put("bytesPerSecond", moved.bytes() / seconds);
        }
        if (moved.messages() > 0) {
            metrics.put("messagesProcessed", moved.messages()).put("opsPerSecond", moved.messages() / seconds);
        }
    }

    /** So many bytes; in a stream of JSON they are one text. */
    private static byte[] payload(int size, String type) {
        if (size < 0 || size > SIZE_MAX) {
            throw new InvalidInputException("client.adapter", "size is out of range (size=" + size + ")");
        }
        byte[] payload = new byte[size];
        Arrays.fill(payload, (byte) '*');
        if (size > 1 && type.startsWith(StreamSpec.JSON)) {
            payload[0] = '"';
            payload[size - 1] = '"';
        }
        return payload;
    }

    private static Moved append(RemoteStream stream, byte[] payload) {
        stream.append(payload);
        return new Moved(payload.length, 0);
    }

    private static Moved read(RemoteStream stream, JsonNode operation) {
        long bytes = 0;
        ReadOptions how = ReadOptions.from(operation.path("offset").asString(ReadOptions.BEGINNING));
        try (Reading<RemoteChunk> reading = stream.read(how)) {
            while (reading.hasNext()) {
                bytes += reading.next().content().length;
            }
        }
        return new Moved(bytes, 0);
    }

    private static Moved create(RemoteStream stream, String type) {
        stream.create(StreamSpec.of(type));
        return new Moved(0, 0);
    }

    /** Reads live, then appends, until all of it has come back. */
    private static Moved roundtrip(RemoteStream stream, String type, byte[] payload, JsonNode operation) {
        Live live = operation.path("live").asString("").equals("sse") ? Live.SSE : Live.LONG_POLL;
        long back = 0;
        stream.create(StreamSpec.of(type));
        try (Reading<RemoteChunk> reading =
                stream.read(ReadOptions.beginning().live(live).directly())) {
            // The first look starts the reading; what it brings is the empty tail at most.
            back += reading.poll(Duration.ZERO)
                    .map(chunk -> chunk.content().length)
                    .orElse(0);
            stream.append(payload);
            while (back < payload.length && reading.hasNext()) {
                back += reading.next().content().length;
            }
        }
        return new Moved(payload.length + back, 0);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the flush tells what failed
    private static Moved appendMany(RemoteStream stream, String type, byte[] payload, int count) {
        stream.create(StreamSpec.of(type));
        StreamProducer producer = stream.producer("bench-producer", ProducerOptions.defaults());
        for (int i = 0; i < count; i++) {
            producer.append(payload);
        }
        producer.flush();
        return new Moved((long) count * payload.length, count);
    }

    private static Moved readMessages(RemoteStream stream) {
        long bytes = 0;
        long messages = 0;
        try (Reading<RemoteChunk> reading = stream.read(ReadOptions.beginning())) {
            while (reading.hasNext()) {
                RemoteChunk chunk = reading.next();
                bytes += chunk.content().length;
                messages += chunk.messages().size();
            }
        }
        return new Moved(bytes, messages);
    }
}
