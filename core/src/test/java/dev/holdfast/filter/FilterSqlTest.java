package dev.holdfast.filter;

import static dev.holdfast.filter.Filter.where;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.Dialect;
import dev.holdfast.json.Json;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/** What the SQL of a filter is made of, how sharp it is, and that no database refuses it. */
class FilterSqlTest {
    /** Documents without anything that a database represents in another way. */
    private static final List<JsonNode> ORDINARY = Stream.of(
                    "{}",
                    "{'a':null}",
                    "{'a':true}",
                    "{'a':false}",
                    "{'a':0}",
                    "{'a':5}",
                    "{'a':-7}",
                    "{'a':'5'}",
                    "{'a':''}",
                    "{'a':'b'}",
                    "{'a':'ab'}",
                    "{'a':'abc'}",
                    "{'a':'ü'}",
                    "{'a':[]}",
                    "{'a':[5]}",
                    "{'a':['b',7]}",
                    "{'a':{}}",
                    "{'a':{'b':5}}",
                    "{'a':{'0':5}}",
                    "{'b':5}",
                    "[5]",
                    "5",
                    "'a'",
                    "null",
                    "{'0':5}",
                    "[{'a':5}]")
            .map(json -> Json.parse(json.replace('\'', '"')))
            .toList();

    private static PostgresServer server;

