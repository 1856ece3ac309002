package dev.holdfast.cli;

import dev.holdfast.codec.Encoding;
import dev.holdfast.json.Json;
import dev.holdfast.kv.KvValue;
import java.util.Base64;
import tools.jackson.databind.JsonNode;

/** Stored values as people and pipes read them: JSON as it is, what has no JSON form as tagged bytes. */
final class EntryValue {
    private EntryValue() {}

    static JsonNode json(KvValue value) {
        return value.findJson().orElseGet(() -> tagged(value));
    }

    private static JsonNode tagged(KvValue value) {
        return Json.mapper()
                .createObjectNode()
                .put("__type", value.encoding() == Encoding.BYTES ? "bytes" : "v8")
                .put("value", Base64.getUrlEncoder().withoutPadding().encodeToString(value.encoded()));
    }
}
