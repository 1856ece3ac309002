package dev.holdfast.record;

import dev.holdfast.record.RecordStoreException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Metadata and entries as JSON text, byte for byte as JavaScript's {@code JSON.stringify} writes them: members in a
 * fixed order, no white space, control characters escaped in lower case, everything else as it is.
 */
final class RecordText {
    private static final String REPLICA_TYPE = "replicaType";
    private static final String SYNC_MODE = "syncMode";
    private static final String SCHEMA_HASH = "schemaHash";
    private static final Set<String> KNOWN = Set.of(REPLICA_TYPE, SYNC_MODE, SCHEMA_HASH);
    private static final int REPLICA_TYPE_PARTS = 3;

    /** As long as a record may be, and longer: what others wrote is read whatever its size. */
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE)
                    .disable(JsonWriteFeature.ESCAPE_FORWARD_SLASHES)
                    .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private RecordText() {}

    /** Metadata as text. */
    static String of(StoreMeta meta) {
        return text(json(meta));
    }

    /** Metadata as a tree. */
    static ObjectNode json(StoreMeta meta) {
        ObjectNode json = MAPPER.createObjectNode();
        ReplicaType type = meta.replicaType();
        json.putArray(REPLICA_TYPE).add(type.name()).add(type.major()).add(type.minor());
        SyncMode mode = meta.syncMode();
        json.putObject(SYNC_MODE)
                .put("writerModel", mode.writerModel())
                .put("delivery", mode.delivery())
                .put("durability", mode.durability());
        json.put(SCHEMA_HASH, meta.schemaHash());
        meta.more().forEach(json::set);
        return json;
    }

    /** What of an entry is text: all of it, but data that are bytes. */
    static String of(StoreRecord.Entry entry) {
        Payload payload = entry.payload();
        ObjectNode json = MAPPER.createObjectNode()
                .put("kind", payload.kind().wire())
                .put("encoding", payload.encoding().wire())
                .put("version", entry.version());
        if (payload.data() instanceof Text(String data)) {
            json.put("data", data);
        }
        payload.lineage().ifPresent(lineage -> json.put("lineage", lineage));
        return text(json);
    }

    /** Reads metadata; what is wrong with it is {@link Reason#MALFORMED_RECORD}. */
    static StoreMeta meta(String text) {
        return meta(parse(text));
    }

    /** Reads metadata from a tree. */
    static StoreMeta meta(JsonNode json) {
        if (!json.isObject()) {
            throw malformed("metadata is no JSON object");
        }
        JsonNode type = json.path(REPLICA_TYPE);
        if (!type.isArray() || type.size() != REPLICA_TYPE_PARTS) {
            throw malformed("replicaType is no array of a name and two numbers");
        }
        JsonNode mode = json.path(SYNC_MODE);
        Map<String, JsonNode> more = new LinkedHashMap<>();
        json.properties().forEach(member -> {
            if (!KNOWN.contains(member.getKey())) {
                more.put(member.getKey(), member.getValue());
            }
        });
        return new StoreMeta(
                new ReplicaType(
                        string(type.path(0), "replicaType[0]"),
                        integer(type.path(1), "replicaType[1]"),
                        integer(type.path(2), "replicaType[2]")),
                new SyncMode(
                        string(mode.path("writerModel"), "syncMode.writerModel"),
                        string(mode.path("delivery"), "syncMode.delivery"),
                        string(mode.path("durability"), "syncMode.durability")),
                string(json.path(SCHEMA_HASH), SCHEMA_HASH),
                more);
    }

    /**
     * Reads an entry; members that are not known are passed over.
     *
     * @param blob its data, when they are bytes
     */
    static StoreRecord.Entry entry(String text, Optional<Bytes> blob) {
        JsonNode json = parse(text);
        if (!json.isObject()) {
            throw malformed("an entry is no JSON object");
        }
        Payload.Encoding encoding = encoding(string(json.path("encoding"), "encoding"));
        PayloadData data = blob.<PayloadData>map(bytes -> bytes).orElseGet(() -> data(json.path("data"), encoding));
        JsonNode lineage = json.path("lineage");
        return new StoreRecord.Entry(
                new Payload(
                        kind(string(json.path("kind"), "kind")),
                        encoding,
                        data,
                        lineage.isMissingNode() || lineage.isNull()
                                ? Optional.empty()
                                : Optional.of(string(lineage, "lineage"))),
                string(json.path("version"), "version"));
    }

    /** Without data in either place they are bytes, of which there are none, if bytes are what was said. */
    private static PayloadData data(JsonNode data, Payload.Encoding encoding) {
        if (data.isMissingNode() && encoding == Payload.Encoding.BINARY) {
            return Bytes.owning(new byte[0]);
        }
        return new Text(string(data, "data"));
    }

    static Payload.Kind kind(String text) {
        return switch (text) {
            case "entirety" -> Payload.Kind.ENTIRETY;
            case "since" -> Payload.Kind.SINCE;
            default -> throw malformed("the kind of a payload is neither entirety nor since");
        };
    }

    static Payload.Encoding encoding(String text) {
        return switch (text) {
            case "json" -> Payload.Encoding.JSON;
            case "binary" -> Payload.Encoding.BINARY;
            default -> throw malformed("the encoding of a payload is neither json nor binary");
        };
    }

    /** Reads a format marker; empty when it is none. */
    static Optional<StoreFormat> format(String text) {
        try {
            JsonNode json = parse(text);
            return Optional.of(
                    new StoreFormat(integer(json.path("major"), "major"), integer(json.path("minor"), "minor")));
        } catch (RecordStoreException e) {
            return Optional.empty();
        }
    }

    /** A format marker. */
    static String of(StoreFormat format) {
        return text(MAPPER.createObjectNode().put("major", format.major()).put("minor", format.minor()));
    }

    /** Refuses members that cannot be kept beside those that are known. */
    static void requireUnknown(Map<String, JsonNode> more) {
        more.forEach((name, value) -> {
            if (KNOWN.contains(name)) {
                throw malformed("a member of metadata is given twice (member=" + name + ")");
            }
            requireStorable(name, value);
        });
    }

    private static void requireStorable(String name, JsonNode value) {
        RecordRules.requireStorable("a member of metadata", name);
        if (value.isString()) {
            RecordRules.requireStorable("a member of metadata", value.stringValue());
        } else if (value instanceof ArrayNode array) {
            array.forEach(element -> requireStorable(name, element));
        } else if (value.isObject()) {
            value.properties().forEach(member -> requireStorable(member.getKey(), member.getValue()));
        }
    }

    static JsonNode parse(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JacksonException | NumberFormatException e) {
            throw malformed("the text is not valid JSON").causedBy(e);
        }
    }

    /** As UTF-8 first: a character beyond the first plane is written as it is. */
    static String text(JsonNode json) {
        return new String(MAPPER.writeValueAsBytes(json), StandardCharsets.UTF_8);
    }

    static String string(JsonNode node, String name) {
        if (!node.isString()) {
            throw malformed(name + " is missing or no text");
        }
        return node.stringValue();
    }

    private static int integer(JsonNode node, String name) {
        if (node.isNumber()) {
            try {
                return node.decimalValue().intValueExact();
            } catch (ArithmeticException e) {
                throw malformed(name + " is no whole number of 32 bits").causedBy(e);
            }
        }
        throw malformed(name + " is missing or no number");
    }

    static RecordStoreException malformed(String message) {
        return new RecordStoreException(Reason.MALFORMED_RECORD, message);
    }
}
