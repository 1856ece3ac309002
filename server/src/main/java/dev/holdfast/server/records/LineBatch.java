package dev.holdfast.server.records;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import dev.holdfast.record.RecordJson;
import dev.holdfast.record.StoreRecord;
import dev.holdfast.server.http.ContentType;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
    public List<StoreRecord> read(InputStream body) throws IOException {
        List<StoreRecord> records = new ArrayList<>();
        BodyLines lines = new BodyLines(body);
        while (lines.next()) {
            Optional<JsonNode> line = tree(lines);
            if (line.isEmpty()) {
                continue;
            }
            if (isMarker(line.get())) {
                requireWhole(line.get(), records.size());
                requireNothingBehind(lines);
                return records;
            }
            if (!lines.isClosed()) {
                throw RecordRefusals.incomplete("the batch ends inside a line");
            }
            records.add(RecordJson.read(line.get()));
        }
        throw RecordRefusals.incomplete("the batch ends without its marker (records=" + records.size() + ")");
    }

    /** The line as a tree; empty for a blank one. */
    private static Optional<JsonNode> tree(BodyLines lines) {
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(lines.line()).toString();
            return text.isBlank() ? Optional.empty() : Optional.of(Json.parse(text));
        } catch (CharacterCodingException | InvalidInputException e) {
            if (!lines.isClosed()) {
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

    private static void requireNothingBehind(BodyLines lines) throws IOException {
        while (lines.next()) {
            if (!StandardCharsets.ISO_8859_1.decode(lines.line()).toString().isBlank()) {
                throw RecordRefusals.incomplete("something stands behind the marker");
            }
        }
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
