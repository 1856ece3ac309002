package dev.holdfast.filter;

import dev.holdfast.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** Random documents and filters that meet often, made of values that databases, drivers and doubles get wrong. */
final class RandomWhere {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final List<String> NAMES = List.of(
            "a",
            "b",
            "c",
            "0",
            "",
            "a.b",
            "x[0]",
            "$x",
            "$",
            "é",
            "𝒳",
            "two words",
            "line\nbreak",
            "quote\"d",
            "back\\slash",
            "\u0001",
            "nul\0",
            "nul",
            "__type",
            "value",
            "x') OR 1=1 --",
            "' OR ''='",
            "?",
            "\\u0000");

    static final List<String> TEXTS = List.of(
            "",
            "a",
            "A",
            "ab",
            "aB",
            "b",
            "ba",
            "bab",
            "z",
            "ü",
            "Ü",
            "ß",
            "ẞ",
            "SS",
            "σς",
            "ΣΣ",
            "İ",
            "i",
            "ı",
            "K",
            "K",
            "𝒳",
            "𝒳y",
            "\uFFFD",
            "\uE000",
            "\uD800",
            "\uDC00",
            "a\uD835",
            "\0",
            "a\0",
            "a\0b",
            "%",
            "_",
            "\\",
            "\\u0000",
            "\\ud800",
            "'",
            "\"",
            "1",
            "5",
            "true",
            "null",
            "bigint",
            "[]",
            "{}",
            "[\"a\"]",
            "e12345",
            "1E+99999",
            "\n",
            "\u001f",
            "\u007f");

    static final List<String> NUMBERS = List.of(
            "0",
            "-0.0",
            "1",
            "1.0",
            "1.5",
            "2",
            "5",
            "-5",
            "30",
            "0.1",
            "0.10000000000000001",
            "0.3",
            "0.30000000000000004",
            "9007199254740992",
            "9007199254740993",
            "9007199254740993.5",
            "4611686018427387904",
            "4611686018427387905",
            "9223372036854775806",
            "9223372036854775807",
            "9223372036854775808",
            "9223372036854775809",
            "-9223372036854775808",
            "-9223372036854775809",
            "123456789012345678901234567890",
            "123456789012345678901234567891",
            "1.7976931348623157e308",
            "1.7976931348623159e308",
            "1e309",
            "1e400",
            "-1e400",
            "2e400",
            "1e-400",
            "-1e-400",
            "4.9e-324",
            "2.2250738585072014e-308",
            "1e999",
            "1e1000",
            "1e5000",
            "-1e20000",
            "1e-5000",
            "1e-20000",
            "1e200000");

    private final RandomGenerator random;

    RandomWhere(RandomGenerator random) {
        this.random = random;
    }

    JsonNode document() {
        return switch (random.nextInt(20)) {
            case 0 -> scalar();
            case 1 -> array(3);
            case 2 -> deep();
            default -> object(3);
        };
    }

    ObjectNode where(int depth) {
        ObjectNode where = NODES.objectNode();
        int entries = random.nextInt(10) == 0 ? 0 : 1 + random.nextInt(2);
        for (int i = 0; i < entries; i++) {
            switch (depth == 0 ? 9 : random.nextInt(10)) {
                case 0, 1 -> where.set("$not", where(depth - 1));
                case 2, 3 -> where.set("$and", wheres(depth - 1));
                case 4, 5 -> where.set("$or", wheres(depth - 1));
                default -> where.set(path().toString(), condition(depth));
            }
        }
        return where;
    }

    FieldPath path() {
        List<FieldPath.Step> steps = new ArrayList<>();
        int length = random.nextInt(12) == 0 ? 0 : 1 + random.nextInt(3);
        for (int i = 0; i < length; i++) {
            steps.add(
                    switch (random.nextInt(10)) {
                        case 0 -> new FieldPath.Index(random.nextInt(3));
                        case 1 -> new FieldPath.FromEnd(1 + random.nextInt(3));
                        case 2 -> new FieldPath.Name(random.nextInt(9) == 0 ? "lone\uD800" : pick(NAMES));
                        default -> new FieldPath.Name(pick(NAMES.subList(0, 4)));
                    });
        }
        return new FieldPath(steps);
    }

