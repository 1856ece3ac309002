package dev.holdfast.collection;

import dev.holdfast.json.BigIntegerTag;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Random JSON values that are often equal or nearly so, with everything that is awkward to order. */
final class RandomJson {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final List<String> TEXTS = List.of(
            "",
            "a",
            "A",
            "b",
            "ab",
            "a\u0000",
            "a\u0000b",
            "\u0000",
            "ä",
            "z",
            "\uffff",
            "\ud83d\ude00",
            "\ud83d",
            "\ude00",
            "a\ud83d",
            "a\ud83d\ude00",
            "10",
            "9",
            "true",
            "x".repeat(254),
            "x".repeat(255),
            "x".repeat(300),
            "x".repeat(301));
    private static final List<String> NUMBERS = List.of(
            "0",
            "-0",
            "0.0",
            "1",
            "1.0",
            "-1",
            "10",
            "1E1",
            "9.99",
            "9.999",
            "-9.99",
            "-9.999",
            "0.1",
            "0.01",
            "1E-7",
            "123456789012345678901234567890",
            "-123456789012345678901234567890",
            "1E+400",
            "-1E+400",
            "1E-400",
            "-1E-400",
            "1E+2000000000",
            "9223372036854775807",
            "-9223372036854775808",
            "9223372036854775808",
            "0.5",
            "0.50",
            "99",
            "100",
            "101");

    private final RandomGenerator random;

    RandomJson(RandomGenerator random) {
        this.random = random;
    }

    JsonNode value(int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 6)) {
            case 0 -> NODES.nullNode();
            case 1 -> NODES.booleanNode(random.nextBoolean());
            case 2, 3 -> number();
            case 4, 5 -> NODES.stringNode(text());
            case 6 -> array(depth);
            default -> object(depth);
        };
    }

    String text() {
        String text = TEXTS.get(random.nextInt(TEXTS.size()));
        return random.nextInt(4) == 0 ? text + TEXTS.get(random.nextInt(TEXTS.size())) : text;
    }

    JsonNode number() {
        return switch (random.nextInt(6)) {
            case 0 -> NODES.numberNode(random.nextInt(-20, 20));
            case 1 -> BigIntegerTag.node(BigInteger.valueOf(random.nextInt(-20, 20)));
            case 2 -> tag(random.nextBoolean() ? "00" + random.nextInt(9) : "-0" + "1".repeat(random.nextInt(700)));
            case 3 -> NODES.numberNode(new BigDecimal(BigInteger.valueOf(random.nextLong()), random.nextInt(-30, 30)));
            default -> NODES.numberNode(new BigDecimal(NUMBERS.get(random.nextInt(NUMBERS.size()))));
        };
    }

    private static ObjectNode tag(String digits) {
        return NODES.objectNode().put("__type", "bigint").put("value", digits);
    }

    private ArrayNode array(int depth) {
        ArrayNode array = NODES.arrayNode();
        for (int i = random.nextInt(4); i > 0; i--) {
            array.add(value(depth - 1));
        }
        return array;
    }

    private ObjectNode object(int depth) {
        ObjectNode object = NODES.objectNode();
        for (int i = random.nextInt(4); i > 0; i--) {
            object.set(text(), value(depth - 1));
        }
        return object;
    }
}
