package dev.holdfast.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class FieldPathTest {
    private static final JsonNode DOCUMENT = Json.parse("""
            {"a": 1, "b": {"c": 2}, "items": [{"price": 3}, {"price": 4}], "a.b": {"c": 5}, "two words": 6, "da-sh": 7,
             "größe": 8, "x]y": 9, "q\\"q": 10, "back\\\\slash": 11, "": 12, "$and": 13, "0": 14, "x[0]": 15}
            """);

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        a                    | 1
        $.a                  | 1
        b.c                  | 2
        $.b.c                | 2
        items[0].price       | 3
        items[#-1].price     | 4
        items[#-2].price     | 3
        "a.b".c              | 5
        two words            | 6
        da-sh                | 7
        größe                | 8
        x]y                  | 9
        q"q                  | 10
        "q\\"q"               | 10
        back\\slash           | 11
        "back\\slash"         | 11
        "back\\\\slash"        | 11
        ""                   | 12
        "$and"               | 13
        0                    | 14
        "x[0]"               | 15
        """)
    void leadsTo(String path, int value) {
        assertThat(FieldPath.parse(path).get(DOCUMENT).intValue()).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[0].x", "$[0].x", "$[#-1].x"})
    void startsAtAnArray(String path) {
        assertThat(FieldPath.parse(path).get(Json.parse("[{\"x\":1}]")).intValue())
                .isEqualTo(1);
    }

    @Test
    void leadsToTheWholeDocument() {
        assertThat(FieldPath.parse("$").get(DOCUMENT)).isSameAs(DOCUMENT);
        assertThat(FieldPath.root()).isEqualTo(FieldPath.parse("$")).isEqualTo(FieldPath.of());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "none",
                "a.b",
                "a[0]",
                "b[0]",
                "b.c.d",
                "items.price",
                "items[2]",
                "items[#-3]",
                "items.0",
                "$[0]"
            })
    void isMissingWhereNothingIsOrAnotherType(String path) {
        assertThat(FieldPath.parse(path).get(DOCUMENT).isMissingNode()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                ".a",
                "a.",
                "a..b",
                "a[",
                "a[]",
                "a[x]",
                "a[-1]",
                "a[+1]",
                "a[0",
                "a[0]b",
                "a.[0]",
                "a[#]",
                "a[#-]",
                "a[#-0]",
                "a[#1]",
                "a[1234567890]",
                "$a",
                "$and",
                "$.",
                "$$",
                "\"a",
                "\"a\"b",
                "\"a\\\"",
                "a.\"b",
                "[0",
                "a[ 0 ]"
            })
    void refusesWhatIsNoPath(String text) {
        assertThatThrownBy(() -> FieldPath.parse(text))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("filter.path: not a path: ");
    }

    @Test
    void namesTheFaultWithoutRepeatingALongPath() {
        String text = "x".repeat(500) + "\n[";

        assertThatThrownBy(() -> FieldPath.parse(text))
                .hasMessageContaining("the bracket is never closed")
                .hasMessageContaining("at=501")
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200));
    }

    @Test
    void printsWhatItReads() {
        for (String text :
                new String[] {"$", "a", "a.b[0][#-1].c", "$[0].x", "\"a.b\".c", "\"\"", "\"$x\"", "a b.c-d"}) {
            assertThat(FieldPath.parse(text)).hasToString(text);
        }
        assertThat(FieldPath.parse("$.a")).hasToString("a");
        assertThat(FieldPath.parse("[0]")).hasToString("$[0]");
        assertThat(FieldPath.of("a.b", "c")).hasToString("\"a.b\".c");
    }

    @Test
    void everyPathIsReadBackAsItself() {
        RandomWhere random = new RandomWhere(new SplittableRandom(7));

        for (int i = 0; i < 5_000; i++) {
            FieldPath path = random.path();

            assertThat(FieldPath.parse(path.toString())).isEqualTo(path).hasSameHashCodeAs(path);
        }
    }

    @Test
    void goesOnWithAnotherPath() {
        assertThat(FieldPath.parse("a[0]").then(FieldPath.parse("b"))).isEqualTo(FieldPath.parse("a[0].b"));
        assertThat(FieldPath.root().then(FieldPath.parse("b"))).isEqualTo(FieldPath.parse("b"));
        assertThat(FieldPath.parse("a")).isNotEqualTo(FieldPath.parse("b")).isNotEqualTo("a");
    }

    @Test
    void isBounded() {
        String deepest = "a" + ".a".repeat(FieldPath.STEPS_MAX - 1);
        String longest = "x".repeat(FieldPath.NAME_CHARS_MAX);
        assertThat(FieldPath.parse(deepest)).hasToString(deepest);
        assertThat(FieldPath.parse(longest)).hasToString(longest);

        assertThatThrownBy(() -> FieldPath.parse(deepest + ".a"))
                .hasMessage("filter.path_too_deep: a path has too many steps (steps=65, max=64)");
        assertThatThrownBy(() -> FieldPath.parse(deepest.repeat(100).replace("aa", "a.a")))
                .hasMessageStartingWith("filter.path_too_deep");
        assertThatThrownBy(() -> FieldPath.of(longest, "y"))
                .hasMessage("filter.path_too_long: the names of a path are too long (nameChars=1025, max=1024)");
        assertThatThrownBy(() -> FieldPath.parse(deepest).then(FieldPath.parse("a")))
                .hasMessageStartingWith("filter.path_too_deep");
    }
}
