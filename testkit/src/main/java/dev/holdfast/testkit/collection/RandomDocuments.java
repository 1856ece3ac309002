package dev.holdfast.testkit.collection;

import dev.holdfast.collection.DocumentIndex;
import dev.holdfast.collection.DocumentQuery;
import dev.holdfast.filter.Filter;
import dev.holdfast.filter.FilterField;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Documents, filters, sorts and indexes that have much to do with each other: few fields, few values, all types. */
final class RandomDocuments {
    static final List<String> FIELDS = List.of("a", "b", "c", "n.x", "tags");
    /** The field that the full-text index is on; it holds some of {@link #TEXTS}. */
    static final String TEXT = "text";

    static final List<String> TEXTS = List.of("red", "green", "blue", "grey");

    /** The field that the JSON Schema has a rule for: no booleans. */
    static final String RULED = "c";

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final List<String> WORDS = List.of("", "a", "ab", "abc", "b", "ä", "\ud83d\ude00", "a\u0000");

    private final RandomGenerator random;

    RandomDocuments(RandomGenerator random) {
        this.random = random;
    }

    String id() {
        return "id" + random.nextInt(60);
    }

    ObjectNode document() {
        ObjectNode document = NODES.objectNode();
        for (String field : List.of("a", "b", "c")) {
            if (random.nextInt(5) > 0) {
                document.set(field, value());
            }
        }
        if (random.nextInt(3) > 0) {
            document.putObject("n").set("x", value());
        }
        if (random.nextInt(3) > 0) {
            document.set("tags", random.nextInt(4) == 0 ? value() : tags());
        }
        if (random.nextInt(3) == 0) {
            document.put(TEXT, text() + " " + text());
        }
        if (random.nextInt(8) == 0) {
            document.put("long", "y".repeat(random.nextInt(3_000)));
        }
        return document;
    }

    JsonNode value() {
        return switch (random.nextInt(10)) {
            case 0 -> NODES.nullNode();
            case 1 -> NODES.booleanNode(random.nextBoolean());
            case 2, 3, 4 -> NODES.stringNode(word());
            case 5 -> NODES.numberNode(BigDecimal.valueOf(random.nextInt(-3, 4) * 5L, 1));
            case 6 -> tags();
            default -> NODES.numberNode(random.nextInt(8));
        };
    }

    private ArrayNode tags() {
        ArrayNode tags = NODES.arrayNode();
        for (int i = random.nextInt(4); i > 0; i--) {
            tags.add(random.nextBoolean() ? NODES.stringNode(word()) : NODES.numberNode(random.nextInt(4)));
        }
        return tags;
    }

    String word() {
        return WORDS.get(random.nextInt(WORDS.size()));
    }

    String text() {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }

    String field() {
        return FIELDS.get(random.nextInt(FIELDS.size()));
    }

    Filter filter(int depth) {
        if (depth > 0 && random.nextInt(2) == 0) {
            Filter one = filter(depth - 1);
            return switch (random.nextInt(5)) {
                case 0 -> one.not();
                case 1 -> one.or(filter(depth - 1));
                default -> one.and(filter(depth - 1));
            };
        }
        return random.nextInt(8) == 0 ? onId() : condition(Filter.where(field()));
    }

    private Filter onId() {
        return switch (random.nextInt(4)) {
            case 0 -> Filter.where("id").eq(id());
            case 1 -> Filter.where("id").in(id(), id(), id(), "", "\u0000");
            case 2 -> Filter.where("id").startsWith("id" + random.nextInt(6));
            default -> Filter.where("id").between(id(), id());
        };
    }

    private Filter condition(FilterField field) {
        int number = random.nextInt(8);
        return switch (random.nextInt(14)) {
            case 0, 1 -> field.eq(number);
            case 2, 3 -> field.eq(word());
            case 4 -> field.eq(random.nextBoolean());
            case 5 -> field.gte(number);
            case 6 -> field.lt(number);
            case 7 -> field.between(number, number + random.nextInt(4));
            case 8 -> field.startsWith(word());
            case 9 -> field.in(List.of(number, word(), random.nextInt(8), true));
            case 10 -> field.gt(word());
            case 11 -> field.isNull();
            case 12 -> field.ne(number);
            default -> field.lte(word());
        };
    }

    DocumentQuery query() {
        DocumentQuery query = random.nextInt(6) == 0 ? DocumentQuery.all() : DocumentQuery.where(filter(2));
        if (random.nextInt(5) == 0) {
            query = query.containing(field(), random.nextBoolean() ? word() : random.nextInt(4));
        }
        if (random.nextInt(3) > 0) {
            query = query.sort(sort());
        }
        return random.nextInt(3) == 0 ? query : query.limit(random.nextInt(12));
    }

    private String[] sort() {
        List<String> keys = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            String key = random.nextInt(6) == 0 ? "id" : field();
            keys.add(random.nextInt(3) == 0 ? "-" + key : key);
        }
        return keys.toArray(String[]::new);
    }

    DocumentIndex index() {
        List<String> paths = new ArrayList<>();
        boolean multi = random.nextInt(4) == 0;
        for (int i = multi ? 0 : random.nextInt(3); i >= 0; i--) {
            String field = field();
            if (!paths.contains(field)) {
                paths.add(field);
            }
        }
        DocumentIndex index = DocumentIndex.on("i" + random.nextInt(6), paths.toArray(String[]::new));
        index = multi ? index.asMulti() : index;
        return random.nextInt(8) == 0 ? index.asUnique() : index;
    }
}
