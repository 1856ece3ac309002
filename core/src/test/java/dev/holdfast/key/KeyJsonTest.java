package dev.holdfast.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import java.math.BigInteger;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;

/** Keys in JSON; the message texts are those of the KeyVal REST API, section 14. */
class KeyJsonTest {
    private static final String EXPECTED = "expected (string | number | bigint | boolean | Uint8Array), received ";

    @Test
    void readsAndPrintsEveryKindOfPart() {
        String json = """
                ["users",42,-1.5,true,{"__type":"bigint","value":"-5"},{"__type":"bytes","value":"_-8A"}]""";
        Key key = Key.of("users", 42, -1.5, true, BigInteger.valueOf(-5), new byte[] {(byte) 0xff, (byte) 0xef, 0});

        assertThat(KeyJson.parse(json)).isEqualTo(key);
        assertThat(KeyJson.text(key)).isEqualTo(json);
        assertThat(KeyJson.tree(key)).hasToString(json);
    }

    @Test
    void acceptsPaddedBytes() {
        assertThat(KeyJson.parse("[{\"value\":\"_w==\",\"__type\":\"bytes\"}]"))
                .isEqualTo(Key.of((Object) new byte[] {-1}));
    }

    @Test
    void printsWhatJsonHasNoNumberForAndReadsItBack() {
        Key key = Key.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0, 0.0);

