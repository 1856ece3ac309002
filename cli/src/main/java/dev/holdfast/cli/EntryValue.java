package dev.holdfast.cli;

import dev.holdfast.codec.Encoding;
import dev.holdfast.json.Json;
import dev.holdfast.kv.KvValue;
import java.util.Base64;
import tools.jackson.databind.JsonNode;

/** Stored values as people and pipes read them: JSON as it is, bytes tagged. */
final class EntryValue {
    private EntryValue() {}

    static JsonNode json(KvValue value) {
        return switch (value.encoding()) {
            case JSON, U64 -> value.json();
            case BYTES, V8 ->
                Json.mapper()
                        .createObjectNode()
                        .put("__type", value.encoding() == Encoding.BYTES ? "bytes" : "v8")
                        .put("value", Base64.getUrlEncoder().withoutPadding().encodeToString(value.encoded()));
        };
    }
}
