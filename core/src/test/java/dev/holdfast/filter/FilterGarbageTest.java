package dev.holdfast.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Whatever is sent is either refused by a code of this package or understood; nothing in between. */
class FilterGarbageTest {
    private static final long SEED = Long.getLong("holdfast.seed", 20_261_122L);

    private static final List<String> KEYS = List.of(
            "$and",
            "$or",
            "$not",
            "$eq",
            "$gt",
            "$in",
            "$between",
            "$contains",
            "$null",
            "$now",
            "$offset",
            "offset",
            "__type",
            "value",
            "$",
            "$.a",
            "a",
            "a[0]",
            "a[",
            "\"a",
            "",
            "$x",
            "a..b");

    @Test
    void filtersAreRefusedOrUnderstood() throws SQLException {
        SplittableRandom random = new SplittableRandom(SEED);
        RandomWhere wheres = new RandomWhere(random);
        List<JsonNode> documents = List.of(wheres.document(), wheres.document(), wheres.document());
        int refused = 0;
        int understood = 0;
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:")) {
            DocumentTable table = new DocumentTable(Dialect.SQLITE, connection, documents);
            for (int i = 0; i < 20_000; i++) {
                JsonNode where = damaged(wheres.where(2), wheres, random);
                try {
                    Filter filter = Filter.parse(where, Instant.EPOCH);
                    understood++;

                    assertThat(Filter.parse(filter.toJson(), Instant.EPOCH).toJson())
                            .as(() -> about(where))
                            .isEqualTo(filter.toJson());
                    if (understood % 10 == 0) {
                        assertThat(table.found(filter).cardinality())
                                .as(() -> about(where))
                                .isNotNegative();
                    }
                } catch (InvalidInputException e) {
                    refused++;
                    assertThat(e.code()).as(() -> about(where)).startsWith("filter.");
                    assertThat(e.getMessage()).as(() -> about(where)).hasSizeLessThan(500);
                }
            }
        }
        assertThat(refused).isGreaterThan(2_000);
        assertThat(understood).isGreaterThan(2_000);
    }

    private static String about(JsonNode where) {
        return "holdfast.seed=" + SEED + ", where " + Json.text(where);
    }

    /** The same with something replaced, renamed or added somewhere. */
    private static JsonNode damaged(JsonNode node, RandomWhere wheres, RandomGenerator random) {
        if (random.nextInt(5) == 0 || node.isEmpty()) {
            return random.nextBoolean() ? wheres.document() : wheres.where(1);
        }
        int at = random.nextInt(node.size());
        if (node instanceof ArrayNode array) {
            array.set(at, damaged(array.get(at), wheres, random));
        } else if (node instanceof ObjectNode object) {
            String name = new ArrayList<>(object.propertyNames()).get(at);
            JsonNode value = object.get(name);
            switch (random.nextInt(4)) {
                case 0 -> object.set(KEYS.get(random.nextInt(KEYS.size())), value);
                case 1 -> {
                    object.remove(name);
                    object.set(KEYS.get(random.nextInt(KEYS.size())), value);
                }
                default -> object.set(name, damaged(value, wheres, random));
            }
        }
        return node;
    }

    /** SQLite reads the same language of paths, so what both accept leads to the same place. */
    @Test
    void pathsAreRefusedOrReadAsSqliteReadsThem() throws SQLException {
        String document = "{'a':{'a':1,'0':2,'':3,'a.a':4,' ':5},'0':[6,[7,8],{'a':9}],'\\\"':10,'#':11,'a]':12}"
                .replace('\'', '"');
        JsonNode tree = Json.parse(document);
        SplittableRandom random = new SplittableRandom(SEED);
        int same = 0;
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
                PreparedStatement select = connection.prepareStatement("SELECT json_extract(?, ?)")) {
            for (int i = 0; i < 50_000; i++) {
                String text = randomText(random, "aaa000...[[]]\"# -$");
                FieldPath path;
                try {
                    path = FieldPath.parse(text);
                } catch (InvalidInputException e) {
                    assertThat(e.code()).isEqualTo("filter.path");
                    continue;
                }
                assertThat(FieldPath.parse(path.toString())).as(text).isEqualTo(path);
                select.setString(1, "[" + document + "]");
                select.setString(
                        2,
                        "$[0]" + (text.startsWith("$") ? text.substring(1) : text.startsWith("[") ? text : "." + text));
                try (ResultSet row = select.executeQuery()) {
                    JsonNode value = path.get(tree);
                    if (row.next() && value.isNumber()) {
                        assertThat(row.getInt(1)).as(text).isEqualTo(value.intValue());
                        same++;
                    }
                }
            }
        }
        assertThat(same).isGreaterThan(500);
    }

    private static String randomText(RandomGenerator random, String alphabet) {
        StringBuilder text = new StringBuilder();
        for (int i = 1 + random.nextInt(7); i > 0; i--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }
}
