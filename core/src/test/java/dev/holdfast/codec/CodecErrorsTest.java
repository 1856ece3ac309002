package dev.holdfast.codec;

import static dev.holdfast.codec.JsonCodecTest.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import dev.holdfast.key.Key;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.type.TypeReference;

class CodecErrorsTest {
    enum Level {
        LOW
    }

    record Item(int price, Level level, Key owner) {}

    @SuppressWarnings("ArrayRecordComponent")
    record Order(List<Item> items, Map<String, Item> byName, int[] counts) {}

    record Checked(int age) {
        Checked {
            if (age < 0) {
                throw new IllegalArgumentException("age is 0 or more");
            }
        }
    }

    static final class Unmapped {
        Unmapped(int a, int b) {}
    }

    static final class Failing {
        private final List<Integer> empty = List.of();

        public int getValue() {
            return empty.getFirst();
        }
    }

    record Nested(List<Nested> more) {}

    private static final String SECRET = "s3cr3t";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"items\":[{\"price\":1},{\"price\":\"s3cr3t\"}]} | $.items[1].price | int",
                "{\"byName\":{\"a\":{\"price\":[\"s3cr3t\"]}}} | $.byName.a.price | int",
                "{\"items\":[{\"level\":\"s3cr3t\"}]} | $.items[0].level | dev.holdfast.codec.CodecErrorsTest$Level",
                "{\"items\":\"s3cr3t\"} | $.items | java.util.ArrayList",
                "{\"items\":[{\"owner\":[{\"x\":\"s3cr3t\"}]}]} | $.items[0].owner | dev.holdfast.key.Key",
                "\"s3cr3t\" | $ | dev.holdfast.codec.CodecErrorsTest$Order",
                "{\"counts\":[1,\"s3cr3t\"]} | $.counts[1] | int"
            })
    void namesTypeAndPlaceAndNeverTheValue(String json, String place, String expected) {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> Codecs.json(Order.class).decode(bytes(json)))
                .withMessage("codec.mismatch: the JSON is not a dev.holdfast.codec.CodecErrorsTest$Order (path=" + place
                        + ", expected=" + expected + ")")
                .satisfies(e -> assertThat(trace(e)).doesNotContain(SECRET));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{\"items\":s3cr3t}", "{\"items\":[", "[1,,2]", "{} {\"a\":\"s3cr3t\"}", "\"s3cr3t"})
    void refusesWhatIsNoJson(String json) {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> Codecs.json(Order.class).decode(bytes(json)))
                .satisfies(e -> assertThat(e.code()).isEqualTo("codec.mismatch"))
                .withMessageContaining("CodecErrorsTest$Order")
                .satisfies(e -> assertThat(trace(e)).doesNotContain(SECRET));
    }

    @Test
    void namesLineAndColumnOfBrokenJson() {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> Codecs.jsonTree().decode(bytes("{\n  \"a\": nope}")))
                .withMessageStartingWith("codec.mismatch: the bytes are not JSON within the limits, expected a"
                        + " tools.jackson.databind.JsonNode (line=2, column=");
    }

    @Test
    void refusesBytesThatAreNotUtf8() {
        byte[] broken = {'"', (byte) 0xc3, (byte) 0x28, '"'};

        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> Codecs.text().decode(broken))
                .withMessageStartingWith("codec.mismatch: ");
    }

    @Test
    void refusesNullAsAValue() {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> Codecs.json(Checked.class).decode(bytes("null")))
                .withMessage("codec.mismatch: the JSON is null, which is no"
                        + " dev.holdfast.codec.CodecErrorsTest$Checked (path=$)");
    }

    @Test
    void keepsWhatTheClassItselfSaid() {
        Codec<List<Checked>> codec = Codecs.json(new TypeReference<>() {});

        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> codec.decode(bytes("[{\"age\":1},{\"age\":-1}]")))
                .withMessage("codec.mismatch: the JSON is not a"
                        + " java.util.List<dev.holdfast.codec.CodecErrorsTest$Checked> (path=$[1],"
                        + " expected=dev.holdfast.codec.CodecErrorsTest$Checked)")
                .withCauseInstanceOf(IllegalArgumentException.class)
                .havingCause()
                .withMessage("age is 0 or more");
    }

    @Test
    void cutsLongPathsToSize() {
        Codec<Map<String, Map<String, Map<String, Map<String, Integer>>>>> codec =
                Codecs.json(new TypeReference<>() {});
        String name = "n".repeat(100);
        String json = ("{\"" + name + "\":").repeat(4) + "\"x\"" + "}".repeat(4);

        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> codec.decode(bytes(json)))
                .withMessageContaining("(path=$." + "n".repeat(57) + "....n")
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(500));
    }

    @Test
    void saysWhichClassesCannotBeMapped() {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> Codecs.json(Unmapped.class).decode(bytes("{}")))
                .satisfies(e -> assertThat(e.code()).isEqualTo("codec.unsupported"))
                .withMessageContaining("no JSON form for a dev.holdfast.codec.CodecErrorsTest$Unmapped (path=$): ");
    }

    @Test
    void keepsWhatFailedWhileWriting() {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> Codecs.json(Failing.class).encode(new Failing()))
                .satisfies(e -> assertThat(e.code()).isEqualTo("codec.unsupported"))
                .withMessageContaining("CodecErrorsTest$Failing (path=$.value)")
                .withRootCauseInstanceOf(NoSuchElementException.class);
    }

    @Test
    void writesNothingThatItCouldNotReadBack() {
        Codec<Nested> codec = Codecs.json(Nested.class);
        Nested deepest = nested(Json.DEPTH_MAX / 2);

        assertThat(codec.decode(codec.encode(deepest))).isEqualTo(deepest);
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> codec.encode(nested(Json.DEPTH_MAX / 2 + 1)))
                .satisfies(e -> assertThat(e.code()).isEqualTo("codec.unsupported"));
    }

    private static Nested nested(int levels) {
        Nested nested = new Nested(List.of());
        for (int i = 1; i < levels; i++) {
            nested = new Nested(List.of(nested));
        }
        return nested;
    }

    /** Everything that a log would show of it. */
    private static String trace(Throwable e) {
        StringBuilder text = new StringBuilder();
        for (Throwable at = e; at != null; at = at.getCause()) {
            text.append(at).append(Arrays.toString(at.getSuppressed()));
        }
        return text.toString();
    }
}
