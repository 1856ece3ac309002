package dev.holdfast.testkit.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import dev.holdfast.stream.StreamAppended;
import dev.holdfast.stream.StreamException.Reason;
import dev.holdfast.stream.StreamOffset;
import dev.holdfast.stream.StreamSpec;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams of JSON messages. Section 10 of the Durable Streams protocol. */
public abstract class StreamJsonContract extends StreamSuite {
    /** The suite over the stores of one engine. */
    protected StreamJsonContract() {}

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"a":1}                 | 1 | {"a":1}
                    [{"a":1},{"a":2}]       | 2 | {"a":1},{"a":2}
                    [[1,2],[3]]             | 2 | [1,2],[3]
                    [[]]                    | 1 | []
                    [[[1]]]                 | 1 | [[1]]
                    5                       | 1 | 5
                    -1.50e+3                | 1 | -1.50e+3
                    null                    | 1 | null
                    true                    | 1 | true
                    "text, [with] \\" signs" | 1 | "text, [with] \\" signs"
                    [1,-2.0,null,"",{},[]]  | 6 | 1,-2.0,null,"",{},[]
                    [ 1 , {"a" : [ 2 ]} , "x" ] | 3 | 1,{"a" : [ 2 ]},"x"
                    {"é": "\\u00e9 😀"}      | 1 | {"é": "\\u00e9 😀"}
                    [12345678901234567890.123456789, 1e400] | 2 | 12345678901234567890.123456789,1e400
                    """)
    void anArrayIsSeveralMessagesWhoseTextsStayAsTheyWereSent(String body, long messages, String stored) {
        stream("a").create(StreamSpec.json());

        StreamAppended appended = stream("a").append(bytes(body));

        assertThat(appended.tail()).isEqualTo(messages);
        assertThat(text(stream("a").read(0, ALL))).isEqualTo("[" + stored + "]");
    }

    @Test
    void spaceAroundAJsonTextIsNoPartOfIt() {
        stream("a").create(StreamSpec.json());

        List.of(" \n\t7\r\n ", "\n[ 8 ,\t9 ]\n", "10 ", "11\t", "12\n", " \"13\" ", "true ", " null\t", "{ } ")
                .forEach(body -> stream("a").append(bytes(body)));

        assertThat(text(stream("a").read(0, ALL))).isEqualTo("[7,8,9,10,11,12,\"13\",true,null,{ }]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " ",
                "{",
                "[1,",
                "[1,]",
                "[1 2]",
                "{\"a\":}",
                "{\"a\" 1}",
                "{a:1}",
                "01",
                "[01]",
                "+1",
                "1 2",
                "{}{}",
                "[1]]",
                "nul",
                "NaN",
                "[\"open]",
                "\"bad \\x escape\"",
                "[{\"a\":\"\\u12\"}]",
                "// note\n1",
                "'a'",
                "[1]\u0000",
                "\ufeff1",
                "\"line\nbreak\"",
                "[{\"a\":\"tab\tinside\"}]"
            })
    void whatIsNoJsonStoresNothing(String body) {
        stream("a").create(StreamSpec.json().content(bytes("[0]")));

        assertInvalid("json.malformed", () -> stream("a").append(bytes(body)));
        assertInvalid(
                "json.malformed", () -> stream("b").create(StreamSpec.json().content(bytes(body))));

        assertThat(whole(stream("a"))).isEqualTo("[0]");
        assertRefused(Reason.NOT_FOUND, () -> stream("b").head());
        assertThat(rows("streams")).isOne();
    }

    @ParameterizedTest
    @ValueSource(strings = {"c3", "80", "c080", "eda080", "f5808080", "e282", "ff"})
    void aJsonTextThatIsNoUtf8IsRefusedWhereverItStands(String hex) {
        stream("a").create(StreamSpec.json());

        for (String around : List.of("\"%s\"", "[{\"a\":\"%s\"}]", "{\"%s\":1}", "[[\"%s\"]]")) {
            assertInvalid("json.malformed", () -> stream("a").append(spliced(around, hex)));
        }
        assertThat(rows("stream_data")).isZero();
    }

    @Test
    void jsonDeeperThanTheLimitIsRefused() {
        stream("a").create(StreamSpec.json());

        assertInvalid("json.too_deep", () -> stream("a").append(bytes("[".repeat(300) + "]".repeat(300))));
        assertInvalid("json.too_deep", () -> stream("a").append(bytes("[".repeat(256) + "]".repeat(256))));
        assertThat(rows("stream_data")).isZero();

        stream("a").append(bytes("[".repeat(253) + "]".repeat(253)));
        assertThat(Json.parse(stream("a").read(0, ALL).toBytes()).size()).isOne();
    }

    @Test
    void anEmptyArrayMakesAStreamButIsNoAppend() {
        stream("a").create(StreamSpec.json().content(bytes(" [ ] ")));

        assertInvalid("stream.empty", () -> stream("a").append(bytes("[]")));
        assertInvalid("stream.empty", () -> stream("a").append(say("[]").andClose()));
        assertThat(stream("a").head().tail()).isZero();
        assertThat(stream("a").head().closed()).isFalse();
        assertThat(text(stream("a").read(0, ALL))).isEqualTo("[]");
    }

    @Test
    void stateEventsCarryTheOffsetBehindTheirAppend() {
        stream("a").create(StreamSpec.json().content(bytes("[{\"n\":0}]")));

        stream("a").append(bytes("""
                [{"type":"t","headers":{"operation":"insert"}}, {"headers":{ "control":"reset"},"a":[1]},
                 {"headers":{"operation":"update","offset":"old"},"key":"k"}]"""));
        stream("a").append(bytes("{\"headers\":{\"operation\":\"delete\",\"x\":{\"y\":1}}}"));

        String four = "\"offset\":\"" + StreamOffset.text(4) + "\"";
        String five = "\"offset\":\"" + StreamOffset.text(5) + "\"";
        assertThat(text(stream("a").read(0, ALL)))
                .isEqualTo("[{\"n\":0},{\"type\":\"t\",\"headers\":{" + four
                        + ",\"operation\":\"insert\"}},{\"headers\":{"
                        + four + ", \"control\":\"reset\"},\"a\":[1]},{\"headers\":{\"operation\":\"update\"," + four
                        + "},\"key\":\"k\"},{\"headers\":{" + five
                        + ",\"operation\":\"delete\",\"x\":{\"y\":1}}}]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"headers\":{\"operation\":1}}",
                "{\"headers\":{\"control\":null}}",
                "{\"headers\":{}}",
                "{\"headers\":\"operation\"}",
                "{\"headers\":[{\"operation\":\"insert\"}]}",
                "{\"operation\":\"insert\"}",
                "{\"value\":{\"headers\":{\"operation\":\"insert\"}}}",
                "[[{\"headers\":{\"operation\":\"insert\"}}]]"
            })
    void whatIsNoStateEventStaysAsItIs(String body) {
        stream("a").create(StreamSpec.json());

        stream("a").append(bytes(body));

        assertThat(text(stream("a").read(0, ALL))).isEqualTo(body.startsWith("[") ? body : "[" + body + "]");
    }

    @Test
    void messagesAreReadFromTheMiddleOfAnAppendToo() {
        stream("a").create(StreamSpec.json());
        stream("a").append(bytes("[0, \"eins\" ,[2,2]]"));
        stream("a").append(bytes("{\"n\":3}"));
        stream("a").append(bytes("[4,5]"));
        List<String> all = List.of("0", "\"eins\"", "[2,2]", "{\"n\":3}", "4", "5");

        for (int offset = 0; offset <= all.size(); offset++) {
            assertThat(text(stream("a").read(offset, ALL)))
                    .isEqualTo("[" + String.join(",", all.subList(offset, all.size())) + "]");
        }
    }

    @Test
    void aNameThatIsTooLongIsNotCalledDeep() {
        stream("a").create(StreamSpec.json());

        assertThatThrownBy(() -> stream("a").append(bytes("{\"" + "k".repeat(50_001) + "\":1}")))
                .isInstanceOfSatisfying(
                        InvalidInputException.class, e -> assertThat(e.code()).isEqualTo("json.malformed"))
                .hasMessageContaining("nameCharactersMax=50000");
        assertThat(stream("a").head().tail()).isZero();
    }

    @Test
    void messagesOfAnyLengthAreFoundInTheMiddleOfAnAppend() {
        List<String> all = IntStream.of(1, 126, 127, 128, 129, 16_383, 16_384, 16_385, 1)
                .mapToObj(length -> "\"" + "x".repeat(length) + "\"")
                .toList();
        stream("a").create(StreamSpec.json().content(bytes(all.toString())));

        for (int offset = 0; offset < all.size(); offset++) {
            assertThat(text(stream("a").read(offset, ALL)))
                    .isEqualTo("[" + String.join(",", all.subList(offset, all.size())) + "]");
        }
    }

    private static byte[] spliced(String around, String hex) {
        var all = new ByteArrayOutputStream();
        String[] halves = around.split("%s", -1);
        all.writeBytes(bytes(halves[0]));
        all.writeBytes(java.util.HexFormat.of().parseHex(hex));
        all.writeBytes(bytes(halves[1]));
        return all.toByteArray();
    }
}
