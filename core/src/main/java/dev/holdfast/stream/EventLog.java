package dev.holdfast.stream;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.json.Json;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Operational events: named facts with a payload, one after the other, in streams of JSON messages that need not be
 * made first. The numbers of a stream's events are 1, 2, 3 and so on, in the order in which they are committed and
 * without gaps, so a reader that goes on behind the last number it saw misses none. They are offsets: after a backup
 * was restored they go on in the next generation, see {@link StreamOffset}.
 *
 * <p>Safe for use by many threads, except in a transaction, to whose thread it belongs. What {@link #append} wrote
 * outside a transaction is durable when it returns.
 */
public final class EventLog {
    /** Events of one read at most. */
    public static final int READ_MAX = 1_000;

    private static final int READ_BYTES = 1 << 20;

    private final Session session;

    private EventLog(Session session) {
        this.session = session;
    }

    /** The events of a session: of one namespace, or of one open transaction. */
    public static EventLog in(Session session) {
        return new EventLog(session);
    }

    /**
     * Adds an event to a stream, which is made when it is missing.
     *
     * @param stream its name, as in {@link DurableStream#in}
     * @param event name of the event, 1 to 1,024 bytes of UTF-8
     * @param payload what Jackson maps to JSON; null is JSON's null
     * @return the number of the event, 1 for the first one
     * @throws StreamException {@link StreamException.Reason#CLOSED}
     * @throws InvalidInputException {@code stream.event}: the stream of this name holds no JSON messages, or the event
     *     has no such name
     */
    public long append(String stream, String event, @Nullable Object payload) {
        StreamLimits.requireText("stream.event", "the name of an event", event, StreamLimits.NAME_BYTES_MAX);
        JsonNode value = Json.mapper().valueToTree(payload);
        return session.inTurn(stream.hashCode()).write(UnitKind.OPERATION, tx -> append(tx, stream, event, value));
    }

    private static long append(Tx tx, String name, String event, JsonNode payload) {
        ObjectNode message = Json.mapper().createObjectNode().put("event", event);
        message.set("payload", payload);
        message.put("createdAt", Instant.ofEpochMilli(tx.now()).toString());
        // An array, so that a payload that is one stays in its message.
        byte[] content = Json.bytes(Json.mapper().createArrayNode().add(message));
        DurableStream stream = DurableStream.in(tx, name);
        try {
            requireJson(stream.head());
        } catch (StreamException e) {
            if (e.reason() != StreamException.Reason.NOT_FOUND) {
                throw e;
            }
            stream.create(StreamSpec.json());
        }
        return stream.append(StreamAppend.of(content)).tail();
    }

    /**
     * Events of a stream in their order.
     *
     * @param since a number; only later ones are read. 0: from the first on
     * @param limit 1 to {@value #READ_MAX}
     * @return empty when there are none, or no such stream
     */
    public List<StreamEvent> read(String stream, long since, int limit) {
        if (since < 0 || limit < 1 || limit > READ_MAX) {
            throw new InvalidInputException(
                    "stream.event",
                    "events are read from 0 on, 1 or more at a time (since=" + since + ", limit=" + limit
                            + ", limitMax=" + READ_MAX + ")");
        }
        List<StreamEvent> events = new ArrayList<>();
        DurableStream source = DurableStream.in(session, stream);
        try {
            long at = since;
            while (events.size() < limit) {
                StreamChunk chunk = source.read(at, READ_BYTES);
                requireJson(chunk.info());
                at = chunk.start();
                for (JsonNode message : Json.parse(chunk.toBytes())) {
                    if (events.size() < limit) {
                        events.add(event(stream, ++at, message));
                    }
                }
                if (chunk.isEmpty() || chunk.upToDate()) {
                    break;
                }
            }
        } catch (StreamException e) {
            if (e.reason() != StreamException.Reason.NOT_FOUND) {
                throw e;
            }
        }
        return events;
    }

    private static StreamEvent event(String stream, long id, JsonNode message) {
        JsonNode created = message.path("createdAt");
        return new StreamEvent(
                id,
                stream,
                message.path("event").asString(""),
                message.has("payload") ? message.path("payload") : message,
                created.isString() ? time(created.asString()) : Instant.EPOCH);
    }

    /** A time as an event has it; a message that was appended by others may hold anything there. */
    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }

    private static void requireJson(StreamInfo info) {
        if (!info.json()) {
            throw new InvalidInputException("stream.event", "the stream of this name holds no JSON messages");
        }
    }
}
