package dev.holdfast.stream;

import dev.holdfast.engine.InvalidInputException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The state that a stream of state events comes to: of each row, which a type and a key name, the last event, as an
 * upsert. Texts stay as they were sent. An update takes the place of the whole row; marks of snapshots say nothing new.
 *
 * <p>Source: State Protocol 1.0, change and control events.
 */
final class StateFold {
    private static final byte[] UPSERT = "\"upsert\"".getBytes(StandardCharsets.US_ASCII);
    /** What a row takes in memory besides its event, about. */
    private static final long ROW_BYTES = 200;

    private final Map<Row, byte[]> rows = new LinkedHashMap<>();
    private final long bytesMax;
    private long bytes;

    /** A fold that holds about so many bytes at most. */
    StateFold(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /**
     * Takes in messages with commas between them.
     *
     * @throws InvalidInputException {@code stream.not_state}: one of them is no state event; {@code stream.too_large}:
     *     the state holds too many bytes
     */
    void add(byte[] messages) {
        byte[] array = StreamReader.asArray(messages);
        try (JsonParser parser = JsonMessages.parser(array)) {
            parser.nextToken();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                take(Event.read(parser), array);
            }
        } catch (JacksonException e) {
            throw new InvalidInputException("stream.not_state", "a message of the stream is no JSON any more", e);
        }
    }

    /** Forgets everything. */
    void clear() {
        rows.clear();
        bytes = 0;
    }

    /** How many rows there are. */
    int size() {
        return rows.size();
    }

    /** Events with marks around them as the bodies of appends, of about so many bytes each. */
    List<byte[]> asSnapshot(int bodyBytes) {
        List<byte[]> bodies = new ArrayList<>();
        var body = new ByteArrayOutputStream();
        body.writeBytes(mark("snapshot-start"));
        for (byte[] event : rows.values()) {
            if (body.size() + event.length > bodyBytes) {
                bodies.add(StreamReader.asArray(body.toByteArray()));
                body.reset();
            } else {
                body.write(',');
            }
            body.writeBytes(event);
        }
        body.write(',');
        body.writeBytes(mark("snapshot-end"));
        bodies.add(StreamReader.asArray(body.toByteArray()));
        return bodies;
    }

    private static byte[] mark(String control) {
        return ("{\"headers\":{\"control\":\"" + control + "\"}}").getBytes(StandardCharsets.US_ASCII);
    }

    private void take(Event event, byte[] text) {
        if (event.control != null) {
            if (event.control.equals("reset")) {
                clear();
            }
            return;
        }
        if (event.type == null || event.key == null || event.operation == null) {
            throw notState("a message has no type, key and operation");
        }
        Row row = new Row(event.type, event.key);
        switch (event.operation) {
            case "delete" -> drop(row);
            case "insert", "update", "upsert" -> put(row, event.asUpsert(text));
            default -> throw notState("a message has an unknown operation");
        }
    }

    private void put(Row row, byte[] event) {
        byte @Nullable [] before = rows.put(row, event);
        bytes += before == null ? row.bytes() + event.length : event.length - before.length;
        if (bytes > bytesMax) {
            throw new InvalidInputException(
                    "stream.too_large",
                    "the state of the stream is too large for a snapshot (bytes=" + bytes + ", snapshotBytesMax="
                            + bytesMax + ")");
        }
    }

    private void drop(Row row) {
        byte @Nullable [] before = rows.remove(row);
        if (before != null) {
            bytes -= row.bytes() + before.length;
        }
    }

    private static InvalidInputException notState(String what) {
        return new InvalidInputException("stream.not_state", "only a stream of state events can be compacted: " + what);
    }

    /** Which row. */
    private record Row(String type, String key) {
        long bytes() {
            return ROW_BYTES + type.length() + key.length();
        }
    }

    /**
     * What matters of a message.
     *
     * @param start its first byte
     * @param end behind its last byte
     * @param from the first byte of its operation
     * @param until behind the last byte of its operation
     */
    private record Event(
            int start,
            int end,
            @Nullable String type,
            @Nullable String key,
            @Nullable String control,
            @Nullable String operation,
            int from,
            int until) {

        byte[] asUpsert(byte[] text) {
            var out = new ByteArrayOutputStream(end - start + UPSERT.length);
            out.write(text, start, from - start);
            out.writeBytes(UPSERT);
            out.write(text, until, end - until);
            return out.toByteArray();
        }

        static Event read(JsonParser parser) {
            int start = JsonMessages.first(parser);
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw notState("a message is no object");
            }
            @Nullable String type = null;
            @Nullable String key = null;
            Headers headers = Headers.NONE;
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                switch (name) {
                    case "type" -> type = text(parser);
                    case "key" -> key = text(parser);
                    case "headers" -> headers = Headers.read(parser);
                    default -> JsonMessages.skip(parser);
                }
            }
            return new Event(
                    start,
                    JsonMessages.here(parser),
                    type,
                    key,
                    headers.control,
                    headers.operation,
                    headers.from,
                    headers.until);
        }

        /** The text that the parser stands at; null when it is none, or an empty one. */
        static @Nullable String text(JsonParser parser) {
            if (parser.currentToken() == JsonToken.VALUE_STRING) {
                String text = parser.getString();
                return text.isEmpty() ? null : text;
            }
            JsonMessages.skip(parser);
            return null;
        }
    }

    /** The headers of an event. */
    private record Headers(
            @Nullable String control, @Nullable String operation, int from, int until) {
        static final Headers NONE = new Headers(null, null, 0, 0);

        static Headers read(JsonParser parser) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                JsonMessages.skip(parser);
                return NONE;
            }
            Headers read = NONE;
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                int from = JsonMessages.first(parser);
                switch (name) {
                    case "control" -> read = new Headers(Event.text(parser), read.operation, read.from, read.until);
                    case "operation" -> {
                        @Nullable String operation = Event.text(parser);
                        read = new Headers(read.control, operation, from, JsonMessages.here(parser));
                    }
                    default -> JsonMessages.skip(parser);
                }
            }
            return read;
        }
    }
}
