package dev.holdfast.client;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Some content of a stream: whole appends, in their order.
 *
 * @param path of the stream on the server
 * @param contentType of the stream
 * @param content bytes, or for a stream of JSON one array of messages; must not be changed
 * @param next the offset behind it, where another reading goes on; opaque text
 * @param upToDate whether it reaches the tail
 * @param atEnd whether the stream is closed and this reaches its end: nothing will ever follow
 * @param cursor what a live reading that goes on elsewhere sends along
 */
public record RemoteChunk(
        String path,
        String contentType,
        byte[] content,
        String next,
        boolean upToDate,
        boolean atEnd,
        Optional<String> cursor) {
    /** Whether it is of a stream of JSON messages. */
    public boolean json() {
        return Wire.isJson(contentType);
    }

    /** Whether there is no content: then it tells that the tail or the end was reached. */
    public boolean isEmpty() {
        return json() ? Bodies.isEmptyArray(content) : content.length == 0;
    }

    /** The content as text in UTF-8. */
    public String text() {
        return new String(content, StandardCharsets.UTF_8);
    }

    /**
     * The messages of a stream of JSON.
     *
     * @throws ClientException {@link ClientException.Reason#MALFORMED}: it is no stream of JSON, or its content is no
     *     array of messages
     */
    public List<JsonNode> messages() {
        if (!json()) {
            throw ClientException.malformed(path, "the stream holds no JSON messages");
        }
        if (content.length == 0) {
            return List.of();
        }
        JsonNode array;
        try {
            array = Json.parse(content);
        } catch (InvalidInputException e) {
            throw ClientException.malformed(path, "the messages of the stream are not JSON", e);
        }
        if (!array.isArray()) {
            throw ClientException.malformed(path, "the messages of the stream do not come as an array");
        }
        List<JsonNode> messages = new ArrayList<>(array.size());
        array.forEach(messages::add);
        return List.copyOf(messages);
    }
}