    @BeforeAll
    static void startServer() {
        server = PostgresServer.start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    private static Connection connect(Dialect dialect) throws SQLException {
        return switch (dialect) {
            case SQLITE -> DriverManager.getConnection("jdbc:sqlite::memory:");
            case POSTGRES -> server.connect();
        };
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void isSharpOnOrdinaryDocuments(Dialect dialect) throws SQLException {
        Stream<String> wheres = Stream.of(
                "{'a':5}",
                "{'a':{'$ne':5}}",
                "{'a':'5'}",
                "{'a':{'$ne':'b'}}",
                "{'a':true}",
                "{'a':{'$ne':true}}",
                "{'a':null}",
                "{'a':{'$ne':null}}",
                "{'a':{'$gt':0}}",
                "{'a':{'$gte':0}}",
                "{'a':{'$lt':5}}",
                "{'a':{'$lte':5}}",
                "{'a':{'$gt':'ab'}}",
                "{'a':{'$lte':'ab'}}",
                "{'a':{'$between':[-7,0]}}",
                "{'a':{'$in':[5,'b',true]}}",
                "{'a':{'$in':[5,7]}}",
                "{'a':{'$nin':[5,'b',true,false]}}",
                "{'a':{'$nin':['b',null]}}",
                "{'a':{'$in':[]}}",
                "{'a':{'$nin':[]}}",
                "{'a':{'$contains':'b'}}",
                "{'a':{'$notContains':'b'}}",
                "{'a':{'$startsWith':'ab'}}",
                "{'$not':{'a':{'$startsWith':'ab'}}}",
                "{'a':{'$endsWith':'b'}}",
                "{'$not':{'a':{'$endsWith':'b'}}}",
                "{'a':{'$contains':''}}",
                "{'$not':{'a':{'$contains':''}}}",
                "{'a':{'$empty':true}}",
                "{'a':{'$empty':false}}",
                "{'a.b':5}",
                "{'a[0]':5}",
                "{'a[#-1]':7}",
                "{'a.0':5}",
                "{'$':5}",
                "{'$[0]':5}",
                "{'$[0]':{'$null':true}}",
                "{'$[0].a':5}",
                "{'0':5}",
                "{'$or':[{'a':5},{'b':5}]}",
                "{'$not':{'$or':[{'a':5},{'a':0}]}}",
                "{'a':5,'b':5}",
                "{}");

        try (Connection connection = connect(dialect)) {
            DocumentTable table = new DocumentTable(dialect, connection, ORDINARY);
            for (String json : wheres.toList()) {
                Filter filter = Filter.parse(Json.parse(json.replace('\'', '"')), Instant.EPOCH);

                assertThat(table.found(filter)).as(json).isEqualTo(DocumentTable.matching(filter, ORDINARY));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void findsEveryPairOfValuesInEveryRelation(Dialect dialect) throws SQLException {
        List<JsonNode> values = Stream.concat(
                        RandomWhere.NUMBERS.stream().map(Json::parse),
                        RandomWhere.TEXTS.stream().map(StringNode::valueOf))
                .toList();

        try (Connection connection = connect(dialect)) {
            DocumentTable table = new DocumentTable(dialect, connection, values);
            for (JsonNode value : values) {
                Object operand = value.isNumber() ? value.decimalValue() : value.stringValue();
                for (Filter.Comparison comparison : Filter.Comparison.values()) {
                    Filter filter = new Filter.Compare(FieldPath.root(), comparison, Operand.of(operand));

                    findsEveryMatch(table, filter, values);
                }
                findsEveryMatch(table, where("$").in(List.of(operand)), values);
                findsEveryMatch(table, where("$").in(List.of(operand)).not(), values);
            }
        }
    }

    private static void findsEveryMatch(DocumentTable table, Filter filter, List<JsonNode> values) throws SQLException {
        BitSet missed = DocumentTable.matching(filter, values);
        missed.andNot(table.found(filter));

        assertThat(missed.stream().mapToObj(values::get)).as(filter.toString()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void letsThroughWhatOnlyJavaCanJudge(Dialect dialect) throws SQLException {
        List<JsonNode> documents = Stream.of("{'a':'x'}", "{'a':'\\u0000'}", "{'a':'\\ud800'}", "{'a':5}", "{}")
                .map(json -> Json.parse(json.replace('\'', '"')))
                .toList();

        try (Connection connection = connect(dialect)) {
            DocumentTable table = new DocumentTable(dialect, connection, documents);

            assertThat(table.found(where("a").containsIgnoreCase("y")).stream()).containsExactly(0, 1, 2);
            assertThat(table.found(where("a").containsIgnoreCase("y").not()).stream())
                    .containsExactly(0, 1, 2);
            assertThat(table.found(where("a").eq("\0")).stream()).containsExactly(0, 1, 2);
            assertThat(table.found(where("a").eq("y")).stream()).containsExactly(1, 2);
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void hasNeitherNamesNorValuesInItsText(Dialect dialect) {
        RandomWhere random = new RandomWhere(new SplittableRandom(21));
        String words = "[A-Za-z_0-9 (),.<>=:#~*{}\\[\\]$'\\\\+?|\"-]*";
        for (int i = 0; i < 2_000; i++) {
            Filter filter = Filter.parse(random.where(3), Instant.EPOCH)
                    .or(where("secret name").eq("secret value"))
                    .or(where("secret name").in(1234567, 7654321))
                    .or(where("secret[98765]").startsWith("'; DROP TABLE documents; --"));

            String sql = filter.sql(dialect, "d.body").sql();

            assertThat(sql).matches(words).doesNotContain("secret", "1234567", "98765", "DROP", "OR 1=1", "--");
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void isAlwaysTrueWhenNothingCanBeTold(Dialect dialect) {
        assertThat(Filter.all().sql(dialect, "body").isAlwaysTrue()).isTrue();
        assertThat(Filter.all().sql(dialect, "body").args()).isEmpty();
        assertThat(where(FieldPath.of("a\0")).eq(1).sql(dialect, "body").isAlwaysTrue())
                .isTrue();
        assertThat(where("a").eq(1).or(Filter.all()).sql(dialect, "body").isAlwaysTrue())
                .isTrue();
        assertThat(where("a").eq(1).and(Filter.all()).sql(dialect, "body").isAlwaysTrue())
                .isFalse();
        assertThat(Filter.all().not().sql(dialect, "body").sql()).isEqualTo("FALSE");
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void standsWhereverAConditionMay(Dialect dialect) throws SQLException {
        SqlCondition condition = where("a").gte(0).sql(dialect, "d.body");
        SqlCondition plain = where("a").gte(0).sql(dialect, "body");

        try (Connection connection = connect(dialect)) {
            new DocumentTable(dialect, connection, ORDINARY);

            // In an outer join's condition, negated, as a column, and below other tables' columns of the same names.
            assertThat(count(
                            connection,
                            "SELECT count(*) FROM documents AS d LEFT JOIN (SELECT 1 AS p0, 2 AS j) AS other ON "
                                    + condition.sql() + " WHERE NOT other.p0 IS NULL",
                            condition))
                    .isEqualTo(2);
            assertThat(count(connection, "SELECT count(*) FROM documents AS d WHERE NOT " + condition.sql(), condition))
                    .isEqualTo(ORDINARY.size() - 2);
            assertThat(count(
                            connection,
                            "SELECT sum(CASE WHEN hit THEN 1 ELSE 0 END) FROM (SELECT " + condition.sql()
                                    + " AS hit FROM documents AS d) AS hits",
                            condition))
                    .isEqualTo(2);
            try (PreparedStatement delete =
                    connection.prepareStatement("DELETE FROM documents WHERE id > -1 AND " + plain.sql())) {
                DocumentTable.bind(delete, plain);
                assertThat(delete.executeUpdate()).isEqualTo(2);
            }
        }
    }

    private static int count(Connection connection, String sql, SqlCondition condition) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            DocumentTable.bind(select, condition);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a.b.c", "a;", "a--", "\"a\"", "1a", "a.", ".a", "ä", "a)", "f(a)"})
    void takesOnlyTheNameOfAColumn(String column) {
        for (Dialect dialect : Dialect.values()) {
            assertThatThrownBy(() -> Filter.all().sql(dialect, column)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void theLargestFiltersStillRun(Dialect dialect) throws SQLException {
        Filter wide = Filter.anyOf(IntStream.range(0, 495)
                .mapToObj(i -> where("f" + i).gte(i + 0.5).not())
                .toList());
        Filter lists = Filter.allOf(IntStream.range(0, 4)
                .mapToObj(i -> where("a").notIn(Collections.nCopies(1000, i + 0.5)))
                .toList());
        Filter deep = where("a").eq(5);
        for (int i = 0; i < 7; i++) {
            deep = deep.not().and(where("a").lt(i)).not().or(where("b").eq(i));
        }
        FieldPath far = FieldPath.parse("a" + ".a".repeat(FieldPath.STEPS_MAX - 1));

        try (Connection connection = connect(dialect)) {
            DocumentTable table = new DocumentTable(dialect, connection, ORDINARY);
            for (Filter filter :
                    List.of(wide, lists, deep, wide.and(lists), where(far).isNull())) {
                assertThat(table.found(filter).cardinality())
                        .isGreaterThanOrEqualTo(
                                DocumentTable.matching(filter, ORDINARY).cardinality());
            }
        }
    }

    @Test
    void isNotFooledByTheSettingsOfAServer() throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE turned TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu"
                    + " ICU_LOCALE 'en-US' LOCALE 'C'");
        }
        List<JsonNode> documents = Stream.of("'a'", "'B'", "'b'", "'é'", "'z'", "'\\u0000'")
                .map(json -> Json.parse(json.replace('\'', '"')))
                .toList();
        try (Connection connection = server.connect("turned");
                Statement statement = connection.createStatement()) {
            DocumentTable table = new DocumentTable(Dialect.POSTGRES, connection, documents);
            // The language's order here is a b B é z, and a backslash escapes in plain literals.
            statement.execute("SET standard_conforming_strings = off");
            try (ResultSet order = statement.executeQuery("SELECT 'a' < 'B'")) {
                assertThat(order.next() && order.getBoolean(1)).isTrue();
            }

            assertThat(table.found(where("$").gt("a")).stream()).containsExactly(2, 3, 4, 5);
            assertThat(table.found(where("$").lt("a")).stream()).containsExactly(1, 5);
            assertThat(table.found(where("$").gte("z")).stream()).containsExactly(3, 4, 5);
        }
    }
}
