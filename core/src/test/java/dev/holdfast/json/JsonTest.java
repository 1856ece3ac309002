package dev.holdfast.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @Test
    void takesTheGreatestDepth() {
        String deepest = "[".repeat(Json.DEPTH_MAX) + "]".repeat(Json.DEPTH_MAX);

        assertThat(Json.text(Json.parse(deepest))).isEqualTo(deepest);
        assertThat(Json.text(Json.parse(deepest.getBytes(UTF_8)))).isEqualTo(deepest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":", "[\"[{\\\"]}\","})
    void namesTheDepthAndItsLimit(String level) {
        String tooDeep = level.repeat(Json.DEPTH_MAX + 44);

        assertThatThrownBy(() -> Json.parse(tooDeep))
                .hasMessage("json.too_deep: the JSON nests arrays and objects deeper than the limit (jsonDepth=300,"
                        + " jsonDepthMax=256)");
        assertThatThrownBy(() -> Json.parse(tooDeep.getBytes(UTF_8)))
                .hasMessageContaining("jsonDepth=300, jsonDepthMax=256");
    }

    @Test
    void escapesAreWrittenInSmallLetters() {
        String text = "\"\\ud800 \\u001f \\udfff \\u000b\"";

        assertThat(Json.text(Json.parse(text))).isEqualTo(text);
        assertThat(Json.textAround(Json.parse(text.toUpperCase(Locale.ROOT).replace("\\U", "\\u"))))
                .isEqualTo(text);
    }

    @Test
    void otherLimitsOfTheParserAreNoMatterOfDepth() {
        assertThatThrownBy(() -> Json.parse("1".repeat(2_000)))
                .hasMessage("json.number_too_long: a number has more digits than the limit (numberDigitsMax=1000)");
        assertThatThrownBy(() -> Json.parse("0." + "1".repeat(1_001))).hasMessageStartingWith("json.number_too_long");
        assertThat(Json.parse("0." + "1".repeat(999)).decimalValue().precision())
                .isEqualTo(999);
    }
}
