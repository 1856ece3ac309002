package dev.holdfast.filter;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.json.Json;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Each operator against a field of each type, missing and null among them, and its negation against the same. */
class FilterOperatorsTest {
    private static final Map<String, JsonNode> FIELDS = new LinkedHashMap<>();

    static {
        field("missing", "{}");
        field("null", "{'v':null}");
        field("no", "{'v':false}");
        field("yes", "{'v':true}");
        field("0", "{'v':0}");
        field("5", "{'v':5.0}");
        field("5n", "{'v':{'__type':'bigint','value':'5'}}");
        field("9", "{'v':9}");
        field("''", "{'v':''}");
        field("'5'", "{'v':'5'}");
        field("'Ab'", "{'v':'Ab'}");
        field("'b%'", "{'v':'b%'}");
        field("[]", "{'v':[]}");
        field("[5]", "{'v':[5]}");
        field("{}", "{'v':{}}");
        field("{v}", "{'v':{'v':5}}");
    }

    private static void field(String name, String json) {
        FIELDS.put(name, Json.parse(json.replace('\'', '"')));
    }

    // A condition on the field v; where it is true; where it is false. Everywhere else it is unknown.
    private static final String TABLE = """
        # condition                    | true                       | false
        {'$eq':5}                      | 5 5n                       | 0 9
        {'$eq':{'__type':'bigint','value':'5'}} | 5 5n              | 0 9
        {'$eq':'5'}                    | '5'                        | '' 'Ab' 'b%'
        {'$eq':true}                   | yes                        | no
        {'$eq':null}                   | missing null               | no yes 0 5 5n 9 '' '5' 'Ab' 'b%' [] [5] {} {v}
        {'$ne':5}                      | 0 9                        | 5 5n
        {'$ne':'5'}                    | '' 'Ab' 'b%'               | '5'
        {'$ne':true}                   | no                         | yes
        {'$ne':null}                   | no yes 0 5 5n 9 '' '5' 'Ab' 'b%' [] [5] {} {v} | missing null
        {'$gt':5}                      | 9                          | 0 5 5n
        {'$gt':'5'}                    | 'Ab' 'b%'                  | '' '5'
        {'$gte':5}                     | 5 5n 9                     | 0
        {'$gte':'Ab'}                  | 'Ab' 'b%'                  | '' '5'
        {'$lt':5}                      | 0                          | 5 5n 9
        {'$lt':'Ab'}                   | '' '5'                     | 'Ab' 'b%'
        {'$lte':5}                     | 0 5 5n                     | 9
        {'$lte':'Ab'}                  | '' '5' 'Ab'                | 'b%'
        {'$between':[1,5]}             | 5 5n                       | 0 9
        {'$between':['5','B']}         | '5' 'Ab'                   | '' 'b%'
        {'$between':[5,1]}             |                            | 0 5 5n 9
        {'$in':[5,'Ab',true]}          | yes 5 5n 'Ab'              | no 0 9 '' '5' 'b%'
        {'$in':['Ab']}                 | 'Ab'                       | '' '5' 'b%'
        {'$in':[]}                     | | missing null no yes 0 5 5n 9 '' '5' 'Ab' 'b%' [] [5] {} {v}
        {'$in':[null]}                 | missing null               | no yes 0 5 5n 9 '' '5' 'Ab' 'b%' [] [5] {} {v}
        {'$in':[null,9]}               | missing null 9             | 0 5 5n
        {'$nin':[5,'Ab',true]}         | no 0 9 '' '5' 'b%'         | yes 5 5n 'Ab'
        {'$nin':[]}                    | missing null no yes 0 5 5n 9 '' '5' 'Ab' 'b%' [] [5] {} {v} |
        {'$nin':[null]}                | no yes 0 5 5n 9 '' '5' 'Ab' 'b%' [] [5] {} {v} | missing null
        {'$nin':[null,9]}              | 0 5 5n                     | missing null 9
        {'$contains':'b'}              | 'Ab' 'b%'                  | '' '5'
        {'$contains':'%'}              | 'b%'                       | '' '5' 'Ab'
        {'$contains':''}               | '' '5' 'Ab' 'b%'           |
        {'$contains':'5'}              | '5'                        | '' 'Ab' 'b%'
        {'$containsi':'B'}             | 'Ab' 'b%'                  | '' '5'
        {'$containsi':'_'}             |                            | '' '5' 'Ab' 'b%'
        {'$notContains':'b'}           | '' '5'                     | 'Ab' 'b%'
        {'$notContainsi':'B'}          | '' '5'                     | 'Ab' 'b%'
        {'$startsWith':'A'}            | 'Ab'                       | '' '5' 'b%'
        {'$startsWith':''}             | '' '5' 'Ab' 'b%'           |
        {'$startsWithi':'a'}           | 'Ab'                       | '' '5' 'b%'
        {'$startsWithi':'B'}           | 'b%'                       | '' '5' 'Ab'
        {'$endsWith':'b'}              | 'Ab'                       | '' '5' 'b%'
        {'$endsWith':''}               | '' '5' 'Ab' 'b%'           |
        {'$endsWithi':'B'}             | 'Ab'                       | '' '5' 'b%'
        {'$null':true}                 | missing null               | no yes 0 5 5n 9 '' '5' 'Ab' 'b%' [] [5] {} {v}
        {'$null':false}                | no yes 0 5 5n 9 '' '5' 'Ab' 'b%' [] [5] {} {v} | missing null
        {'$empty':true}                | missing null '' []         | no yes 0 5 5n 9 '5' 'Ab' 'b%' [5] {} {v}
        {'$empty':false}               | no yes 0 5 5n 9 '5' 'Ab' 'b%' [5] {} {v} | missing null '' []
        {'$notEmpty':true}             | no yes 0 5 5n 9 '5' 'Ab' 'b%' [5] {} {v} | missing null '' []
        {'$notEmpty':false}            | missing null '' []         | no yes 0 5 5n 9 '5' 'Ab' 'b%' [5] {} {v}
        {'$gt':0,'$lt':9}              | 5 5n                       | 0 9
        {'$gt':0,'$ne':5}              | 9                          | 0 5 5n
        {'v':5}                        | {v}                        |
        """;

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = TABLE)
    void operatorIs(String condition, String whereTrue, String whereFalse) {
        JsonNode where = Json.parse(("{'v':" + condition + "}").replace('\'', '"'));
        Filter filter = Filter.parse(where, Instant.EPOCH);

        assertThat(matches(filter)).as("where it is true").isEqualTo(whereTrue == null ? "" : whereTrue);
        assertThat(matches(filter.not())).as("where it is false").isEqualTo(whereFalse == null ? "" : whereFalse);
    }

    @Test
    void logicIsThreeValued() {
        Filter unknown = Filter.where("none").eq(1);
        Filter yes = Filter.all();
        Filter no = yes.not();

        // Unknown does not match, and neither does its negation, so only the other part can decide.
        assertThat(matches(unknown.or(yes))).isNotEmpty();
        assertThat(matches(unknown.and(no).not())).isNotEmpty();
        assertThat(matches(unknown.and(yes)) + matches(unknown.and(yes).not())).isEmpty();
        assertThat(matches(unknown.or(no)) + matches(unknown.or(no).not())).isEmpty();
        assertThat(matches(unknown.not().and(unknown.or(unknown)))).isEmpty();
    }

    @Test
    void valuesThatAreNoObjectsLackEveryField() {
        for (String json : new String[] {"5", "\"v\"", "true", "null", "[{\"v\":5}]"}) {
            JsonNode document = Json.parse(json);

            assertThat(Filter.where("v").isNull().matches(document)).as(json).isTrue();
            assertThat(Filter.where("v").eq(5).matches(document)).as(json).isFalse();
            assertThat(Filter.all().matches(document)).as(json).isTrue();
        }
    }

    @Test
    void theWholeValueIsAFieldToo() {
        Filter filter = Filter.where("$").between(1, 5).or(Filter.where("$").isEmpty());

        assertThat(filter.matches(Json.parse("3"))).isTrue();
        assertThat(filter.matches(Json.parse("[]"))).isTrue();
        assertThat(filter.matches(Json.parse("7"))).isFalse();
    }

    @Test
    void caseIsFoldedByUnicodeNotByAscii() {
        JsonNode document = Json.parse("{\"s\":\"ÜNÏ Straße ΟΔΟΣ\"}");

        assertThat(Filter.where("s").containsIgnoreCase("ün").matches(document)).isTrue();
        assertThat(Filter.where("s").containsIgnoreCase("STRASSE").matches(document))
                .isTrue();
        assertThat(Filter.where("s").endsWithIgnoreCase("οδος").matches(document))
                .isTrue();
        assertThat(Filter.where("s").startsWithIgnoreCase("uni").matches(document))
                .isFalse();
        assertThat(Filter.where("s").contains("ün").matches(document)).isFalse();
    }

    @Test
    void textIsOrderedByCodePoint() {
        JsonNode document = Json.parse("{\"s\":\"\\ud835\\udcb3\"}"); // U+1D4B3, whose first unit is below U+FFFD

        assertThat(Filter.where("s").gt("\uFFFD").matches(document)).isTrue();
        assertThat(Filter.where("s").lt("\uFFFD").matches(document)).isFalse();
    }

    private static String matches(Filter filter) {
        return FIELDS.entrySet().stream()
                .filter(entry -> filter.matches(entry.getValue()))
                .map(Map.Entry::getKey)
                .collect(joining(" "));
    }
}