    private ArrayNode wheres(int depth) {
        ArrayNode array = NODES.arrayNode();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            array.add(where(depth));
        }
        return array;
    }

    private JsonNode condition(int depth) {
        int kind = random.nextInt(10);
        if (kind < 2) {
            return operand();
        }
        ObjectNode condition = NODES.objectNode();
        if (kind == 2 && depth > 0) {
            return condition.set(new FieldPath.Name(pick(NAMES.subList(0, 4))).name(), condition(depth - 1));
        }
        for (int i = 1 + random.nextInt(2); i > 0; i--) {
            operator(condition);
        }
        return condition;
    }

    private void operator(ObjectNode to) {
        switch (random.nextInt(7)) {
            case 0 -> to.set(pick(List.of("$eq", "$ne")), operand());
            case 1, 2 -> to.set(pick(List.of("$gt", "$gte", "$lt", "$lte")), random.nextBoolean() ? number() : text());
            case 3 -> {
                boolean numbers = random.nextBoolean();
                JsonNode low = numbers ? number() : text();
                to.putArray("$between").add(low).add(numbers ? number() : text());
            }
            case 4 -> {
                ArrayNode list = to.putArray(pick(List.of("$in", "$nin")));
                for (int i = random.nextInt(5); i > 0; i--) {
                    list.add(operand());
                }
            }
            case 5 -> to.set(pick(List.of("$null", "$empty", "$notEmpty")), BooleanNode.valueOf(random.nextBoolean()));
            default -> {
                String operator = pick(List.of("$contains", "$notContains", "$startsWith", "$endsWith"));
                boolean fold = random.nextBoolean();
                to.set(fold ? operator + "i" : operator, text());
            }
        }
    }

    private JsonNode operand() {
        return switch (random.nextInt(8)) {
            case 0 -> NullNode.getInstance();
            case 1 -> BooleanNode.valueOf(random.nextBoolean());
            case 2, 3, 4 -> number();
            default -> text();
        };
    }

    private JsonNode number() {
        return random.nextInt(6) == 0
                ? tag(pick(List.of("5", "-5", "005", "0", "-0", "9007199254740993", "9223372036854775808")))
                : Json.parse(pick(NUMBERS));
    }

    private static ObjectNode tag(String digits) {
        return NODES.objectNode().put("__type", "bigint").put("value", digits);
    }

    private JsonNode text() {
        return StringNode.valueOf(random.nextInt(8) == 0 ? pick(TEXTS) + pick(TEXTS) : pick(TEXTS));
    }

    private JsonNode scalar() {
        return random.nextInt(15) == 0 ? tag(pick(List.of("x", "", "-", "+5", "5.0"))) : operand();
    }

    private JsonNode value(int depth) {
        int kind = depth == 0 ? 9 : random.nextInt(10);
        return kind == 0 ? array(depth - 1) : kind < 3 ? object(depth - 1) : scalar();
    }

    private ArrayNode array(int depth) {
        ArrayNode array = NODES.arrayNode();
        for (int i = random.nextInt(4); i > 0; i--) {
            array.add(value(depth));
        }
        return array;
    }

    private ObjectNode object(int depth) {
        ObjectNode object = NODES.objectNode();
        for (String name : NAMES.subList(0, 4)) {
            if (random.nextInt(4) > 0) {
                object.set(name, value(depth));
            }
        }
        for (int i = random.nextInt(4) - 1; i > 0; i--) {
            object.set(pick(NAMES), value(depth));
        }
        return object;
    }

    private JsonNode deep() {
        JsonNode at = scalar();
        for (int i = 0; i < 200; i++) {
            at = random.nextBoolean()
                    ? NODES.objectNode().set("a", at)
                    : NODES.arrayNode().add(at);
        }
        return at;
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
