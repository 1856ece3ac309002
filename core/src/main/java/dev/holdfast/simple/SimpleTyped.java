package dev.holdfast.simple;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.BigIntegerTag;
import dev.holdfast.kv.KvValue;
import java.lang.invoke.MethodType;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Decoded values as a class that the caller asks for. */
final class SimpleTyped {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private SimpleTyped() {}

    /** The value itself when it is of the class, else what the codec of the class reads from its plain JSON. */
    @SuppressWarnings("unchecked") // for a primitive type the wrapper is what generics mean
    static <T> T as(Object value, Class<T> type) {
        Class<T> boxed = (Class<T>) MethodType.methodType(type).wrap().returnType();
        return boxed.isInstance(value)
                ? boxed.cast(value)
                : KvValue.json(plain(value)).as(boxed);
    }

    private static JsonNode plain(@Nullable Object value) {
        return switch (value) {
            case null -> NODES.nullNode();
            case Boolean bool -> NODES.booleanNode(bool);
            case Long number -> NODES.numberNode(number);
            case Double number ->
                Double.isFinite(number) ? NODES.numberNode(number) : NODES.stringNode(number.toString());
            case BigInteger big ->
                BigIntegerTag.isExact(big) ? NODES.numberNode(big.longValue()) : BigIntegerTag.node(big);
            case Iterable<?> items -> {
                ArrayNode array = NODES.arrayNode();
                items.forEach(item -> array.add(plain(item)));
                yield array;
            }
            case Map<?, ?> map -> {
                ObjectNode object = NODES.objectNode();
                map.forEach((key, item) -> object.set(text(key), plain(item)));
                yield object;
            }
            default -> NODES.stringNode(text(value));
        };
    }

    /** Values that are text in JSON; as keys of a map numbers and booleans too. */
    private static String text(@Nullable Object value) {
        return switch (value) {
            case String text -> text;
            case Instant date -> date.toString();
            case byte[] bytes -> Base64.getEncoder().encodeToString(bytes);
            case Pattern pattern -> pattern.pattern();
            case Number number -> number.toString();
            case Boolean bool -> bool.toString();
            case null, default ->
                throw new InvalidInputException(
                        "simple.typed",
                        "a map with such keys is read as a Map only (key=" + SimpleValues.kind(value) + ")");
        };
    }
}
