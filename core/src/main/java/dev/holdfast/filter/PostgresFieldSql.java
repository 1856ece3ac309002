package dev.holdfast.filter;

import static dev.holdfast.filter.SqlFragment.arg;
import static dev.holdfast.filter.SqlFragment.join;

import dev.holdfast.filter.Filter.Comparison;
import dev.holdfast.filter.Filter.TextPart;
import dev.holdfast.json.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.StringNode;

/**
 * Fields in PostgreSQL. The document is parsed to jsonb once per row and each path is followed once, in a subquery
 * whose columns {@code p0}, {@code p1}... the conditions name.
 *
 * <p>Numbers in jsonb are exact. Texts are compared under the collation "C", as UTF-8 bytes, whatever the database's
 * own is. Paths are SQL/JSON paths in strict mode, made silent: the operators {@code ->} and {@code #>} would take an
 * index for a name, a name for an index, and the first element of a plain number for the number.
 */
final class PostgresFieldSql implements FieldSql {
    /** Digits before or behind the point that surely fit jsonb's numbers, which end at 16,383 behind it. */
    private static final long DIGITS_MAX = 10_000;

    private final String json;
    private final List<FieldPath> paths = new ArrayList<>();

    PostgresFieldSql(String column) {
        this.json = "convert_from(" + column + ", 'UTF8')";
    }

    @Override
    public SqlFragment isNull(FieldPath path) {
        return join("(coalesce(jsonb_typeof(§), 'null') = 'null')", value(path));
    }

    @Override
    public SqlFragment isNotNull(FieldPath path) {
        return join("(jsonb_typeof(§) <> 'null')", value(path));
    }

    @Override
    public SqlFragment isEmpty(FieldPath path) {
        return join("(coalesce(§, 'null') IN ('null', '\"\"', '[]'))", value(path));
    }

    @Override
    public SqlFragment isNotEmpty(FieldPath path) {
        return join("(§ NOT IN ('null', '\"\"', '[]'))", value(path));
    }

    @Override
    public SqlFragment isText(FieldPath path) {
        return join("(jsonb_typeof(§) = 'string')", value(path));
    }

    @Override
    public SqlFragment isBoolean(FieldPath path, boolean value) {
        return join(value ? "(§ = 'true')" : "(§ = 'false')", value(path));
    }

    @Override
    public SqlFragment compare(FieldPath path, Comparison comparison, String text) {
        return join(
                "(jsonb_typeof(§) = 'string' AND § " + comparison.sql() + " §)",
                value(path),
                text(path),
                arg("?::text", text));
    }

    @Override
    public SqlFragment in(FieldPath path, List<String> texts, boolean among) {
        SqlFragment list = SqlFragment.list(texts.stream()
                .map(text -> arg("?::jsonb", Json.text(StringNode.valueOf(text))))
                .toList());
        return join(
                among ? "(§ IN (§))" : "(jsonb_typeof(§) = 'string' AND § NOT IN (§))",
                among ? new SqlFragment[] {value(path), list} : new SqlFragment[] {value(path), value(path), list});
    }

    @Override
    public SqlFragment match(FieldPath path, TextPart part, String text, boolean holds) {
        int length = text.codePointCount(0, text.length());
        SqlFragment matches = switch (part) {
            case CONTAINS -> join("strpos(§, §) > 0", text(path), arg("?::text", text));
            case STARTS_WITH -> join("starts_with(§, §)", text(path), arg("?::text", text));
            case ENDS_WITH -> join("right(§, §) = §", text(path), arg("?::int", length), arg("?::text", text));
        };
        return join(
                holds ? "(jsonb_typeof(§) = 'string' AND §)" : "(jsonb_typeof(§) = 'string' AND NOT §)",
                value(path),
                matches);
    }

    @Override
    public SqlFragment compare(FieldPath path, Comparison comparison, BigDecimal number) {
        SqlFragment exact =
                isExact(number) ? join("§ " + comparison.sql() + " §", value(path), number(number)) : SqlFragment.TRUE;
        return number(path, exact);
    }

    @Override
    public SqlFragment inNumbers(FieldPath path, List<BigDecimal> numbers, boolean among) {
        if (!numbers.stream().allMatch(PostgresFieldSql::isExact)) {
            return number(path, SqlFragment.TRUE);
        }
        SqlFragment list =
                SqlFragment.list(numbers.stream().map(PostgresFieldSql::number).toList());
        return number(path, join(among ? "§ IN (§)" : "§ NOT IN (§)", value(path), list));
    }

    /**
     * Documents that jsonb may refuse go through as a whole: those with U+0000 or a surrogate among their escapes (the
     * writer of JSON leaves pairs unescaped), and those with an exponent of four digits or more. A text that only looks
     * like it lets a document through, too. CASE keeps the cast from being tried for them.
     */
    @Override
    public SqlFragment complete(SqlFragment condition) {
        SqlFragment columns = SqlFragment.list(paths.stream().map(this::column).toList());
        return join(
                "(CASE WHEN " + json + " COLLATE \"C\" ~ E'\\\\\\\\u(0000|[dD])|[eE][-+]{0,1}[0-9]{4}' THEN TRUE"
                        + " ELSE (SELECT § IS TRUE FROM (SELECT § FROM (SELECT " + json
                        + "::jsonb AS j OFFSET 0) AS document OFFSET 0) AS fields) END)",
                condition,
                columns);
    }

    private SqlFragment column(FieldPath path) {
        return join(
                "jsonb_path_query_first(j, §, '{}', TRUE) AS p" + paths.indexOf(path),
                arg("?::jsonpath", written(path)));
    }

    private SqlFragment value(FieldPath path) {
        if (!paths.contains(path)) {
            paths.add(path);
        }
        return new SqlFragment("p" + paths.indexOf(path), List.of());
    }

    private SqlFragment text(FieldPath path) {
        return join("(§ #>> '{}') COLLATE \"C\"", value(path));
    }

    private static String written(FieldPath path) {
        StringBuilder text = new StringBuilder("strict $");
        for (FieldPath.Step step : path.steps()) {
            switch (step) {
                case FieldPath.Name(String name) -> text.append('.').append(Json.text(StringNode.valueOf(name)));
                case FieldPath.Index(int index) ->
                    text.append('[').append(index).append(']');
                case FieldPath.FromEnd(int back) ->
                    text.append("[last - ").append(back - 1).append(']');
            }
        }
        return text.toString();
    }

    /** A number of any kind; big integers that are objects are left to Java. */
    private SqlFragment number(FieldPath path, SqlFragment number) {
        return join(
                "(CASE jsonb_typeof(§) WHEN 'number' THEN § WHEN 'object' THEN § ->> '__type' = 'bigint' END)",
                value(path),
                number,
                value(path));
    }

    private static SqlFragment number(BigDecimal number) {
        return arg("?::jsonb", number.toString());
    }

    private static boolean isExact(BigDecimal number) {
        return (long) number.precision() - number.scale() <= DIGITS_MAX && number.scale() <= DIGITS_MAX;
    }
}
