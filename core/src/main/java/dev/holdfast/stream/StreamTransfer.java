package dev.holdfast.stream;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The room's part of an export. A stream is a line that says how it is made, a line for each append, one for each
 * producer, and a line about its end. A fork is written as a stream of its own, with everything that it shares.
 */
public final class StreamTransfer {
    private static final String STREAM = "stream";
    private static final String MADE = "made";
    private static final String MESSAGES = "messages";
    private static final String DATA = "data";
    private static final String PRODUCER = "producer";
    private static final String STATE = "state";
    private static final String FIRST = "first";
    private static final String KEEP = "keep";
    /** The offset at which a line goes on in a later generation. */
    private static final String AT = "at";

    private static final int BATCH = 500;
    private static final long BATCH_BYTES = 4 << 20;
    private static final int PAGE = 100;

    private final Session session;
    private final StreamRoom room;
    private final List<JsonNode> waiting = new ArrayList<>();
    private long bytes;

    /** Loads into the streams of a session. */
    public StreamTransfer(Session session) {
        this.session = session;
        this.room = StreamRoom.of(session.database());
    }

    /** Hands out every living stream of the namespace, as it is in this session. */
    public static void export(Session session, Consumer<ObjectNode> out) {
        StreamRoom room = StreamRoom.of(session.database());
        session.read(tx -> {
            String after = "";
            List<StreamInfo> page;
            do {
                page = room.sql().list(tx, tx.ns(), tx.now(), new StreamSql.Page("", after, PAGE));
                for (StreamInfo info : page) {
                    export(tx, room, info.name(), out);
                    after = info.name();
                }
            } while (page.size() == PAGE);
            return room;
        });
    }

    private static void export(Tx tx, StreamRoom room, String name, Consumer<ObjectNode> out) {
        StreamRow row = room.sql().find(tx, tx.ns(), name).orElseThrow(StreamRow::notFound);
        ObjectNode made = line(name);
        ObjectNode how = made.putObject(MADE).put("contentType", row.contentType());
        row.ttl().ifPresent(ttl -> how.put("ttlSeconds", ttl));
        if (row.expiresText() != null) {
            how.put("expiresAt", row.expiresText());
        }
        if (row.first() > 0) {
            how.put(FIRST, row.first());
        }
        out.accept(made);
        long[] next = {row.first()};
        room.reader().chunks(tx, row, chunk -> {
            List<byte[]> parts = chunk.parts();
            for (int i = 0; i < parts.size(); i++) {
                ObjectNode line = content(row, parts.get(i));
                if (i == 0 && chunk.start() != next[0]) {
                    line.put(AT, chunk.start());
                }
                out.accept(line);
            }
            next[0] = chunk.next();
        });
        room.sql().producers(tx, tx.ns(), row.id(), stamp -> {
            ObjectNode producer = line(name);
            producer.set(PRODUCER, json(stamp));
            out.accept(producer);
        });
        ObjectNode end = line(name);
        ObjectNode state = end.putObject(STATE).put("closed", row.closed());
        if (StreamOffset.generation(row.tail()) > 0) {
            state.put(AT, row.tail());
        }
        if (row.closedBy() != null) {
            state.set("closedBy", json(row.closedBy()));
        }
        if (row.lastSequence() != null) {
            state.put("sequence", row.lastSequence());
        }
        keep(room.trimmer().retention(tx, row.id()), state);
        out.accept(end);
    }

    private static void keep(StreamRetention retention, ObjectNode how) {
        if (!retention.equals(StreamRetention.all())) {
            ObjectNode keep = how.putObject(KEEP);
            retention.age().ifPresent(age -> keep.put("ageMillis", StreamRetention.millis(age)));
            retention.bytes().ifPresent(bytes -> keep.put("bytes", bytes));
            retention.units().ifPresent(units -> keep.put("units", units));
            retention.compactUnits().ifPresent(units -> keep.put("compactUnits", units));
        }
    }

    private static StreamRetention retention(JsonNode line) {
        JsonNode keep = line.path(STATE).path(KEEP);
        return new StreamRetention(
                number(keep, "ageMillis").stream().mapToObj(Duration::ofMillis).findFirst(),
                number(keep, "bytes"),
                number(keep, "units"),
                number(keep, "compactUnits"));
    }

    private static OptionalLong number(JsonNode node, String name) {
        JsonNode value = node.path(name);
        return value.isIntegralNumber() ? OptionalLong.of(value.asLong()) : OptionalLong.empty();
    }

    private static long first(JsonNode line) {
        return offset(line.path(MADE), FIRST);
    }

    /** An offset that a line may name; 0 when it does not. */
    private static long offset(JsonNode node, String name) {
        long offset = number(node, name).orElse(0);
        if (offset < 0) {
            throw notOurs();
        }
        return offset;
    }

    private static ObjectNode content(StreamRow row, byte[] part) {
        ObjectNode line = line(row.name());
        if (row.json()) {
            // As text: a tree would change how numbers and repeated members are written.
            line.put(MESSAGES, new String(StreamReader.asArray(part), StandardCharsets.UTF_8));
        } else {
            line.put(DATA, Base64.getEncoder().encodeToString(part));
        }
        return line;
    }

