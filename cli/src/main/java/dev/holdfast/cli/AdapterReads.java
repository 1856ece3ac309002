package dev.holdfast.cli;

import dev.holdfast.client.Live;
import dev.holdfast.client.ReadOptions;
import dev.holdfast.client.Reading;
import dev.holdfast.client.RemoteChunk;
import dev.holdfast.client.RemoteStream;
import dev.holdfast.json.Json;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The command {@code read}: reads until enough has come, the tail or the end is reached, or the time is over. */
final class AdapterReads {
    private static final int TIMEOUT_MILLIS = 5_000;
    private static final int CHUNKS = 100;

    private AdapterReads() {}

    static void read(RemoteStream stream, JsonNode command, ObjectNode result) {
        ReadOptions how = how(command);
        int chunksMax = command.path("maxChunks").asInt(CHUNKS);
        boolean untilTail = command.path("waitForUpToDate").asBoolean(false) || how.live() == Live.CATCH_UP;
        long end = System.nanoTime()
                + Duration.ofMillis(command.path("timeoutMs").asInt(TIMEOUT_MILLIS))
                        .toNanos();
        ArrayNode chunks = result.putArray("chunks");
        String offset = how.offset();
        boolean upToDate = false;
        boolean closed = false;
        try (Reading<RemoteChunk> reading = stream.read(how)) {
            while (chunks.size() < chunksMax) {
                Optional<RemoteChunk> next = reading.poll(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
                if (next.isEmpty()) {
                    // Nothing came in time: there was nothing.
                    upToDate |= chunks.isEmpty();
                    break;
                }
                RemoteChunk chunk = next.get();
                tell(chunk, chunks);
                offset = chunk.next();
                upToDate = chunk.upToDate();
                closed = chunk.atEnd();
                chunk.cursor().ifPresent(cursor -> result.put("cursor", cursor));
                if (closed || (untilTail && upToDate)) {
                    break;
                }
            }
        }
        // A long-poll that brings nothing is answered with 204.
        result.put("status", how.live() == Live.LONG_POLL && chunks.isEmpty() ? 204 : 200)
                .put("offset", offset)
                .put("upToDate", upToDate)
                .put("streamClosed", closed);
    }

    private static ReadOptions how(JsonNode command) {
        ReadOptions from = ReadOptions.from(command.path("offset").asString(ReadOptions.BEGINNING));
        return switch (command.path("live").asString("")) {
            case "sse" -> from.live(Live.SSE).directly();
            case "long-poll", "true", "auto" ->
                from.offset().equals(ReadOptions.NOW)
                        ? from.live(Live.LONG_POLL).directly()
                        : from.live(Live.LONG_POLL);
            default -> from;
        };
    }

    /** Texts as they are, messages as the text of an array, and what is neither in base64. */
    private static void tell(RemoteChunk chunk, ArrayNode chunks) {
        if (chunk.json()) {
            ArrayNode messages = Json.mapper().createArrayNode();
            chunk.messages().forEach(messages::add);
            if (!messages.isEmpty()) {
                chunks.addObject().put("data", Json.text(messages)).put("offset", chunk.next());
            }
            return;
        }
        if (chunk.isEmpty()) {
            return;
        }
        ObjectNode told = chunks.addObject();
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(chunk.content()))
                    .toString();
            told.put("data", text);
        } catch (CharacterCodingException e) {
            told.put("data", Base64.getEncoder().encodeToString(chunk.content()))
                    .put("binary", true);
        }
        told.put("offset", chunk.next());
    }
}
