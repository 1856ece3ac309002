package dev.holdfast.server.records;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import dev.holdfast.record.RecordJson;
import dev.holdfast.record.StoreRecord;
import dev.holdfast.server.http.ContentType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** A batch as lines of JSON: one record a line, then {@code {"kind":"end","count":N}}. */
record LineBatch() implements BatchFormat {
    @Override
    public ContentType type() {
        return ContentType.NDJSON;
    }

    @Override
    public List<StoreRecord> read(byte[] body) {
        List<StoreRecord> records = new ArrayList<>();
        int at = 0;
        while (at < body.length) {
            int end = lineEnd(body, at);
            Optional<JsonNode> line = line(body, at, end);
            at = end + 1;
            if (line.isEmpty()) {
                continue;
            }
            if (isMarker(line.get())) {
                requireWhole(line.get(), records.size());
                requireNothingBehind(body, at);
                return records;
            }
            if (end == body.length) {
                throw RecordRefusals.incomplete("the batch ends inside a line");
            }
            records.add(RecordJson.read(line.get()));
        }
        throw RecordRefusals.incomplete("the batch ends without its marker (records=" + records.size() + ")");
    }

    /** One line as a tree; empty for a blank one. */
    private static Optional<JsonNode> line(byte[] body, int from, int end) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body, from, end - from))
                    .toString();
            return text.isBlank() ? Optional.empty() : Optional.of(Json.parse(text));
        } catch (CharacterCodingException | InvalidInputException e) {
            if (end == body.length) {
                throw RecordRefusals.incomplete("the batch ends inside a line");
            }
            throw RecordRefusals.malformed("a line is no JSON in UTF-8");
        }
    }

    private static boolean isMarker(JsonNode line) {
        return line.path("kind").asString("").equals("end");
    }

    private static void requireWhole(JsonNode marker, int records) {
        JsonNode count = marker.path("count");
        if (!count.isIntegralNumber() || !count.canConvertToLong() || count.longValue() != records) {
            throw RecordRefusals.incomplete("the marker does not say how many records came (records=" + records + ")");
        }
    }

    private static void requireNothingBehind(byte[] body, int at) {
        for (int i = at; i < body.length; i++) {
            if (body[i] != '\n' && body[i] != '\r' && body[i] != ' ' && body[i] != '\t') {
                throw RecordRefusals.incomplete("something stands behind the marker");
            }
        }
    }

    private static int lineEnd(byte[] body, int from) {
        int at = from;
        while (at < body.length && body[at] != '\n') {
            at++;
        }
        return at;
    }

    @Override
    public void write(OutputStream out, StoreRecord record) throws IOException {
        out.write(Json.bytes(RecordJson.of(record)));
        out.write('\n');
    }

    @Override
    public void end(OutputStream out, long count) throws IOException {
        out.write(("{\"kind\":\"end\",\"count\":" + count + "}\n").getBytes(StandardCharsets.UTF_8));
    }
}
