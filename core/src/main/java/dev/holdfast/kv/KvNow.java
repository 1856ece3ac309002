package dev.holdfast.kv;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.holdfast.codec.Encoding;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import dev.holdfast.json.NowTag;
import java.time.Duration;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The server's clock as a value: an object <code>{"$now": true, "$offset": n}</code> anywhere in a value becomes the
 * milliseconds since 1970 at the moment of the write, plus n. {@code offset} is understood as well. With any other
 * member beside them, or an offset that is no number, the write is refused with {@code kv.now}.
 *
 * @param offset added to the clock; negative for the past
 */
public record KvNow(Duration offset) {
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
        return Map.of(NowTag.NOW, true, NowTag.OFFSET, offset.toMillis());
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
        JsonNode now = object.path(NowTag.NOW);
        return now.isBoolean() && now.booleanValue();
    }

    private static long offset(ObjectNode object) {
        return NowTag.offset(
                        object,
                        (expected, member, came) -> new InvalidInputException(
                                "kv.now",
                                "the value holds a clock placeholder that cannot be understood: " + expected
                                        + (member.isEmpty() ? "" : " (at=" + member.substring(1) + ")")))
                .longValue();
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
