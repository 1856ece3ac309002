package dev.holdfast.client;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The events of one answer as chunks. Content is handed out with the control event behind it, which says where it ends;
 * content without one is dropped when the answer ends, and read again from the offset before.
 */
final class SseConnection implements AutoCloseable {
    private static final String BASE64 = "base64";

    private final InputStream in;
    private final SseParser parser;
    private final String path;
    private final String contentType;
    private final boolean encoded;
    private final int bytesMax;

    /**
     * Reads an answer.
     *
     * @param contentType of the stream, which the answer does not name
     * @param bytesMax how many bytes may come before a control event
     */
    SseConnection(Answer answer, InputStream in, String path, String contentType, int bytesMax) {
        this.in = in;
        this.bytesMax = bytesMax;
        this.parser = new SseParser(in, bytesMax);
        this.path = path;
        this.contentType = contentType;
        this.encoded = answer.text(Wire.SSE_ENCODING).strip().equalsIgnoreCase(BASE64);
    }

    /** What comes next, waiting for it; null when the answer has ended. */
    @Nullable
    RemoteChunk next() throws IOException {
        try {
            return read();
        } catch (AnswerTooLarge e) {
            throw ClientException.tooLarge(path, bytesMax, e);
        }
    }

    private @Nullable RemoteChunk read() throws IOException {
        List<byte[]> contents = new ArrayList<>();
        long bytes = 0;
        while (true) {
            SseParser.Event event = parser.next();
            if (event == null) {
                return null;
            }
            switch (event.type()) {
                case "data" -> {
                    byte[] content = content(event.data());
                    bytes += content.length;
                    if (bytes > bytesMax) {
                        throw new AnswerTooLarge(bytes, bytesMax);
                    }
                    contents.add(content);
                }
                case "control" -> {
                    return chunk(contents, control(event.data()));
                }
                default -> {
                    // A later version of the protocol may know more events than this one.
                }
            }
        }
    }

    private RemoteChunk chunk(List<byte[]> contents, JsonNode control) {
        boolean closed = control.path("streamClosed").asBoolean(false);
        String cursor = control.path("streamCursor").asString("");
        byte[] content = contents.isEmpty() ? new byte[0] : Bodies.join(Wire.isJson(contentType), contents);
        return new RemoteChunk(
                path,
                contentType,
                content,
                control.path("streamNextOffset").stringValue(),
                closed || control.path("upToDate").asBoolean(false),
                closed,
                cursor.isEmpty() ? Optional.empty() : Optional.of(cursor));
    }

    private byte[] content(String data) {
        if (!encoded) {
            byte[] content = data.getBytes(StandardCharsets.UTF_8);
            if (Wire.isJson(contentType)) {
                requireJson(content);
            }
            return content;
        }
        try {
            return Base64.getDecoder().decode(data.replace("\n", ""));
        } catch (IllegalArgumentException e) {
            throw ClientException.malformed(path, "the content of an event is not base64", e);
        }
    }

    private void requireJson(byte[] content) {
        try {
            Bodies.requireJson(content);
        } catch (InvalidInputException e) {
            throw ClientException.malformed(path, "the content of an event is not JSON", e);
        }
    }

    private JsonNode control(String data) {
        JsonNode control;
        try {
            control = Json.parse(data);
        } catch (InvalidInputException e) {
            throw ClientException.malformed(path, "a control event is not JSON", e);
        }
        if (!control.path("streamNextOffset").isString()) {
            throw ClientException.malformed(path, "a control event does not say where the content ends");
        }
        return control;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
