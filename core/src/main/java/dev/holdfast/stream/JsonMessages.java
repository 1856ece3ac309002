package dev.holdfast.stream;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/**
 * The messages of one append to a JSON stream: the elements of an array, or the one value that is none. Their texts
 * stay as they were sent, except that a state event - an object whose {@code headers} hold a text {@code operation} or
 * {@code control} - gets the offset behind its append into its headers.
 *
 * <p>Source: Durable Streams protocol, JSON mode; the offset of state events is what StreamDB reads.
 */
final class JsonMessages {
    /** Levels of a body: messages are read in an array, so they nest less than a text may. */
    private static final int DEPTH_MAX = Json.DEPTH_MAX - 3;

    private static final JsonFactory SHALLOW = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(DEPTH_MAX).build())
            .build();
    private static final String MALFORMED = "json.malformed";
    private static final String HEADERS = "headers";
    private static final String OFFSET = "offset";
    private static final byte[] MEMBER = ascii("\"offset\":");

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
        try (JsonParser parser = parser(body)) {
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
        } catch (StreamConstraintsException e) {
            throw beyondLimits(body, e);
        } catch (JacksonException e) {
            throw malformed(body);
        }
        return new JsonMessages(body, messages);
    }

    int count() {
        return messages.size();
    }

    /** Each message as it stands in the body. */
    List<String> texts() {
        return messages.stream()
                .map(message -> new String(body, message.start, message.end - message.start, StandardCharsets.UTF_8))
                .toList();
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
            StreamPieces.write(ends, data.size() - before);
        }
        return new StreamContent(
                messages.size(), data.toByteArray(), messages.size() > 1 ? ends.toByteArray() : null, events, false);
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

    /** What the parser refuses for its size is told as such, unless the text is malformed before. */
    private static InvalidInputException beyondLimits(byte[] body, StreamConstraintsException e) {
        InvalidInputException telling = malformed(body);
        if (!telling.code().equals(MALFORMED)) {
            return telling;
        }
        return String.valueOf(e.getMessage()).contains("nesting depth")
                ? tooDeep()
                : new InvalidInputException(
                        MALFORMED,
                        "a message has a name or a number that is too long (nameCharactersMax="
                                + StreamReadConstraints.DEFAULT_MAX_NAME_LEN + ", numberDigitsMax="
                                + StreamReadConstraints.DEFAULT_MAX_NUM_LEN + ")",
                        e);
    }

    private static InvalidInputException tooDeep() {
        return new InvalidInputException(
                "json.too_deep",
                "a message nests arrays and objects deeper than the limit (jsonDepthMax=" + DEPTH_MAX + ")");
    }

    /** The error of the parser that all rooms use, which says where the text is wrong. */
    private static InvalidInputException malformed(byte[] body) {
        try {
            Json.parse(body);
        } catch (InvalidInputException e) {
            return e;
        }
        return new InvalidInputException(MALFORMED, "the text is not one JSON value in UTF-8");
    }

    /** A parser of messages, or of an array of them. */
    static JsonParser parser(byte[] text) {
        return SHALLOW.createParser(ObjectReadContext.empty(), text);
    }

    /** Goes to the end of the value that the parser stands at. */
    static void skip(JsonParser parser) {
        parser.skipChildren();
        parser.finishToken();
    }

    /** Where the token begins that the parser stands at. */
    static int first(JsonParser parser) {
        return (int) parser.currentTokenLocation().getByteOffset();
    }

    /** Behind what the parser has read. */
    static int here(JsonParser parser) {
        return (int) parser.currentLocation().getByteOffset();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Where a message stands in the body.
     *
     * @param start its first byte
     * @param end behind its last byte
     * @param event where the offset goes in a state event; null for any other message
     */
    private record Message(int start, int end, @Nullable Headers event) {
        boolean isEvent() {
            return event != null;
        }

        /** Without the blank that the parser takes for the end of a number that stands alone. */
        Message trimmed(byte[] body) {
            int last = end;
            while (body[last - 1] <= ' ' && body[last - 1] >= 0) {
                last--;
            }
            return new Message(start, last, event);
        }

        void write(byte[] body, byte[] offset, ByteArrayOutputStream out) {
            if (event == null) {
                out.write(body, start, end - start);
                return;
            }
            out.write(body, start, event.from - start);
            if (!event.named) {
                out.writeBytes(MEMBER);
            }
            out.write('"');
            out.writeBytes(offset);
            out.write('"');
            if (!event.named) {
                out.write(',');
            }
            out.write(body, event.until, end - event.until);
        }

        /** Reads one value, whose first token the parser stands at. */
        static Message read(JsonParser parser) {
            int start = first(parser);
            JsonToken token = parser.currentToken();
            if (token == JsonToken.START_OBJECT) {
                return readObject(parser, start);
            }
            skip(parser);
            return new Message(start, here(parser), null);
        }

        private static Message readObject(JsonParser parser, int start) {
            @Nullable Headers headers = null;
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean named = parser.currentName().equals(HEADERS);
                JsonToken value = parser.nextToken();
                if (named && value == JsonToken.START_OBJECT) {
                    headers = Headers.read(parser);
                } else {
                    headers = named ? null : headers;
                    parser.skipChildren();
                }
            }
            return new Message(start, here(parser), headers);
        }
    }

    /**
     * Where the headers of a state event take the offset.
     *
     * @param from the first byte that the offset replaces
     * @param until behind the last one; {@code from} where it is added
     * @param named whether there is a member of its name already, whose value is replaced
     */
    private record Headers(int from, int until, boolean named) {
        /** Reads the headers of a message; null when it is no state event. */
        static @Nullable Headers read(JsonParser parser) {
            boolean event = false;
            Headers place = new Headers(here(parser), here(parser), false);
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                @Nullable String name = parser.currentName();
                JsonToken value = parser.nextToken();
                event |= value == JsonToken.VALUE_STRING && ("operation".equals(name) || "control".equals(name));
                int start = first(parser);
                skip(parser);
                if (OFFSET.equals(name)) {
                    place = new Headers(start, here(parser), true);
                }
            }
            return event ? place : null;
        }
    }
}
