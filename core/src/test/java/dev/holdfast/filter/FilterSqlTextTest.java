package dev.holdfast.filter;

import static dev.holdfast.filter.Filter.where;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Dialect;
import org.junit.jupiter.api.Test;

/** The SQL of some filters as text, to be reviewed as SQL; the column is {@code body}. */
class FilterSqlTextTest {
    private static final String NUMBER_IN_POSTGRES = "(CASE jsonb_typeof(p0) WHEN 'number' THEN p0 % ?::jsonb"
            + " WHEN 'object' THEN p0 ->> '__type' = 'bigint' END)";

    @Test
    void sqliteComparesByTypeAndValue() {
        SqlCondition condition =
                where("name").gt("M").and(where("items[#-1].ok").eq(true)).sql(Dialect.SQLITE, "body");

        assertThat(condition.sql())
                .isEqualTo(inSqlite(
                        "((json_type(J, ?) = 'text' AND json_extract(J, ?) > ?)" + " AND (json_type(J, ?) = 'true'))"));
        assertThat(condition.args()).containsExactly("$.\"name\"", "$.\"name\"", "M", "$.\"items\"[#-1].\"ok\"");
    }

    @Test
    void sqliteComparesIntegersExactlyAndOtherNumbersNearby() {
        SqlCondition condition = where("age").gt(18).sql(Dialect.SQLITE, "body");

        assertThat(condition.sql())
                .isEqualTo(inSqlite("(CASE json_type(J, ?) WHEN 'integer' THEN json_extract(J, ?) > ?"
                        + " WHEN 'real' THEN json_extract(J, ?) >= ?"
                        + " WHEN 'object' THEN instr(json_extract(J, ?), '\"bigint\"') > 0 END)"));
        assertThat(condition.args()).hasSize(6).contains(18L);
        assertThat((Double) condition.args().get(4)).isLessThan(18.0).isGreaterThan(17.999);
    }

    @Test
    void sqliteTurnsANegationAround() {
        SqlCondition condition =
                where("a").startsWith("x").or(where("b").isNull()).not().sql(Dialect.SQLITE, "body");

        assertThat(condition.sql())
                .isEqualTo(inSqlite("((json_type(J, ?) = 'text' AND NOT substr(json_extract(J, ?), 1, ?) = ?)"
                        + " AND (json_type(J, ?) <> 'null'))"));
        assertThat(condition.args()).containsExactly("$.\"a\"", "$.\"a\"", 1, "x", "$.\"b\"");
    }

    @Test
    void postgresFollowsEachPathOnce() {
        SqlCondition condition = where("a.b").gte(1.5).and(where("a.b").lt(10)).sql(Dialect.POSTGRES, "body");

        String both =
                "(" + NUMBER_IN_POSTGRES.replace("%", ">=") + " AND " + NUMBER_IN_POSTGRES.replace("%", "<") + ")";
        assertThat(condition.sql())
                .isEqualTo(inPostgres(both, "jsonb_path_query_first(j, ?::jsonpath, '{}', TRUE) AS p0"));
        assertThat(condition.args()).containsExactly("1.5", "1E+1", "strict $.\"a\".\"b\"");
    }

    @Test
    void postgresComparesTextAsBytes() {
        SqlCondition condition =
                where("$[0]").lte("é").or(where("b").in("x", "y")).sql(Dialect.POSTGRES, "body");

        assertThat(condition.sql())
                .isEqualTo(inPostgres(
                        "((jsonb_typeof(p0) = 'string' AND (p0 #>> '{}') COLLATE \"C\" <= ?::text)"
                                + " OR (p1 IN (?::jsonb, ?::jsonb)))",
                        "jsonb_path_query_first(j, ?::jsonpath, '{}', TRUE) AS p0,"
                                + " jsonb_path_query_first(j, ?::jsonpath, '{}', TRUE) AS p1"));
        assertThat(condition.args()).containsExactly("é", "\"x\"", "\"y\"", "strict $[0]", "strict $.\"b\"");
    }

    private static String inSqlite(String condition) {
        return ("(CASE WHEN J GLOB '*\\u[0dD]*' THEN TRUE ELSE " + condition + " IS TRUE END)")
                .replace("J", "CAST(body AS TEXT)");
    }

    private static String inPostgres(String condition, String columns) {
        return "(CASE WHEN convert_from(body, 'UTF8') COLLATE \"C\""
                + " ~ E'\\\\\\\\u(0000|[dD])|[eE][-+]{0,1}[0-9]{4}' THEN TRUE"
                + " ELSE (SELECT " + condition + " IS TRUE FROM (SELECT " + columns
                + " FROM (SELECT convert_from(body, 'UTF8')::jsonb AS j OFFSET 0) AS document OFFSET 0)"
                + " AS fields) END)";
    }
}