    private static ObjectNode line(String name) {
        return Json.mapper().createObjectNode().put(STREAM, name);
    }

    private static ObjectNode json(ProducerStamp stamp) {
        return Json.mapper()
                .createObjectNode()
                .put("id", stamp.id())
                .put("epoch", stamp.epoch())
                .put("seq", stamp.seq());
    }

    /**
     * Looks at one line, and writes nothing.
     *
     * @throws InvalidInputException {@code stream.transfer}: the line is not one of this room
     */
    public void check(JsonNode line) {
        StreamLimits.requireText("stream.transfer", "the name of a stream", name(line), StreamLimits.NAME_BYTES_MAX);
        if (line.has(MADE)) {
            spec(line);
            first(line);
        } else if (line.has(PRODUCER)) {
            stamp(line.path(PRODUCER));
        } else if (line.has(STATE)) {
            closing(line.path(STATE));
            retention(line);
            offset(line.path(STATE), AT);
        } else {
            body(line);
            offset(line, AT);
        }
    }

    /**
     * Takes one line that was checked. A stream of the name is replaced. Lines are written in batches, each a
     * transaction; {@link #finish} writes the last.
     */
    public void load(JsonNode line) {
        waiting.add(line);
        bytes += line.has(DATA) || line.has(MESSAGES) ? body(line).length : 0;
        if (waiting.size() == BATCH || bytes > BATCH_BYTES) {
            finish();
        }
    }

    /** How many lines wait to be written. */
    public int waiting() {
        return waiting.size();
    }

    /** Writes what is waiting. */
    public void finish() {
        if (!waiting.isEmpty()) {
            List<JsonNode> lines = List.copyOf(waiting);
            session.write(UnitKind.OPERATION, tx -> {
                lines.forEach(line -> load(tx, line));
                return tx;
            });
            waiting.clear();
            bytes = 0;
        }
    }

    private void load(Tx tx, JsonNode line) {
        String name = name(line);
        StreamWriter writer = room.writer();
        if (!line.has(MADE)
                && room.state(tx)
                        .row(name)
                        .filter(row -> !row.expired(tx.now()))
                        .isEmpty()) {
            return; // one whose time has passed
        }
        if (line.has(MADE)) {
            writer.makeRoom(tx, name);
            StreamSpec spec = spec(line);
            if (spec.expiresAt().filter(at -> StreamSpec.millis(at) <= tx.now()).isPresent()) {
                return; // its time has passed since it was exported
            }
            writer.restore(tx, name, spec, first(line));
        } else if (line.has(PRODUCER)) {
            writer.restore(tx, name, stamp(line.path(PRODUCER)));
        } else if (line.has(STATE)) {
            JsonNode state = line.path(STATE);
            writer.restore(tx, name, offset(state, AT));
            writer.restore(tx, name, closing(state), state.path("closed").asBoolean(false));
            // Last, so that the background makes no snapshot in the middle of the content.
            writer.restore(tx, name, retention(line));
        } else {
            byte[] body = body(line);
            writer.restore(tx, name, offset(line, AT));
            writer.append(tx, name, StreamAppend.of(body), new AppendContent(body, Integer.MAX_VALUE));
        }
    }

    private static String name(JsonNode line) {
        return line.path(STREAM).asString("");
    }

    private static StreamSpec spec(JsonNode line) {
        JsonNode made = line.path(MADE);
        JsonNode expires = made.path("expiresAt");
        return new StreamSpec(
                Optional.of(made.path("contentType").asString(StreamSpec.OCTETS)),
                number(made, "ttlSeconds"),
                expires.isString() ? Optional.of(expires.asString()) : Optional.empty(),
                false,
                new byte[0],
                Optional.empty());
    }

    private static ProducerStamp stamp(JsonNode node) {
        if (!node.path("epoch").isIntegralNumber() || !node.path("seq").isIntegralNumber()) {
            throw notOurs();
        }
        return new ProducerStamp(
                node.path("id").asString(""),
                node.path("epoch").asLong(),
                node.path("seq").asLong());
    }

    /** The last sequence and what closed the stream, as an append would have brought them. */
    private static StreamAppend closing(JsonNode state) {
        JsonNode sequence = state.path("sequence");
        JsonNode by = state.path("closedBy");
        return new StreamAppend(
                new byte[0],
                Optional.empty(),
                true,
                sequence.isString() ? Optional.of(sequence.asString()) : Optional.empty(),
                by.isObject() ? Optional.of(stamp(by)) : Optional.empty());
    }

    private static byte[] body(JsonNode line) {
        JsonNode messages = line.path(MESSAGES);
        if (messages.isString()) {
            byte[] body = messages.asString().getBytes(StandardCharsets.UTF_8);
            if (JsonMessages.parse(body, Integer.MAX_VALUE).count() > 0) {
                return body;
            }
        }
        try {
            byte[] data = Base64.getDecoder().decode(line.path(DATA).asString(""));
            if (data.length > 0) {
                return data;
            }
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException("stream.transfer", "the data of an append is no Base64", e);
        }
        throw notOurs();
    }

    private static InvalidInputException notOurs() {
        return new InvalidInputException("stream.transfer", "it is no line of a stream");
    }
}
