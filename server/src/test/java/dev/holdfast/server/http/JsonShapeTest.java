package dev.holdfast.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class JsonShapeTest {
    private static void require(String text, int levels) {
        JsonShape.require(text.getBytes(UTF_8), levels);
    }

    @Test
    void countsArraysAndObjects() {
        assertThatCode(() -> require("[{\"a\":[1]}]", 3)).doesNotThrowAnyException();
        assertThatThrownBy(() -> require("[{\"a\":[1]}]", 2))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("jsonDepth=3 or more, jsonDepthMax=2");
        assertThatCode(() -> require("[[],[],[]]", 2)).doesNotThrowAnyException();
        assertThatCode(() -> require("5", 1)).doesNotThrowAnyException();
    }

    @Test
    void countsValues() {
        int each = JsonShape.VALUES_MAX / 2;
        String objects = "[" + "{},".repeat(each);

        // Each object counts with the comma behind it, and the array as one.
        assertThatThrownBy(() -> require(objects, Json.DEPTH_MAX))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("http.json_too_many_values")
                .hasMessageContaining("jsonValuesMax=1000000");
        assertThatCode(() -> require(objects.substring(3), Json.DEPTH_MAX)).doesNotThrowAnyException();
        assertThatCode(() -> require("\"" + ",".repeat(JsonShape.VALUES_MAX + 1) + "\"", 5))
                .doesNotThrowAnyException();
    }

    @Test
    void bracketsInTextDoNotCount() {
        assertThatCode(() -> require("[\"[[[[{{{{\"]", 1)).doesNotThrowAnyException();
        assertThatCode(() -> require("[\"\\\"[[[\",\"\\\\\"]", 1)).doesNotThrowAnyException();
        assertThatThrownBy(() -> require("[\"\\\\\",[[]]]", 2)).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void leavesTheGreatestDepthToTheParser() {
        String deep = "[".repeat(Json.DEPTH_MAX + 1) + "]".repeat(Json.DEPTH_MAX + 1);

        assertThatCode(() -> require(deep, Json.DEPTH_MAX)).doesNotThrowAnyException();
        assertThatThrownBy(() -> Json.parse(deep)).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void brokenTextIsNotItsBusiness() {
        for (String broken : new String[] {"", "\"", "\"\\", "]]]]", "[\"", "{]"}) {
            assertThatCode(() -> require(broken, 2)).as(broken).doesNotThrowAnyException();
        }
    }

    @Test
    void agreesWithTheTreeOfTheParser() {
        long seed = Long.getLong("holdfast.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 1_000; i++) {
            JsonNode tree = tree(random, 6);
            String text = Json.text(tree);
            int depth = depth(tree);
            if (depth > 0) {
                assertThatCode(() -> require(text, depth))
                        .as("seed %d, %s", seed, text)
                        .doesNotThrowAnyException();
            }
            if (depth > 1) {
                assertThatThrownBy(() -> require(text, depth - 1))
                        .as("seed %d, %s", seed, text)
                        .isInstanceOf(InvalidInputException.class);
            }
        }
    }

    private static JsonNode tree(Random random, int levels) {
        int kind = levels == 0 ? 0 : random.nextInt(3);
        if (kind == 0) {
            return Json.mapper().getNodeFactory().stringNode("a\\\"[{]}".substring(random.nextInt(7)));
        }
        if (kind == 1) {
            var array = Json.mapper().createArrayNode();
            for (int n = random.nextInt(3); n > 0; n--) {
                array.add(tree(random, levels - 1));
            }
            return array;
        }
        var object = Json.mapper().createObjectNode();
        for (int n = random.nextInt(3); n > 0; n--) {
            object.set("k[\"" + n, tree(random, levels - 1));
        }
        return object;
    }

    private static int depth(JsonNode node) {
        if (!node.isContainer()) {
            return 0;
        }
        return 1 + node.valueStream().mapToInt(JsonShapeTest::depth).max().orElse(0);
    }
}
