package dev.holdfast.record;

import dev.holdfast.json.Json;
import dev.holdfast.record.RecordStoreException.Reason;
import java.util.Base64;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A record as one JSON object, as it travels: {@code {"kind":"meta","meta":{...}}}, or {@code {"kind":"entry",
 * "version":"1","payload":{"kind":"since","encoding":"json","data":"..."}}}, where bytes stand in {@code bytes} as
 * padded base64 instead of {@code data}, and {@code lineage} behind them.
 */
public final class RecordJson {
    private static final String META = "meta";
    private static final String ENTRY = "entry";
    private static final String LINEAGE = "lineage";

    private RecordJson() {}

    /** A record as a tree. */
    public static ObjectNode of(StoreRecord record) {
        ObjectNode json = Json.mapper().createObjectNode();
        switch (record) {
            case StoreRecord.Meta(StoreMeta meta) -> json.put("kind", META).set(META, RecordText.json(meta));
            case StoreRecord.Entry(Payload payload, String version) -> {
                ObjectNode content = json.put("kind", ENTRY)
                        .put("version", version)
                        .putObject("payload")
                        .put("kind", payload.kind().wire())
                        .put("encoding", payload.encoding().wire());
                switch (payload.data()) {
                    case Text(String text) -> content.put("data", text);
                    case Bytes bytes -> content.put("bytes", Base64.getEncoder().encodeToString(bytes.content()));
                }
                payload.lineage().ifPresent(lineage -> content.put(LINEAGE, lineage));
            }
        }
        return json;
    }

    /** Metadata as a tree. */
    public static ObjectNode of(StoreMeta meta) {
        return RecordText.json(meta);
    }

    /**
     * Reads metadata.
     *
     * @throws RecordStoreException {@link Reason#MALFORMED_RECORD}: it is none
     */
    public static StoreMeta readMeta(JsonNode json) {
        return RecordText.meta(json);
    }

    /**
     * Reads a record.
     *
     * @throws RecordStoreException {@link Reason#MALFORMED_RECORD}: it is none
     */
    public static StoreRecord read(JsonNode json) {
        return switch (RecordText.string(json.path("kind"), "the kind of a record")) {
            case META -> new StoreRecord.Meta(RecordText.meta(json.path(META)));
            case ENTRY ->
                new StoreRecord.Entry(
                        payload(json.path("payload")), RecordText.string(json.path("version"), "version"));
            default -> throw RecordText.malformed("the kind of a record is neither meta nor entry");
        };
    }

    private static Payload payload(JsonNode json) {
        JsonNode lineage = json.path(LINEAGE);
        return new Payload(
                RecordText.kind(RecordText.string(json.path("kind"), "the kind of a payload")),
                RecordText.encoding(RecordText.string(json.path("encoding"), "encoding")),
                data(json),
                lineage.isMissingNode() ? Optional.empty() : Optional.of(RecordText.string(lineage, LINEAGE)));
    }

    private static PayloadData data(JsonNode payload) {
        boolean text = payload.has("data");
        if (text == payload.has("bytes")) {
            throw RecordText.malformed("a payload has either data or bytes");
        }
        if (text) {
            return new Text(RecordText.string(payload.path("data"), "data"));
        }
        String encoded = RecordText.string(payload.path("bytes"), "bytes");
        try {
            byte[] bytes = Base64.getDecoder().decode(encoded);
            // The decoder takes what lacks its padding, too.
            if (encoded.length() % 4 != 0) {
                throw RecordText.malformed("bytes is no padded base64");
            }
            return Bytes.owning(bytes);
        } catch (IllegalArgumentException e) {
            throw RecordText.malformed("bytes is no padded base64").causedBy(e);
        }
    }
}
