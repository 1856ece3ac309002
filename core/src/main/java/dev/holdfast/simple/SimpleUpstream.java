package dev.holdfast.simple;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
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
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The values of CommandKit KV as they stand in its files: <code>{"t": type, "v": value}</code>, where only the value as
 * a whole has a type and everything inside is plain JSON. What is not of this form is a text of the first generation.
 */
final class SimpleUpstream {
    private static final String TYPE = "t";
    private static final String VALUE = "v";
    private static final String SOURCE = "source";
    private static final String FLAGS = "flags";
    private static final int DECIMAL_CHARS_MAX = 310_000;

    private SimpleUpstream() {}

    /** The value of a column; a missing one is null. */
    static @Nullable Object value(@Nullable String text) {
        if (text == null || !text.startsWith("{")) {
            return text;
        }
        try {
            JsonNode tree = Json.parse(text);
            boolean tagged =
                    tree.size() == (tree.has(VALUE) ? 2 : 1) && tree.path(TYPE).isIntegralNumber();
            return tagged ? typed(tree.path(TYPE).asInt(-1), tree.path(VALUE)) : text;
        } catch (InvalidInputException | IllegalArgumentException | DateTimeException | NoSuchType e) {
            // Text of the first generation may be anything, also something that looks nearly like a value of the
            // second.
            return text;
        }
    }

    private static @Nullable Object typed(int type, JsonNode value) throws NoSuchType {
        return switch (type) {
            case 0 -> require(value.isString(), value).stringValue();
            case 1 -> value.isNull() ? null : plain(require(value.isNumber(), value));
            case 2 -> require(value.isBoolean(), value).booleanValue();
            case 3 -> plain(require(value.isObject(), value));
            case 4 -> Instant.parse(require(value.isString(), value).stringValue());
            case 5 -> big(require(value.isString(), value).stringValue());
            case 6, 7 -> null;
            case 8 -> plain(require(value.isArray(), value));
            case 9 -> map(require(value.isArray(), value));
            case 10 -> set(require(value.isArray(), value));
            case 11 ->
                Base64.getDecoder().decode(require(value.isString(), value).stringValue());
            case 12 -> pattern(require(value.isObject(), value));
            default -> throw new NoSuchType();
        };
    }

    private static @Nullable Object plain(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING -> node.stringValue();
            case BOOLEAN -> node.booleanValue();
            case NUMBER -> number(node);
            case ARRAY -> list(node);
            case OBJECT -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                node.properties().forEach(member -> map.put(member.getKey(), plain(member.getValue())));
                yield map;
            }
            case NULL, BINARY, MISSING, POJO -> null;
        };
    }

    /** A script's number: a double, shown as an integer when it is a small one. */
    private static Number number(JsonNode node) {
        double value = node.doubleValue();
        return value == Math.rint(value) && Math.abs(value) <= SimpleValues.NUMBER_MAX ? (Number) (long) value : value;
    }

    private static List<@Nullable Object> list(JsonNode items) {
        List<@Nullable Object> list = new ArrayList<>(items.size());
        items.forEach(item -> list.add(plain(item)));
        return list;
    }

    private static BigInteger big(String digits) {
        if (digits.length() > DECIMAL_CHARS_MAX) {
            throw SimpleMath.tooLarge(4L * digits.length());
        }
        return new BigInteger(digits);
    }

    private static Map<@Nullable Object, @Nullable Object> map(JsonNode pairs) throws NoSuchType {
        Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
        for (JsonNode pair : pairs) {
            require(pair.isArray() && pair.size() == 2, pair);
            map.put(plain(pair.path(0)), plain(pair.path(1)));
        }
        return map;
    }

    private static Set<@Nullable Object> set(JsonNode items) {
        return new LinkedHashSet<>(list(items));
    }

    private static Object pattern(JsonNode value) throws NoSuchType {
        String source =
                require(value.path(SOURCE).isString(), value.path(SOURCE)).stringValue();
        String flags = require(value.path(FLAGS).isString(), value.path(FLAGS)).stringValue();
        int own = (flags.contains("i") ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : 0)
                | (flags.contains("m") ? Pattern.MULTILINE : 0)
                | (flags.contains("s") ? Pattern.DOTALL : 0);
        try {
            return Pattern.compile(source, own);
        } catch (PatternSyntaxException e) {
            // Scripts have forms that Java has not; nothing of it is lost.
            return new LinkedHashMap<>(Map.of(SOURCE, source, FLAGS, flags));
        }
    }

    private static JsonNode require(boolean fits, JsonNode value) throws NoSuchType {
        if (!fits) {
            throw new NoSuchType();
        }
        return value;
    }

    /** The text is not a value of the second generation. */
    private static final class NoSuchType extends Exception {
        private static final long serialVersionUID = 1L;

        NoSuchType() {
            super(null, null, false, false);
        }
    }
}
