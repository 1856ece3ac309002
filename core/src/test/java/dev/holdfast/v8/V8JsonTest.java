package dev.holdfast.v8;

import static dev.holdfast.v8.V8Samples.bytes;
import static dev.holdfast.v8.V8Samples.json;
import static dev.holdfast.v8.V8Samples.refused;
import static dev.holdfast.v8.V8Samples.v8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.json.Json;
import java.util.HexFormat;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What each kind of value is in JSON, and the other way round. What the reference shows is tested with the page. */
class V8JsonTest {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '|',
            value = {
                "30, null",
                "54, true",
                "46, false",
                "4900, 0",
                "4901, -1",
                "49d804, 300",
                "49ffffffff0f, -2147483648",
                "4e000000000000e041, 2147483648",
                "4e000000000000f83f, 1.5",
                "5a00, |{\"__type\":\"bigint\",\"value\":\"0\"}|",
                "5a100500000000000000, |{\"__type\":\"bigint\",\"value\":\"5\"}|",
                "5a110500000000000000, |{\"__type\":\"bigint\",\"value\":\"-5\"}|",
                "5a2000000000000000000100000000000000, |{\"__type\":\"bigint\",\"value\":\"18446744073709551616\"}|",
                "220161, \"a\"",
                "2200, \"\"",
                "2201e9, \"é\"",
                "6302226f, \"漢\"",
                "63046100226f, \"a漢\"",
                "6f22016149027b01, {\"a\":1}",
                "6f7b00, {}",
                "41024902220161240002, |[1,\"a\"]|",
                "4100240000, []"
            })
    void theSameBothWays(String hex, String json) {
        assertThat(json(hex)).isEqualTo(json);
        assertThat(V8Json.encode(Json.parse(json))).isEqualTo(v8(hex));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '|',
            value = {
                "5f, null",
                "4e0000000000000080, |{\"__type\":\"number\",\"value\":\"-0\"}|",
                "440000000000000000, |{\"__type\":\"date\",\"value\":\"1970-01-01T00:00:00.000Z\"}|",
                "3b490249043a02, |{\"__type\":\"map\",\"value\":[[1,2]]}|",
                "2749022c01, |{\"__type\":\"set\",\"value\":[1]}|",
                "5222016103, |{\"__type\":\"regexp\",\"value\":\"/a/gi\"}|",
                "522200ff01, |{\"__type\":\"regexp\",\"value\":\"//dgilmsuy\"}|",
                "52220161 8002, |{\"__type\":\"regexp\",\"value\":\"/a/v\"}|",
                "79, true",
                "78, false",
                "6e000000000000f83f, 1.5",
                "7a110500000000000000, |{\"__type\":\"bigint\",\"value\":\"-5\"}|",
                "73220161, \"a\"",
                "5a0205, |{\"__type\":\"bigint\",\"value\":\"5\"}|",
                "5a01, |{\"__type\":\"bigint\",\"value\":\"0\"}|",
                "5302c3a9, \"é\"",
                "5301ff, \"\ufffd\"",
                "63023dd8, \"\\ud83d\"",
                "000063 02226f, \"漢\""
            })
    void whatOnlyComesFromJavaScript(String hex, String json) {
        assertThat(json(hex)).isEqualTo(json);
    }

    @Test
    void readsTheVersionsItKnows() {
        IntStream.rangeClosed(13, 16)
                .forEach(version -> assertThat(V8Json.decode(new byte[] {(byte) 0xff, (byte) version, 'I', 2}))
                        .isEqualTo(NODES.numberNode(1)));

        for (String hex : new String[] {"", "ff", "4902", "ff0c4902", "ff114902", "ff004902", "ff8f4902", "0f4902"}) {
            refused("v8.malformed", () -> V8Json.decode(bytes(hex)));
        }
    }

    @Test
    void namesOfPropertiesAreThoseOfJavaScript() {
        String properties = "490f 30 55ffffffff0f 30 4e000000000000f83f 30 4e0000000000000080 30 2201 61 30"
                + " 4e 50efe2d6e41a4b44 30 4e000000000000f87f 30";

        assertThat(json("6f" + properties + "7b07"))
                .isEqualTo("{\"-8\":null,\"4294967295\":null,\"1.5\":null,\"0\":null,\"a\":null,\"1e+21\":null,"
                        + "\"NaN\":null}");
    }

    @Test
    void ofEqualNamesTheLastOneCounts() {
        assertThat(json("6f 220161 4902 220162 4904 220161 4906 7b03")).isEqualTo("{\"a\":3,\"b\":2}");
        assertThat(json("6f 4902 4902 220131 4904 7b02")).isEqualTo("{\"1\":2}");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1970-01-01T00:00:00.000Z",
        "-1, 1969-12-31T23:59:59.999Z",
        "1234567890123.9, 2009-02-13T23:31:30.123Z",
        "8.64e15, +275760-09-13T00:00:00.000Z",
        "-8.64e15, -271821-04-20T00:00:00.000Z",
        "-62198755200000, -000001-01-01T00:00:00.000Z",
        "-62167219200000, 0000-01-01T00:00:00.000Z",
        "253402300800000, +010000-01-01T00:00:00.000Z"
    })
    void datesAreThoseOfJavaScript(double millis, String text) {
        assertThat(JsDate.text(millis)).contains(text);
    }

    @Test
    void datesThatAreNoneHaveNoTime() {
        assertThat(JsDate.text(8.64e15 + 1)).isEmpty();
        assertThat(JsDate.text(Double.NEGATIVE_INFINITY)).isEmpty();
        assertThat(json("44 000000000000f87f")).isEqualTo("{\"__type\":\"date\",\"value\":null}");
    }

    @Test
    void viewsAreTheBytesThatTheyShow() {
        String bytes = "{\"__type\":\"bytes\",\"value\":\"AwQ\"}";

        assertThat(json("42 04 01020304 56 57 02 02 00")).isEqualTo(bytes);
        assertThat(Json.text(V8Json.decode(bytes("ff10 42 04 01020304 56 3f 02 02 00"))))
                .isEqualTo(bytes);
        assertThat(Json.text(V8Json.decode(bytes("ff0d 42 04 01020304 56 68 02 02"))))
                .isEqualTo(bytes);
        assertThat(json("7e 02 08 0304 00 56 42 00 02 03")).isEqualTo(bytes);
        assertThat(json("42 02 0304")).isEqualTo(bytes);
        assertThat(json("5c 0d 02 0304")).isEqualTo(bytes);
        assertThat(json("5c 01 00")).isEqualTo("{\"__type\":\"bytes\",\"value\":\"\"}");
        assertThat(json("42 01 ff")).isEqualTo("{\"__type\":\"bytes\",\"value\":\"_w\"}");
    }

    @Test
    void severalViewsStandOnOneBuffer() {
        assertThat(json("41 04 42 02 0102 5e 01 56 42 01 01 00 5e 02 5e 01 24 00 04"))
                .isEqualTo("[{\"__type\":\"bytes\",\"value\":\"AQI\"},{\"__type\":\"bytes\",\"value\":\"Ag\"},"
                        + "{\"__type\":\"bytes\",\"value\":\"Ag\"},{\"__type\":\"bytes\",\"value\":\"AQI\"}]");
    }

    @Test
    void errorsHaveWhatTheyCameWith() {
        assertThat(json("72 2e")).isEqualTo("{\"__type\":\"error\",\"value\":{\"name\":\"Error\"}}");
        assertThat(json("72 63 4902 73 220173 52 6d 22016d 2e"))
                .isEqualTo("{\"__type\":\"error\",\"value\":"
                        + "{\"name\":\"RangeError\",\"cause\":1,\"stack\":\"s\",\"message\":\"m\"}}");
        assertThat(json("72 54 6d 22016d 45 6d 220178 2e"))
                .isEqualTo("{\"__type\":\"error\",\"value\":{\"name\":\"EvalError\",\"message\":\"x\"}}");
        assertThat(json("72 63 5e00 2e"))
                .isEqualTo("{\"__type\":\"error\",\"value\":"
                        + "{\"name\":\"Error\",\"cause\":{\"__type\":\"ref\",\"value\":\"$\"}}}");
    }

    @Test
    void arraysHaveTheirSlotsAndNothingElse() {
        assertThat(json("41 02 4902 2d 220161 4904 2401 02")).isEqualTo("[1,null]");
        assertThat(json("61 03 220131 4904 220161 4906 40 02 03")).isEqualTo("[null,2,null]");
        assertThat(json("61 00 40 00 00")).isEqualTo("[]");
        assertThat(json("61 03 2203 303031 30 4901 30 40 02 03")).isEqualTo("[null,null,null]");
    }

    @Test
    void whatStandsInSeveralPlacesIsWrittenInEach() {
        assertThat(json("41 03 6f 220161 4902 7b01 5e01 5e01 24 00 03")).isEqualTo("[{\"a\":1},{\"a\":1},{\"a\":1}]");
        assertThat(json("41 02 79 5e01 24 00 02")).isEqualTo("[true,true]");
    }

    @Test
    void whatStandsWithinItselfIsThePathToIt() {
        assertThat(json("6f 22016d 3b 49025e01 3a02 7b01"))
                .isEqualTo("{\"m\":{\"__type\":\"map\",\"value\":[[1,{\"__type\":\"ref\",\"value\":\"$.m\"}]]}}");
        assertThat(json("6f 2203612062 41 01 5e01 24 00 01 7b01"))
                .isEqualTo("{\"a b\":[{\"__type\":\"ref\",\"value\":\"$[\\\"a b\\\"]\"}]}");
        assertThat(json("41 01 3b 220161 27 5e02 2c01 3a02 24 00 01"))
                .isEqualTo("[{\"__type\":\"map\",\"value\":[[\"a\",{\"__type\":\"set\",\"value\":"
                        + "[{\"__type\":\"ref\",\"value\":\"$[0].value[0][1]\"}]}]]}]");
    }

    @ParameterizedTest
    @CsvSource({
        "3e2, 49d804",
        "1.0, 4902",
        "2147483647, 49feffffff0f",
        "-2147483648, 49ffffffff0f",
        "-2147483649, 4e000020000000e0c1",
        "9007199254740993, 4e0000000000004043",
        "1e400, 4e000000000000f07f",
        "-1e400, 4e000000000000f0ff",
        "1e-999999999, 4900",
        "-1e-400, 4e0000000000000080"
    })
    void numbersAreWhatJavaScriptReads(String json, String hex) {
        assertThat(HexFormat.of().formatHex(V8Json.encode(Json.parse(json)))).isEqualTo("ff0f" + hex);
    }

    @Test
    void doublesOfATreeKeepWhatJsonHasNotGot() {
        assertThat(V8Json.encode(NODES.numberNode(-0.0))).isEqualTo(v8("4e0000000000000080"));
        assertThat(V8Json.encode(NODES.numberNode(Double.NaN))).isEqualTo(v8("4e000000000000f87f"));
        assertThat(V8Json.encode(NODES.numberNode(2.0f))).isEqualTo(v8("4904"));
    }

    @Test
    void charactersOfTwoBytesBeginAtAnEvenPlace() {
        assertThat(V8Json.encode(Json.parse("{\"a\":\"漢\"}"))).isEqualTo(v8("6f220161 6302226f 7b01"));
        assertThat(V8Json.encode(Json.parse("{\"ab\":\"漢\"}"))).isEqualTo(v8("6f22026162 006302226f 7b01"));
        String text = "漢".repeat(64);
        assertThat(V8Json.encode(NODES.stringNode(text)))
                .startsWith(v8("00638001"))
                .hasSize(2 + 4 + 128);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"__type\":\"date\",\"value\":\"1970-01-01T00:00:00.000Z\"}",
                "{\"__type\":\"bigint\",\"value\":\"5x\"}",
                "{\"__type\":\"bigint\",\"value\":\"5\",\"more\":1}"
            })
    void otherMarksStayObjects(String json) {
        byte[] v8 = V8Json.encode(Json.parse(json));

        assertThat(v8[2]).isEqualTo((byte) 'o');
        assertThat(Json.text(V8Json.decode(v8))).isEqualTo(json);
    }

    @Test
    void refusesTreesThatAreNoJson() {
        for (JsonNode node :
                new JsonNode[] {NODES.missingNode(), NODES.pojoNode(new Object()), NODES.binaryNode(new byte[1])}) {
            refused("v8.unsupported", () -> V8Json.encode(NODES.arrayNode().add(node)));
        }
    }

    @Test
    void leavesItsInputAloneAndSharesNothing() {
        byte[] v8 = v8("42 02 0102");
        JsonNode node = V8Json.decode(v8);

        v8[4] = 9;

        assertThat(node.path("value").stringValue()).isEqualTo("AQI");
        assertThat(V8Json.decode(v8("30"))).isEqualTo(NODES.nullNode());
    }
}
