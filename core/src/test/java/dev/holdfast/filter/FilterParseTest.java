package dev.holdfast.filter;

import static dev.holdfast.filter.Filter.where;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterParseTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00.123456Z");
    private static final long NOW_MILLIS = 1_795_255_200_123L;

    private static Filter parse(String json) {
        return Filter.parse(Json.parse(json.replace('\'', '"')), NOW);
    }

    @Test
    void readsEachOperatorAsTheBuilderWritesIt() {
        assertThat(parse("{}")).isEqualTo(Filter.all());
        assertThat(parse("{'a':1}")).isEqualTo(where("a").eq(1));
        assertThat(parse("{'a':{'$eq':'x'}}")).isEqualTo(where("a").eq("x"));
        assertThat(parse("{'a':{'$ne':true}}")).isEqualTo(where("a").ne(true));
        assertThat(parse("{'a':{'$gt':1.5}}")).isEqualTo(where("a").gt(1.5));
        assertThat(parse("{'a':{'$gte':'x'}}")).isEqualTo(where("a").gte("x"));
        assertThat(parse("{'a':{'$lt':-1}}")).isEqualTo(where("a").lt(-1L));
        assertThat(parse("{'a':{'$lte':''}}")).isEqualTo(where("a").lte(""));
        assertThat(parse("{'a':{'$between':[1,2]}}")).isEqualTo(where("a").between(1, 2));
        assertThat(parse("{'a':{'$between':['x','y']}}")).isEqualTo(where("a").between("x", "y"));
        assertThat(parse("{'a':{'$in':['x',1,true]}}")).isEqualTo(where("a").in(List.of("x", 1, true)));
        assertThat(parse("{'a':{'$in':[null]}}")).isEqualTo(where("a").isNull());
        assertThat(parse("{'a':{'$in':['x',null]}}")).isEqualTo(where("a").in(Arrays.asList("x", null)));
        assertThat(parse("{'a':{'$nin':['x','y']}}")).isEqualTo(where("a").notIn("x", "y"));
        assertThat(parse("{'a':{'$nin':[1,2]}}")).isEqualTo(where("a").notIn(1, 2));
        assertThat(parse("{'a':{'$nin':[]}}")).isEqualTo(where("a").notIn(List.of()));
        assertThat(parse("{'a':{'$contains':'x'}}")).isEqualTo(where("a").contains("x"));
        assertThat(parse("{'a':{'$containsi':'x'}}")).isEqualTo(where("a").containsIgnoreCase("x"));
        assertThat(parse("{'a':{'$notContains':'x'}}"))
                .isEqualTo(where("a").contains("x").not());
        assertThat(parse("{'a':{'$startsWith':'x'}}")).isEqualTo(where("a").startsWith("x"));
        assertThat(parse("{'a':{'$startsWithi':'x'}}")).isEqualTo(where("a").startsWithIgnoreCase("x"));
        assertThat(parse("{'a':{'$endsWith':'x'}}")).isEqualTo(where("a").endsWith("x"));
        assertThat(parse("{'a':{'$endsWithi':'x'}}")).isEqualTo(where("a").endsWithIgnoreCase("x"));
        assertThat(parse("{'a':null}")).isEqualTo(where("a").isNull());
        assertThat(parse("{'a':{'$ne':null}}")).isEqualTo(where("a").isNotNull());
        assertThat(parse("{'a':{'$null':false}}")).isEqualTo(where("a").isNotNull());
        assertThat(parse("{'a':{'$empty':true}}")).isEqualTo(where("a").isEmpty());
        assertThat(parse("{'a':{'$notEmpty':true}}")).isEqualTo(where("a").isNotEmpty());
    }

    @Test
    void readsLogic() {
        Filter a = where("a").eq(1);
        Filter b = where("b").eq(2);

        assertThat(parse("{'a':1,'b':2}")).isEqualTo(a.and(b));
        assertThat(parse("{'$and':[{'a':1},{'b':2}]}")).isEqualTo(a.and(b));
        assertThat(parse("{'$or':[{'a':1},{'b':2}]}")).isEqualTo(a.or(b));
        assertThat(parse("{'$not':{'a':1,'b':2}}")).isEqualTo(a.and(b).not());
        assertThat(parse("{'$or':[{'a':1},{'b':2}],'a':1}")).isEqualTo(a.or(b).and(a));
        assertThat(parse("{'$and':[{}]}")).isEqualTo(Filter.all());
        assertThat(parse("{'a':{'$gt':1,'$lt':2}}"))
                .isEqualTo(where("a").gt(1).and(where("a").lt(2)));
    }

    @Test
    void readsAPlainObjectAsThePathToItsFields() {
        assertThat(parse("{'profile':{'verified':true}}"))
                .isEqualTo(where("profile.verified").eq(true));
        assertThat(parse("{'a':{'b':{'c':{'$gt':1},'d':'x'}}}"))
                .isEqualTo(where("a.b.c").gt(1).and(where("a.b.d").eq("x")));
        assertThat(parse("{'a':{'b.c':1,'[0]':2}}"))
                .isEqualTo(where("a.b.c").eq(1).and(where("a[0]").eq(2)));
        assertThat(parse("{'a':{'__type':'date'}}")).isEqualTo(where("a.__type").eq("date"));
    }

    @Test
    void readsEveryFormOfPath() {
        assertThat(parse("{'$':5}")).isEqualTo(where("$").eq(5));
        assertThat(parse("{'$.a':5}")).isEqualTo(where("a").eq(5));
        assertThat(parse("{'$[0].x':5}"))
                .isEqualTo(parse("{'[0].x':5}"))
                .isEqualTo(where("[0].x").eq(5));
    }

    @Test
    void readsBigIntegersByTheirTag() {
        Filter five = where("a").eq(5);

        assertThat(parse("{'a':{'__type':'bigint','value':'5'}}")).isEqualTo(five);
        assertThat(parse("{'a':{'$eq':{'value':'05','__type':'bigint'}}}")).isEqualTo(five);
        assertThat(parse("{'a':{'$in':[{'__type':'bigint','value':'5'}]}}"))
                .isEqualTo(where("a").in(5));
        assertThat(parse("{'a':{'$gt':{'__type':'bigint','value':'-123456789012345678901234567890'}}}"))
                .isEqualTo(where("a").gt(new BigDecimal("-123456789012345678901234567890")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"$eq", "$ne", "$gt", "$gte", "$lt", "$lte"})
    void readsTheClockInEachComparison(String operator) {
        for (String name : new String[] {"offset", "$offset"}) {
            Filter filter = parse("{'a':{'" + operator + "':{'$now':true,'" + name + "':-1000}}}");

            assertThat(filter).isEqualTo(parse("{'a':{'" + operator + "':" + (NOW_MILLIS - 1000) + "}}"));
        }
    }

    @Test
    void readsTheClockInListsAndWithoutAnOperator() {
        assertThat(parse("{'a':{'$now':true}}")).isEqualTo(where("a").eq(NOW_MILLIS));
        assertThat(parse("{'a':{'$between':[{'$now':true,'$offset':-9e15},{'$now':true}]}}"))
                .isEqualTo(where("a").between(NOW_MILLIS - 9_000_000_000_000_000L, NOW_MILLIS));
        assertThat(parse("{'a':{'$in':[{'$now':true},0]}}"))
                .isEqualTo(where("a").in(NOW_MILLIS, 0));
        assertThat(parse("{'a':{'$nin':[{'offset':0.5,'$now':true}]}}"))
                .isEqualTo(where("a").notIn(new BigDecimal(NOW_MILLIS + ".5")));
    }

    @Test
    void theClockIsReadOncePerFilter() {
        Filter filter = parse("{'a':{'$gte':{'$now':true}},'b':{'$lte':{'$now':true}}}");

        assertThat(filter).isEqualTo(where("a").gte(NOW_MILLIS).and(where("b").lte(NOW_MILLIS)));
        assertThat(Filter.parse(filter.toJson(), NOW.plus(Duration.ofDays(1)))).isEqualTo(filter);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        'x'                                  | filter.shape     | where, came=string
        5                                    | filter.shape     | where, came=number
        null                                 | filter.shape     | where, came=null
        [{'a':1}]                            | filter.shape     | where, came=array of 1
        {'$and':[]}                          | filter.no_parts  | where.$and
        {'$or':[]}                           | filter.no_parts  | where.$or
        {'$or':{'a':1}}                      | filter.shape     | where.$or, came=object of 1
        {'$or':[{'a':1},5]}                  | filter.shape     | where.$or[1], came=number
        {'$not':[{'a':1}]}                   | filter.shape     | where.$not, came=array of 1
        {'$nor':[{'a':1}]}                   | filter.operator  | where.$nor
        {'$not':{'$or':[{'a':{'$x':1}}]}}    | filter.operator  | where.$not.$or[0].a.$x
        {'a':{'$eqq':1}}                     | filter.operator  | where.a.$eqq
        {'a':{'$gt':0,'$bogus':1}}           | filter.operator  | where.a.$bogus
        {'a':{'$not':{'$gt':0}}}             | filter.operator  | where.a.$not
        {'a':{'b':{'$regex':'x'}}}           | filter.operator  | where.a.b.$regex
        {'a':{}}                             | filter.shape     | where.a, came=object of 0
        {'a':{'$gt':1,'b':1}}                | filter.shape     | where.a, came=object of 2
        {'a':[1]}                            | filter.operand   | where.a, came=array of 1
        {'a':{'$eq':{'y':1}}}                | filter.operand   | where.a.$eq, came=object of 1
        {'a':{'$eq':[1]}}                    | filter.operand   | where.a.$eq, came=array of 1
        {'a':{'$gt':true}}                   | filter.operand   | where.a.$gt, came=boolean
        {'a':{'$lte':null}}                  | filter.operand   | where.a.$lte, came=null
        {'a':{'$in':'x'}}                    | filter.operand   | where.a.$in, came=string
        {'a':{'$nin':[1,{}]}}                | filter.operand   | where.a.$nin[1], came=object of 0
        {'a':{'$between':[1]}}               | filter.operand   | where.a.$between, came=array of 1
        {'a':{'$between':[1,2,3]}}           | filter.operand   | where.a.$between, came=array of 3
        {'a':{'$between':1}}                 | filter.operand   | where.a.$between, came=number
        {'a':{'$between':[1,'x']}}           | filter.operand   | where.a.$between
        {'a':{'$between':[true,false]}}      | filter.operand   | where.a.$between[0], came=boolean
        {'a':{'$between':[null,1]}}          | filter.operand   | where.a.$between[0], came=null
        {'a':{'$contains':5}}                | filter.operand   | where.a.$contains, came=number
        {'a':{'$startsWith':null}}           | filter.operand   | where.a.$startsWith, came=null
        {'a':{'$null':1}}                    | filter.operand   | where.a.$null, came=number
        {'a':{'$empty':'true'}}              | filter.operand   | where.a.$empty, came=string
        {'a':{'$notEmpty':null}}             | filter.operand   | where.a.$notEmpty, came=null
        {'a':{'__type':'bigint','value':5}}  | filter.operand   | where.a, came=number
        {'a':{'__type':'bigint','value':'x'}} | filter.operand  | where.a, came=string
        {'a':{'$now':false}}                 | filter.operand   | where.a.$now, came=boolean
        {'a':{'$gt':{'$now':1}}}             | filter.operand   | where.a.$gt.$now, came=number
        {'a':{'$gt':{'$now':true,'$offset':'1h'}}} | filter.operand | where.a.$gt.$offset, came=string
        {'a':{'$gt':{'$now':true,'offset':null}}}  | filter.operand | where.a.$gt.$offset, came=null
        {'a':{'$gt':{'$now':true,'x':1}}}    | filter.operand   | where.a.$gt, came=object of 2
        {'a':{'$gt':{'$now':true,'$offset':1,'offset':1}}} | filter.operand | where.a.$gt, came=object of 3
        {'a':{'$gt':{'$now':true,'$offset':1e19}}} | filter.operand | where.a.$gt.$offset, came=number
        {'a':{'$gt':{'$now':true,'$offset':1e-999999999}}} | filter.operand | where.a.$gt.$offset, came=number
        {'a':{'$gt':{'$now':true,'$offset':1e600000000}}} | filter.operand | where.a.$gt.$offset, came=number
        {'a':{'$contains':{'$now':true}}}    | filter.operand   | where.a.$contains, came=object of 1
        {'':1}                               | filter.path      | where.
        {'a[b':1}                            | filter.path      | where.a[b
        {'$x':1}                             | filter.operator  | where.$x
        {'a':{'b..c':1}}                     | filter.path      | where.a.b..c
        """)
    void refusesAndNamesThePlace(String json, String code, String place) {
        assertThatThrownBy(() -> parse(json))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith(code + ": ")
                .hasMessageContaining("(at=" + place + ")");
    }

    @Test
    void neverShowsValuesAndCutsLongNames() {
        String secret = "secret".repeat(100);

        assertThatThrownBy(() -> parse("{'" + secret + "':{'$gt':[1,'" + secret + "']}}"))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200));
        assertThatThrownBy(() -> parse("{'a':{'$in':['hunter2',[]]}}"))
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hunter2"));
        assertThatThrownBy(() -> parse("{'a\\nb':{'$x\\r\\n':1}}")).hasMessageEndingWith("(at=where.a?b.$x??)");
    }

    @Test
    void boundsDepthBeforeItIsWalked() {
        String deepest = nested("{'$not':", 32);

        assertThat(Json.text(parse(deepest).toJson()))
                .isEqualTo(deepest.replace('\'', '"').replace(":1}", ":{\"$eq\":1}}"));
        assertThatThrownBy(() -> parse(nested("{'$not':", 33)))
                .hasMessageStartingWith(
                        "filter.too_deep: a filter has too many levels (levels=33, max=32, at=where.$not");
        assertThatThrownBy(() -> parse(nested("{'$not':", 250))).hasMessageStartingWith("filter.too_deep");
        assertThatThrownBy(() -> parse(nested("{'a':", 250))).hasMessageStartingWith("filter.path_too_deep");
    }

    @Test
    void boundsSize() {
        assertThatThrownBy(() -> parse("{'$or':[" + repeated("{'a':1}", 501) + "]}"))
                .hasMessage("filter.too_many_conditions: a filter has too many conditions (conditions=501, max=500)");
        assertThatThrownBy(() -> parse("{'a':{'$in':[" + repeated("1", 1001) + "]}}"))
                .hasMessage("filter.list_too_long: a list is too long (values=1001, max=1000)");
        assertThatThrownBy(() -> parse("{'$and':[" + repeated("{'a':{'$in':[" + repeated("1", 1000) + "]}}", 6) + "]}"))
                .hasMessage("filter.too_many_values: a filter has too many values (values=6000, max=5000)");
        assertThatThrownBy(() -> parse("{'a':{'__type':'bigint','value':'1" + "0".repeat(1000) + "'}}"))
                .hasMessageStartingWith("filter.number_too_long: a number has too many digits (digits=1001, max=1000");
        assertThatThrownBy(() -> parse("{'a':{'__type':'bigint','value':'" + "9".repeat(1_000_000) + "'}}"))
                .hasMessageStartingWith("filter.number_too_long");
    }

    private static String nested(String opening, int times) {
        return opening.repeat(times) + "{'a':1}" + "}".repeat(times);
    }

    private static String repeated(String text, int times) {
        return String.join(",", Collections.nCopies(times, text));
    }
}
