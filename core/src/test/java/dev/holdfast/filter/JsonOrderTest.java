package dev.holdfast.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.json.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BinaryNode;
import tools.jackson.databind.node.DoubleNode;
import tools.jackson.databind.node.MissingNode;

class JsonOrderTest {
    private static final Comparator<JsonNode> ORDER = JsonOrder.values();

    private static final List<JsonNode> ASCENDING = Stream.concat(
                    Stream.of(MissingNode.getInstance()),
                    Stream.of(
                                    "null",
                                    "false",
                                    "true",
                                    "-1e400",
                                    "-1",
                                    "0",
                                    "0.5",
                                    "1",
                                    "{\"__type\":\"bigint\",\"value\":\"5\"}",
                                    "9007199254740993",
                                    "9007199254740993.5",
                                    "1e400",
                                    "\"\"",
                                    "\"A\"",
                                    "\"a\"",
                                    "\"ab\"",
                                    "\"b\"",
                                    "\"\uFFFD\"",
                                    "\"\uD835\uDCB3\"",
                                    "[]",
                                    "[null]",
                                    "[1]",
                                    "[1,0]",
                                    "[1,1]",
                                    "[2]",
                                    "[\"\"]",
                                    "[[]]",
                                    "[{}]",
                                    "{}",
                                    "{\"a\":1}",
                                    "{\"a\":1,\"b\":1}",
                                    "{\"b\":0,\"a\":2}",
                                    "{\"a\":\"x\"}",
                                    "{\"b\":0}")
                            .map(Json::parse))
            .toList();

    @Test
    void ordersByTypeAndThenByValue() {
        List<JsonNode> shuffled = new ArrayList<>(ASCENDING);
        Collections.shuffle(shuffled, new Random(3));

        shuffled.sort(ORDER);

        assertThat(shuffled).containsExactlyElementsOf(ASCENDING);
    }

    @Test
    void noTwoOfThemAreEqual() {
        for (int i = 0; i < ASCENDING.size(); i++) {
            for (int j = 0; j < ASCENDING.size(); j++) {
                assertThat(Integer.signum(ORDER.compare(ASCENDING.get(i), ASCENDING.get(j))))
                        .as("%s, %s", ASCENDING.get(i), ASCENDING.get(j))
                        .isEqualTo(Integer.compare(i, j));
            }
        }
    }

    @Test
    void isZeroForWhatIsEqualAsJson() {
        assertThat(ORDER.compare(Json.parse("1"), Json.parse("1.0"))).isZero();
        assertThat(ORDER.compare(Json.parse("5"), Json.parse("{\"value\":\"05\",\"__type\":\"bigint\"}")))
                .isZero();
        assertThat(ORDER.compare(Json.parse("{\"a\":1,\"b\":[2]}"), Json.parse("{\"b\":[2.0],\"a\":1}")))
                .isZero();
    }

    @Test
    void sortsWhatJsonCannotSayAsItIsPrinted() {
        assertThat(ORDER.compare(DoubleNode.valueOf(Double.NaN), Json.parse("\"NaN\"")))
                .isZero();
        assertThat(ORDER.compare(BinaryNode.valueOf(new byte[] {1}), Json.parse("\"AQ==\"")))
                .isZero();
    }

    @Test
    void isATotalOrderOverAnything() {
        RandomWhere random = new RandomWhere(new SplittableRandom(5));
        List<JsonNode> values = Stream.generate(random::document).limit(150).toList();

        for (JsonNode a : values) {
            assertThat(ORDER.compare(a, a)).isZero();
            for (JsonNode b : values) {
                int sign = Integer.signum(ORDER.compare(a, b));
                assertThat(Integer.signum(ORDER.compare(b, a))).isEqualTo(-sign);
                for (JsonNode c : values) {
                    if (sign <= 0 && ORDER.compare(b, c) <= 0 && ORDER.compare(a, c) > 0) {
                        throw new AssertionError("not transitive: " + a + ", " + b + ", " + c);
                    }
                }
            }
        }
    }

    @Test
    void ordersDocumentsByAField() {
        Stream<JsonNode> documents = Stream.of("{\"n\":2}", "{\"n\":\"x\"}", "{}", "{\"n\":10}", "{\"n\":null}")
                .map(Json::parse);

        assertThat(documents.sorted(JsonOrder.by(FieldPath.parse("n"))).map(Json::text))
                .containsExactly("{}", "{\"n\":null}", "{\"n\":2}", "{\"n\":10}", "{\"n\":\"x\"}");
    }

    @Test
    void ordersDocumentsBySeveralFields() {
        Stream<JsonNode> documents = Stream.of("{\"a\":1,\"b\":1}", "{\"a\":2,\"b\":1}", "{\"a\":1,\"b\":2}")
                .map(Json::parse);
        Comparator<JsonNode> order =
                JsonOrder.by(FieldPath.parse("a")).reversed().thenComparing(JsonOrder.by(FieldPath.parse("b")));

        assertThat(documents.sorted(order).map(Json::text))
                .containsExactly("{\"a\":2,\"b\":1}", "{\"a\":1,\"b\":1}", "{\"a\":1,\"b\":2}");
    }
}