        assertThat(KeyJson.text(key)).isEqualTo("""
                [{"__type":"number","value":"NaN"},{"__type":"number","value":"Infinity"},\
                {"__type":"number","value":"-Infinity"},{"__type":"number","value":"-0"},0]""");
        assertThat(KeyJson.parse(KeyJson.text(key))).isEqualTo(key);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "1.0, 1",
        "1e3, 1000",
        "-7, -7",
        "0.1, 0.1",
        "1e-400, 0",
        "9007199254740991, 9007199254740991",
        "9007199254740992, 9007199254740992",
        "9007199254740994, 9007199254740994",
        "-9007199254740994, -9007199254740994",
        "100000000000000000000, 1e20",
        "1180591620717411300000, 1180591620717411303424",
        "1180591620717411303424, 1180591620717411303424",
        "1e23, 1e23",
        "1.7976931348623157e308, 1.7976931348623157e308"
    })
    void readsNumbersThatMeanOneDouble(String json, double expected) {
        Key key = KeyJson.parse("[" + json + "]");

        assertThat(key).isEqualTo(Key.of(expected));
        assertThat(KeyJson.parse(KeyJson.text(key))).isEqualTo(key);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9007199254740993", "-9007199254740993", "9223372036854775807", "123456789012345678901234567890",
                "9007199254740993.0", "1e309", "-1e309", "1e999999999"
            })
    void refusesNumbersThatADoubleWouldTurnIntoOthers(String json) {
        refused(
                () -> KeyJson.parse("[\"id\"," + json + "]"),
                "key.invalid_part",
                "Invalid key part at index 1: " + EXPECTED + "number: ");
    }

    @Test
    void refusesNonFiniteNumbersOfTreesMadeByHand() {
        for (double number : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            JsonNode tree = JsonNodeFactory.instance.arrayNode().add(number);

            refused(() -> KeyJson.key(tree), "key.invalid_part", "Invalid key part at index 0: " + EXPECTED + "number");
        }
    }

    @Test
    void refusesWhatIsNoArray() {
        String before = "Key must be an array of (string | number | bigint | boolean | Uint8Array), received ";

        refused(() -> KeyJson.parse("\"users\""), "key.not_an_array", before + "string: \"users\"");
        refused(() -> KeyJson.parse("5"), "key.not_an_array", before + "number: 5");
        refused(() -> KeyJson.parse("null"), "key.not_an_array", before + "null: null");
        refused(() -> KeyJson.parse("{\"a\":1}"), "key.not_an_array", before + "object: {\"a\":1}");
        refused(() -> KeyJson.key(MissingNode.getInstance()), "key.not_an_array", before + "undefined: undefined");
    }

    @Test
    void showsAtMostFiftyCharactersOfAValue() {
        String long50 = "x".repeat(48);

        refused(() -> KeyJson.parse("\"" + long50 + "\""), "key.not_an_array", "string: \"" + long50 + "\"");
        refused(() -> KeyJson.parse("\"" + long50 + "y\""), "key.not_an_array", "string: \"" + "x".repeat(46) + "...");
    }

    @Test
    void refusesPartsOfOtherTypesWithTheirPlace() {
        String first = "Invalid key part at index 0: " + EXPECTED;

        refused(
                () -> KeyJson.parse("[\"a\",null]"),
                "key.invalid_part",
                "Invalid key part at index 1: " + EXPECTED + "null: null");
        refused(() -> KeyJson.parse("[{}]"), "key.invalid_part", first + "object: {}");
        refused(() -> KeyJson.parse("[[1]]"), "key.invalid_part", first + "array: [1]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"__type\":\"bigint\",\"value\":\"5n\"}",
                "{\"__type\":\"bigint\",\"value\":\"\"}",
                "{\"__type\":\"bigint\",\"value\":\"-\"}",
                "{\"__type\":\"bigint\",\"value\":5}",
                "{\"__type\":\"bigint\",\"value\":\"5\",\"more\":1}",
                "{\"__type\":\"bigint\"}",
                "{\"__type\":\"bytes\",\"value\":\"+/+/\"}",
                "{\"__type\":\"bytes\",\"value\":\"A\"}",
                "{\"__type\":\"number\",\"value\":\"5\"}",
                "{\"__type\":\"date\",\"value\":\"5\"}",
                "{\"__type\":1,\"value\":\"5\"}"
            })
    void refusesBrokenTags(String tag) {
        refused(
                () -> KeyJson.parse("[" + tag + "]"),
                "key.invalid_part",
                "Invalid key part at index 0: " + EXPECTED + "object: {\"__type\"");
    }

    @Test
    void refusesKeysBeyondTheLimitsWithTheCommonTexts() {
        refused(() -> KeyJson.parse("[]"), "key.empty", "Key cannot be empty. Provide at least one key part");
        refused(() -> KeyJson.parse(array(21, "1")), "key.too_deep", "Key too deep: 21 parts (max 20). ");
        refused(
                () -> KeyJson.parse("[\"" + "x".repeat(1025) + "\"]"),
                "key.part_too_long",
                "Key part at index 0 too long: 1025 chars (max 1024). ");
        refused(
                () -> KeyJson.parse("[1,{\"__type\":\"bytes\",\"value\":\"" + "AAAA".repeat(342) + "\"}]"),
                "key.part_too_long",
                "Key part at index 1 too large: 1026 bytes (max 1024)");
        refused(
                () -> KeyJson.parse(array(3, "\"" + "x".repeat(1000) + "\"")),
                "key.too_large",
                "Key too large: 3006 bytes (max 2048)");
    }

    @Test
    void readsPrefixesThatMayBeEmpty() {
        assertThat(KeyJson.prefix(Json.parse("[]"))).isEqualTo(KeyPrefix.all());
        assertThat(KeyJson.prefix(Json.parse("[\"a\",1]"))).isEqualTo(KeyPrefix.of("a", 1));
        assertThat(KeyJson.text(KeyPrefix.of("a", 1))).isEqualTo("[\"a\",1]");
        refused(() -> KeyJson.prefix(Json.parse("1")), "key.not_an_array", "Key must be an array of ");
    }

    @Test
    void readsListsOfKeysInOrderWithRepeats() {
        List<Key> keys = KeyJson.keys(Json.parse("[[\"b\"],[1],[\"b\"]]"), 3);

        assertThat(keys).containsExactly(Key.of("b"), Key.of(1), Key.of("b"));
    }

    @Test
    void refusesListsWithThePlaceOfTheBadKey() {
        refused(
                () -> keys("\"x\""),
                "key.list_not_an_array",
                "Keys must be an array of key arrays, received string: \"x\"");
        refused(() -> keys("[]"), "key.list_empty", "Keys array cannot be empty. ");
        refused(() -> keys(array(1001, "[1]")), "key.list_too_long", "Too many keys: 1001 (max 1000). ");
        refused(() -> keys("[[\"a\"],[]]"), "key.empty", "Invalid key at index 1: Key cannot be empty. ");
        refused(
                () -> keys("[[\"a\",{}]]"),
                "key.invalid_part",
                "Invalid key at index 0: Invalid key part at index 1: ");
        refused(() -> keys("[5]"), "key.not_an_array", "Invalid key at index 0: Key must be an array of ");
    }

    @Test
    void refusesTextThatIsNoJson() {
        refused(() -> KeyJson.parse("[\"a\""), "json.malformed", "the text is not valid JSON");
    }

    private static List<Key> keys(String json) {
        return KeyJson.keys(Json.parse(json), 1000);
    }

    private static String array(int size, String element) {
        return "[" + (element + ",").repeat(size - 1) + element + "]";
    }

    private static void refused(ThrowingCallable call, String code, String detail) {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.code()).isEqualTo(code))
                .satisfies(e -> assertThat(e.detail()).contains(detail));
    }
}
