package dev.holdfast.filter;

import static dev.holdfast.filter.SqlFragment.arg;
import static dev.holdfast.filter.SqlFragment.join;

import dev.holdfast.filter.Filter.Comparison;
import dev.holdfast.filter.Filter.TextPart;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;

/**
 * Fields in SQLite, by {@code json_type} and {@code json_extract}. Both are called wherever they are needed: SQLite
 * keeps the parsed document between the calls, and a subquery that calls them once is slower.
 *
 * <p>Text is compared as UTF-8 bytes (BINARY, the collation of every expression), which is the order of code points.
 * Integers of 64 bits are exact. All other numbers become doubles whose last bits may be off, so they are compared with
 * a double a little below or above.
 */
final class SqliteFieldSql implements FieldSql {
    /** Larger integers could be mistaken for one that is no longer of 64 bits and became a double. */
    private static final BigDecimal EXACT_MAX = BigDecimal.TWO.pow(62);

    /** More than two conversions from decimal to double can differ by. */
    private static final double SLACK = 0x1p-40;

    private final String json;

    SqliteFieldSql(String column) {
        this.json = "CAST(" + column + " AS TEXT)";
    }

    @Override
    public SqlFragment isNull(FieldPath path) {
        return join("(coalesce(§, 'null') = 'null')", type(path));
    }

    @Override
    public SqlFragment isNotNull(FieldPath path) {
        return join("(§ <> 'null')", type(path));
    }

    @Override
    public SqlFragment isEmpty(FieldPath path) {
        return join(
                "(CASE coalesce(§, 'null') WHEN 'null' THEN TRUE WHEN 'text' THEN § = ''"
                        + " WHEN 'array' THEN § = '[]' END)",
                type(path),
                value(path),
                value(path));
    }

    @Override
    public SqlFragment isNotEmpty(FieldPath path) {
        return join(
                "(CASE § WHEN 'null' THEN FALSE WHEN 'text' THEN § <> ''"
                        + " WHEN 'array' THEN § <> '[]' ELSE § IS NOT NULL END)",
                type(path),
                value(path),
                value(path),
                type(path));
    }

    @Override
    public SqlFragment isText(FieldPath path) {
        return join("(§ = 'text')", type(path));
    }

    @Override
    public SqlFragment isBoolean(FieldPath path, boolean value) {
        return join(value ? "(§ = 'true')" : "(§ = 'false')", type(path));
    }

    @Override
    public SqlFragment compare(FieldPath path, Comparison comparison, String text) {
        return join("(§ = 'text' AND § " + comparison.sql() + " §)", type(path), value(path), arg(text));
    }

    @Override
    public SqlFragment in(FieldPath path, List<String> texts, boolean among) {
        SqlFragment list = SqlFragment.list(texts.stream().map(SqlFragment::arg).toList());
        return join(
                among ? "(§ = 'text' AND § IN (§))" : "(§ = 'text' AND § NOT IN (§))", type(path), value(path), list);
    }

    @Override
    public SqlFragment match(FieldPath path, TextPart part, String text, boolean holds) {
        int length = text.codePointCount(0, text.length());
        SqlFragment matches = switch (part) {
            case CONTAINS -> join("instr(§, §) > 0", value(path), arg(text));
            case STARTS_WITH -> join("substr(§, 1, §) = §", value(path), arg(length), arg(text));
            case ENDS_WITH -> join("substr(§, §) = §", value(path), arg(-length), arg(text));
        };
        return join(holds ? "(§ = 'text' AND §)" : "(§ = 'text' AND NOT §)", type(path), matches);
    }

    @Override
    public SqlFragment compare(FieldPath path, Comparison comparison, BigDecimal number) {
        SqlFragment near = near(path, comparison, number);
        SqlFragment exact = isExact(number)
                ? join("§ " + comparison.sql() + " §", value(path), arg(number.longValueExact()))
                : near;
        return number(path, exact, near);
    }

    @Override
    public SqlFragment inNumbers(FieldPath path, List<BigDecimal> numbers, boolean among) {
        List<SqlFragment> integers = numbers.stream()
                .filter(SqliteFieldSql::isExact)
                .map(number -> arg(number.longValueExact()))
                .toList();
        if (!among) {
            // A double that looks equal may be another number, so only integers can be told to be none of them.
            SqlFragment list = SqlFragment.list(integers);
            SqlFragment other = integers.isEmpty() ? SqlFragment.TRUE : join("§ NOT IN (§)", value(path), list);
            return number(path, other, SqlFragment.TRUE);
        }
        SqlFragment near = between(path, Collections.min(numbers), Collections.max(numbers));
        boolean exact = integers.size() == numbers.size();
        return number(path, exact ? join("§ IN (§)", value(path), SqlFragment.list(integers)) : near, near);
    }

    /**
     * Documents with an escape that SQLite reads in another way go through as a whole: U+0000 ends a name for it, and a
     * lone surrogate is no UTF-8. All escapes below U+1000 go with them; they are rare.
     */
    @Override
    public SqlFragment complete(SqlFragment condition) {
        return join("(CASE WHEN " + json + " GLOB '*\\u[0dD]*' THEN TRUE ELSE § IS TRUE END)", condition);
    }

    /** NULL when missing, else {@code null, true, false, integer, real, text, array} or {@code object}. */
    private SqlFragment type(FieldPath path) {
        return join("json_type(" + json + ", §)", arg(written(path)));
    }

    private SqlFragment value(FieldPath path) {
        return join("json_extract(" + json + ", §)", arg(written(path)));
    }

    private static String written(FieldPath path) {
        StringBuilder text = new StringBuilder("$");
        for (FieldPath.Step step : path.steps()) {
            switch (step) {
                case FieldPath.Name(String name) -> text.append('.').append(FieldPath.quoted(name));
                case FieldPath.Index(int index) ->
                    text.append('[').append(index).append(']');
                case FieldPath.FromEnd(int back) ->
                    text.append("[#-").append(back).append(']');
            }
        }
        return text.toString();
    }

    /** A number of any kind; big integers that are objects are left to Java. */
    private SqlFragment number(FieldPath path, SqlFragment integer, SqlFragment real) {
        return join(
                "(CASE § WHEN 'integer' THEN § WHEN 'real' THEN § WHEN 'object' THEN instr(§, '\"bigint\"') > 0 END)",
                type(path),
                integer,
                real,
                value(path));
    }

    private SqlFragment near(FieldPath path, Comparison comparison, BigDecimal number) {
        return switch (comparison) {
            case EQ -> between(path, number, number);
            case NE -> SqlFragment.TRUE;
            case GT, GTE -> join("§ >= §", value(path), arg(below(number)));
            case LT, LTE -> join("§ <= §", value(path), arg(above(number)));
        };
    }

    private SqlFragment between(FieldPath path, BigDecimal low, BigDecimal high) {
        return join("§ BETWEEN § AND §", value(path), arg(below(low)), arg(above(high)));
    }

    private static boolean isExact(BigDecimal number) {
        return number.abs().compareTo(EXACT_MAX) <= 0 && JsonNumber.fitsLong(number);
    }

    private static double above(BigDecimal number) {
        return -below(number.negate());
    }

    /** A double that is less than the number, infinities aside, whichever way it was converted. */
    private static double below(BigDecimal number) {
        double nearest = number.doubleValue();
        return nearest == Double.POSITIVE_INFINITY
                ? Double.MAX_VALUE * (1 - SLACK)
                : nearest - Math.max(Math.abs(nearest) * SLACK, Double.MIN_NORMAL);
    }
}
