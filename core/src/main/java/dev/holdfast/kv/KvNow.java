package dev.holdfast.kv;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.holdfast.codec.Encoding;
import dev.holdfast.json.Json;
import java.time.Duration;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The server's clock as a value: an object <code>{"$now": true, "$offset": n}</code> anywhere in a value becomes the
 * milliseconds since 1970 at the moment of the write, plus n. {@code offset} is understood as well.
 *
 * @param offset added to the clock; negative for the past
 */
public record KvNow(Duration offset) {
    private static final String NOW = "$now";
    private static final String OFFSET = "$offset";
    private static final String PLAIN_OFFSET = "offset";

    /** The moment of the write. */
    public static KvNow now() {
        return new KvNow(Duration.ZERO);
    }

    /** A moment later than this one. */
    public KvNow add(Duration value) {
        return new KvNow(offset.plus(value));
    }

    /** A moment earlier than this one. */
    public KvNow sub(Duration value) {
        return new KvNow(offset.minus(value));
    }

    /** The form in which it stands in a value. */
    @JsonValue
    public Map<String, Object> json() {
        return Map.of(NOW, true, OFFSET, offset.toMillis());
    }

    /** A value with every placeholder replaced. */
    static KvValue resolve(KvValue value, long now) {
        if (value.encoding() != Encoding.JSON || !mentionsNow(value.encoded())) {
            return value;
        }
        return new KvValue(Encoding.JSON, Json.bytes(resolve(value.json(), now)));
    }

    /** A tree with every placeholder replaced. */
    static JsonNode resolve(JsonNode node, long now) {
        return switch (node) {
            case ObjectNode object
            when isPlaceholder(object) -> JsonNodeFactory.instance.numberNode(now + offset(object));
            case ObjectNode object -> {
                ObjectNode copy = object.objectNode();
                object.properties().forEach(member -> copy.set(member.getKey(), resolve(member.getValue(), now)));
                yield copy;
            }
            case ArrayNode array -> {
                ArrayNode copy = array.arrayNode(array.size());
                array.forEach(item -> copy.add(resolve(item, now)));
                yield copy;
            }
            default -> node;
        };
    }

    private static boolean isPlaceholder(ObjectNode object) {
        JsonNode now = object.path(NOW);
        return now.isBoolean() && now.booleanValue();
    }

    private static long offset(ObjectNode object) {
        JsonNode offset = object.has(OFFSET) ? object.path(OFFSET) : object.path(PLAIN_OFFSET);
        return offset.isNumber() ? offset.decimalValue().longValue() : 0;
    }

    /** Whether the text may hold a placeholder; most do not, and are then never parsed. */
    private static boolean mentionsNow(byte[] text) {
        for (int i = 0; i + 4 < text.length; i++) {
            if (text[i] == '$'
                    && text[i + 1] == 'n'
                    && text[i + 2] == 'o'
                    && text[i + 3] == 'w'
                    && text[i + 4] == '"') {
                return true;
            }
        }
        return false;
    }
}
