package dev.holdfast.simple;

import dev.holdfast.engine.InvalidInputException;
import java.lang.reflect.Array;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns values into what is stored. What JSON has is stored as such, anything else as an object of one marked member;
 * an object of the caller's that has a marked name itself is stored as pairs.
 */
final class SimpleEncoder {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int PLACE_CHARS_MAX = 200;

    /** The way to what is being encoded, for messages. */
    private final StringBuilder place = new StringBuilder("$");

    private int depth;

    private SimpleEncoder() {}

    static JsonNode encode(@Nullable Object value) {
        return new SimpleEncoder().node(value);
    }

    private JsonNode node(@Nullable Object value) {
        return switch (value) {
            case null -> NODES.nullNode();
            case String text -> NODES.stringNode(text);
            case Boolean bool -> NODES.booleanNode(bool);
            case Number number -> number(number);
            case Enum<?> constant -> NODES.stringNode(constant.name());
            case Instant date -> marked(SimpleValues.DATE, NODES.stringNode(date.toString()));
            case byte[] bytes ->
                marked(SimpleValues.BYTES, NODES.stringNode(Base64.getEncoder().encodeToString(bytes)));
            case Pattern pattern ->
                marked(
                        SimpleValues.PATTERN,
                        NODES.arrayNode().add(pattern.pattern()).add(pattern.flags()));
            default -> inner(value);
        };
    }

    private JsonNode number(Number number) {
        return switch (number) {
            case Integer i -> NODES.numberNode(i);
            case Long l -> SimpleValues.isNumber(l) ? NODES.numberNode(l) : big(BigInteger.valueOf(l));
            case Double d -> real(d);
            case Float f -> real(f.doubleValue());
            case Short s -> NODES.numberNode(s.intValue());
            case Byte b -> NODES.numberNode(b.intValue());
            case BigInteger big -> big(big);
            default -> throw unsupported(number);
        };
    }

    /** JSON has neither these three nor a negative zero that every reader keeps. */
    private static JsonNode real(double value) {
        boolean plain = Double.isFinite(value) && (value != 0 || Double.compare(value, 0.0) == 0);
        return plain ? NODES.numberNode(value) : marked(SimpleValues.NUMBER, NODES.stringNode(Double.toString(value)));
    }

    private JsonNode big(BigInteger value) {
        if (value.bitLength() > SimpleValues.BIG_INTEGER_BITS_MAX) {
            throw SimpleMath.tooLarge(value.bitLength());
        }
        return marked(SimpleValues.BIGINT, NODES.stringNode(value.toString()));
    }

    private JsonNode inner(Object value) {
        if (++depth > SimpleValues.DEPTH_MAX) {
            throw new InvalidInputException(
                    "simple.too_deep",
                    "the value is nested too deeply, or contains itself (depthMax=" + SimpleValues.DEPTH_MAX + ")");
        }
        JsonNode node = switch (value) {
            case Map<?, ?> map -> map(map);
            case Set<?> set -> marked(SimpleValues.SET, items(set));
            case List<?> list -> items(list);
            case Record fields -> fields(fields);
            default -> {
                if (!value.getClass().isArray()) {
                    throw unsupported(value);
                }
                yield array(value);
            }
        };
        depth--;
        return node;
    }

    private JsonNode map(Map<?, ?> map) {
        if (!SimpleValues.isObject(map)) {
            return marked(SimpleValues.MAP, pairs(map));
        }
        if (map.keySet().stream().anyMatch(key -> ((String) key).startsWith(SimpleValues.MARK))) {
            return marked(SimpleValues.OBJECT, pairs(map));
        }
        ObjectNode object = NODES.objectNode();
        map.forEach((key, item) -> object.set((String) key, at("." + key, item)));
        return object;
    }

    private ArrayNode pairs(Map<?, ?> map) {
        ArrayNode pairs = NODES.arrayNode();
        map.forEach((key, item) -> pairs.addArray().add(at(".(key)", key)).add(at("." + SimpleValues.kind(key), item)));
        return pairs;
    }

    private ArrayNode items(Iterable<?> items) {
        ArrayNode array = NODES.arrayNode();
        for (Object item : items) {
            array.add(at("[" + array.size() + "]", item));
        }
        return array;
    }

    private ArrayNode array(Object items) {
        ArrayNode array = NODES.arrayNode();
        for (int i = 0; i < Array.getLength(items); i++) {
            array.add(at("[" + i + "]", Array.get(items, i)));
        }
        return array;
    }

    private ObjectNode fields(Record value) {
        ObjectNode object = NODES.objectNode();
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            object.set(component.getName(), at("." + component.getName(), field(value, component)));
        }
        return object;
    }

    private @Nullable Object field(Record value, RecordComponent component) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(value);
        } catch (IllegalAccessException | InvocationTargetException | InaccessibleObjectException e) {
            throw new InvalidInputException(
                    "simple.record",
                    "a record cannot be read; a named module opens its package to dev.holdfast (class="
                            + value.getClass().getName() + ", component=" + component.getName() + ")",
                    e);
        }
    }

    private JsonNode at(String step, @Nullable Object value) {
        int length = place.length();
        place.append(step);
        JsonNode node = node(value);
        place.setLength(length);
        return node;
    }

    private static ObjectNode marked(String mark, JsonNode value) {
        ObjectNode object = NODES.objectNode();
        object.set(mark, value);
        return object;
    }

    private InvalidInputException unsupported(Object value) {
        String where = place.length() <= PLACE_CHARS_MAX ? place.toString() : place.substring(0, PLACE_CHARS_MAX);
        return new InvalidInputException(
                "simple.unsupported",
                "values of this class are not supported (class="
                        + value.getClass().getName() + ", path=" + where + ")");
    }
}
