package dev.holdfast.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.json.Json;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class DocumentTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"A long guide\" | a long guide",
                "3.14 | 3 14",
                "-7 | 7",
                "12345678901234567890123 | 12345678901234567890123",
                "true | true",
                "[\"ann\", \"Bob Ray\", 5, null, [false]] | ann ¶ bob ray ¶ 5 ¶ false",
                "{\"color\": \"red\", \"n\": {\"m\": [1]}} | color ¶ red ¶ n ¶ m ¶ 1",
                "\"a\\nb\\tc\\\"d\\u0000e\" | a b c d e",
                "[\"a\\nb\"] | a b",
                "{\"__type\": \"bigint\", \"value\": \"-42\"} | 42",
                "[{\"__type\": \"bigint\", \"value\": \"7\"}] | 7",
                "{\"__type\": \"bigint\", \"value\": \"x\"} | type ¶ bigint ¶ value ¶ x",
                "{\"__type\": \"bigint\", \"value\": \"7\", \"a\": 1} | type ¶ bigint ¶ value ¶ 7 ¶ a ¶ 1",
                "{\"__type\": 5, \"value\": 7} | type ¶ 5 ¶ value ¶ 7",
            })
    void aFieldIsItsTextWhateverItsType(String value, String tokens) {
        assertThat(tokens("{\"f\": " + value + "}", "f")).containsExactly(tokens.split(" "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"{\"f\": null}", "{}", "{\"f\": \"\"}", "{\"f\": []}", "{\"f\": {}}", "[null]", "\"f\"", "5"})
    void nullMissingAndEmptyFieldsHaveNoText(String document) {
        assertThat(tokens(document, "f")).isEmpty();
    }

    @Test
    void fieldsFollowInTheirGivenOrderWithAGapBetween() {
        String document = """
                {"title": "new", "body": "york city", "author": {"name": "Zoë"}, "hidden": "secret"}""";

        assertThat(tokens(document, "title", "none", "body", "author.name"))
                .containsExactly("new", "¶", "york", "city", "¶", "zoe");
        assertThat(tokens(document, "author.name", "title")).containsExactly("zoe", "¶", "new");
    }

    @Test
    void phrasesDoNotCrossFieldsNorElements() {
        List<String> tokens = tokens("""
                {"title": "new", "body": "york city", "tags": ["big", "apple"]}""", "title", "body", "tags");

        assertThat(SearchQuery.parse("\"york city\"", Tokenizer.UNICODE61).matches(tokens))
                .isTrue();
        assertThat(SearchQuery.parse("\"new york\"", Tokenizer.UNICODE61).matches(tokens))
                .isFalse();
        assertThat(SearchQuery.parse("\"big apple\"", Tokenizer.UNICODE61).matches(tokens))
                .isFalse();
        assertThat(SearchQuery.parse("new york apple", Tokenizer.UNICODE61).matches(tokens))
                .isTrue();
    }

    @Test
    void theDeepestDocumentHasItsText() {
        int depth = Json.DEPTH_MAX - 1;

        assertThat(tokens("{\"f\": " + "[".repeat(depth) + "\"deep\"" + "]".repeat(depth) + "}", "f"))
                .containsExactly("deep");
    }

    private static List<String> tokens(String document, String... fields) {
        return DocumentText.tokens(List.of(fields), fieldsOf(Json.parse(document)), Tokenizer.UNICODE61)
                .tokens();
    }

    /** Plain dotted names, all that these tests need of a field path. */
    static Function<String, JsonNode> fieldsOf(JsonNode document) {
        return field -> {
            JsonNode value = document;
            for (String name : field.split("\\.", -1)) {
                value = value.path(name);
            }
            return value;
        };
    }
}
