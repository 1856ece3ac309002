package dev.holdfast.simple;

import dev.holdfast.engine.InvalidInputException;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Turns what is stored into values: fresh ones, which the caller may change. */
final class SimpleDecoder {
    private SimpleDecoder() {}

    static @Nullable Object decode(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING -> node.stringValue();
            case BOOLEAN -> node.booleanValue();
            case NUMBER -> number(node);
            case ARRAY -> list(node);
            case OBJECT -> object(node);
            case NULL -> null;
            case BINARY, MISSING, POJO -> throw foreign("a " + node.getNodeType());
        };
    }

    private static Number number(JsonNode node) {
        if (!node.isIntegralNumber()) {
            return node.doubleValue();
        }
        BigInteger value = node.bigIntegerValue();
        return value.bitLength() < Long.SIZE && SimpleValues.isNumber(value.longValue())
                ? (Number) value.longValue()
                : value;
    }

    private static List<@Nullable Object> list(JsonNode node) {
        List<@Nullable Object> list = new ArrayList<>(node.size());
        node.forEach(item -> list.add(decode(item)));
        return list;
    }

    private static Object object(JsonNode node) {
        if (node.size() == 1) {
            Map.Entry<String, JsonNode> only = node.properties().iterator().next();
            if (only.getKey().startsWith(SimpleValues.MARK)) {
                return marked(only.getKey(), only.getValue());
            }
        }
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        node.properties().forEach(member -> map.put(member.getKey(), decode(member.getValue())));
        return map;
    }

    private static Object marked(String mark, JsonNode value) {
        try {
            return switch (mark) {
                case SimpleValues.OBJECT, SimpleValues.MAP -> map(value);
                case SimpleValues.SET -> set(value);
                case SimpleValues.DATE -> Instant.parse(value.stringValue());
                case SimpleValues.BIGINT -> new BigInteger(value.stringValue());
                case SimpleValues.NUMBER -> Double.valueOf(value.stringValue());
                case SimpleValues.BYTES -> Base64.getDecoder().decode(value.stringValue());
                case SimpleValues.PATTERN ->
                    Pattern.compile(value.path(0).stringValue(), value.path(1).intValue());
                default -> throw foreign("the mark " + SimpleKeys.shown(mark));
            };
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new InvalidInputException("simple.foreign", "the entry was not written by this store: " + mark, e);
        }
    }

    private static Map<@Nullable Object, @Nullable Object> map(JsonNode pairs) {
        Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
        pairs.forEach(pair -> map.put(decode(pair.path(0)), decode(pair.path(1))));
        return map;
    }

    private static Set<@Nullable Object> set(JsonNode items) {
        Set<@Nullable Object> set = new LinkedHashSet<>();
        items.forEach(item -> set.add(decode(item)));
        return set;
    }

    private static InvalidInputException foreign(String what) {
        return new InvalidInputException("simple.foreign", "the entry was not written by this store: " + what);
    }
}
