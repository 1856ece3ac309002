package dev.holdfast.stream;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.node.ObjectNode;

/**
 * The messages of one append to a JSON stream: the elements of an array, or the one value that is none. Their texts stay
 * as they were sent, except that a state event - an object whose {@code headers} hold a text {@code operation} or
 * {@code control} - gets the offset behind its append into its headers.
 *
 * <p>Source: Durable Streams protocol, JSON mode; the offset of state events is what StreamDB reads.
 */
final class JsonMessages {
    private static final String HEADERS = "headers";
    private static final String OFFSET = "offset";
    private static final byte[] MEMBER = ascii("\"offset\":\"");

    private final byte[] body;
    private final List<Message> messages;

    private JsonMessages(byte[] body, List<Message> messages) {
        this.body = body;
        this.messages = messages;
    }

    /**
     * Takes a body apart.
     *
     * @throws InvalidInputException {@code json.malformed}, {@code json.too_deep}: it is no JSON text in UTF-8;
     *     {@code stream.too_large}: it holds too many messages
     */
    static JsonMessages parse(byte[] body, int messagesMax) {
        requireUtf8(body);
        List<Message> messages = new ArrayList<>();
        try (JsonParser parser = Json.mapper().createParser(body)) {
            JsonToken first = parser.nextToken();
            if (first == JsonToken.START_ARRAY) {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    messages.add(Message.read(parser));
                    if (messages.size() > messagesMax) {
                        throw new InvalidInputException(
                                "stream.too_large",
                                "one append holds too many messages (appendMessagesMax=" + messagesMax + ")");
                    }
                }
            } else if (first != null) {
                messages.add(Message.read(parser).trimmed(body));
            }
            if (first == null || parser.nextToken() != null) {
                throw malformed(body);
            }
        } catch (JacksonException e) {
            throw malformed(body);
        }
        return new JsonMessages(body, messages);
    }

    int count() {
        return messages.size();
    }

    /** What is stored when the append ends at an offset. */
    StreamContent content(long tail) {
        boolean events = messages.stream().anyMatch(Message::isEvent);
        byte[] offset = ascii(StreamOffset.text(tail));
        var data = new ByteArrayOutputStream(body.length + (events ? messages.size() * 48 : 0));
        var ends = new ByteArrayOutputStream(2 * messages.size());
        for (Message message : messages) {
            if (data.size() > 0) {
                data.write(',');
            }
            int before = data.size();
            message.write(body, offset, data);
            writeLength(ends, data.size() - before);
        }
        return new StreamContent(
                messages.size(), data.toByteArray(), messages.size() > 1 ? ends.toByteArray() : null, events);
    }

    private static void writeLength(ByteArrayOutputStream out, int length) {
        int rest = length;
        while (rest > 0x7f) {
            out.write((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }

    /** The parser would take other encodings, which it tells by zero bytes and marks at the beginning. */
    private static void requireUtf8(byte[] body) {
        boolean ascii = true;
        for (byte b : body) {
            if (b == 0) {
                throw malformed(body);
            }
            ascii &= b > 0;
        }
        if (body.length > 1 && (body[0] & 0xff) >= 0xef && (body[1] & 0xff) >= 0xbb) {
            throw malformed(body);
        }
        if (!ascii) {
            requireDecodable(body);
        }
    }

    /** The parser skips what nobody asks for, and finds neither overlong forms nor halves of surrogate pairs there. */
    private static void requireDecodable(byte[] body) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
        } catch (CharacterCodingException e) {
            throw new InvalidInputException("json.malformed", "the text is not UTF-8", e);
        }
    }

    /** The error of the parser that all rooms use, which says where the text is wrong. */
    private static InvalidInputException malformed(byte[] body) {
        try {
            Json.parse(body);
        } catch (InvalidInputException e) {
            return e;
        }
        return new InvalidInputException("json.malformed", "the text is not one JSON value in UTF-8");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Where a message stands in the body.
     *
     * @param start its first byte
     * @param end behind its last byte
     * @param headers behind the brace that opens the headers of a state event; -1 for any other message
     * @param hasOffset whether the headers name an offset already
     */
    private record Message(int start, int end, int headers, boolean hasOffset) {
        boolean isEvent() {
            return headers >= 0;
        }

        /** Without the blank that the parser takes for the end of a number that stands alone. */
        Message trimmed(byte[] body) {
            int last = end;
            while (body[last - 1] <= ' ' && body[last - 1] >= 0) {
                last--;
            }
            return new Message(start, last, headers, hasOffset);
        }

        void write(byte[] body, byte[] offset, ByteArrayOutputStream out) {
            if (!isEvent()) {
                out.write(body, start, end - start);
            } else if (hasOffset) {
                ObjectNode tree = (ObjectNode) Json.parse(Arrays.copyOfRange(body, start, end));
                ((ObjectNode) tree.path(HEADERS)).put(OFFSET, new String(offset, StandardCharsets.US_ASCII));
                out.writeBytes(Json.bytes(tree));
            } else {
                out.write(body, start, headers - start);
                out.writeBytes(MEMBER);
                out.writeBytes(offset);
                out.write('"');
                out.write(',');
                out.write(body, headers, end - headers);
            }
        }

        /** Reads one value, whose first token the parser stands at. */
        static Message read(JsonParser parser) {
            int start = (int) parser.currentTokenLocation().getByteOffset();
            JsonToken token = parser.currentToken();
            if (token == JsonToken.START_OBJECT) {
                return readObject(parser, start);
            }
            if (token == JsonToken.START_ARRAY) {
                parser.skipChildren();
            } else {
                parser.finishToken();
            }
            return new Message(start, here(parser), -1, false);
        }

        private static Message readObject(JsonParser parser, int start) {
            Headers headers = Headers.NONE;
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean named = parser.currentName().equals(HEADERS);
                JsonToken value = parser.nextToken();
                if (named && value == JsonToken.START_OBJECT) {
                    headers = Headers.read(parser);
                } else {
                    headers = named ? Headers.NONE : headers;
                    parser.skipChildren();
                }
            }
            return new Message(start, here(parser), headers.isEvent ? headers.start : -1, headers.hasOffset);
        }

        private static int here(JsonParser parser) {
            return (int) parser.currentLocation().getByteOffset();
        }
    }

    /** What the headers of a message hold. */
    private record Headers(int start, boolean isEvent, boolean hasOffset) {
        static final Headers NONE = new Headers(-1, false, false);

        static Headers read(JsonParser parser) {
            int start = Message.here(parser);
            boolean event = false;
            boolean offset = false;
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                @Nullable String name = parser.currentName();
                JsonToken value = parser.nextToken();
                event |= value == JsonToken.VALUE_STRING && ("operation".equals(name) || "control".equals(name));
                offset |= OFFSET.equals(name);
                parser.skipChildren();
            }
            return new Headers(start, event, offset);
        }
    }
}
