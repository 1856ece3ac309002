package dev.holdfast.filter;

import dev.holdfast.engine.Dialect;
import dev.holdfast.filter.Filter.Comparison;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Renders filters as SQL that over-matches.
 *
 * <p>There are two renderings of each filter, one that holds wherever the filter is true and one that holds wherever it
 * is false; both may hold for more. A negation is the other rendering of its part, so SQL never negates anything and
 * inexact conditions stay safe below any number of negations. Unknown needs no rendering: a condition that asks for a
 * type holds in neither form where the type is another.
 */
final class FilterSql {
    private static final Pattern COLUMN = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)?");

    private final FieldSql fields;

    private FilterSql(FieldSql fields) {
        this.fields = fields;
    }

    static SqlCondition render(Filter filter, Dialect dialect, String column) {
        if (!COLUMN.matcher(column).matches()) {
            throw new IllegalArgumentException("not the name of a column: " + Texts.shown(column));
        }
        FieldSql fields = switch (dialect) {
            case SQLITE -> new SqliteFieldSql(column);
            case POSTGRES -> new PostgresFieldSql(column);
        };
        SqlFragment condition = new FilterSql(fields).where(filter, true);
        boolean constant = condition.equals(SqlFragment.TRUE) || condition.equals(SqlFragment.FALSE);
        SqlFragment whole = constant ? condition : fields.complete(condition);
        return new SqlCondition(whole.sql(), whole.args());
    }

    /** Holds at least where the filter is true, or, for {@code truth} false, at least where it is false. */
    private SqlFragment where(Filter filter, boolean truth) {
        return switch (filter) {
            case Filter.And and ->
                truth ? SqlFragment.and(parts(and.parts(), true)) : SqlFragment.or(parts(and.parts(), false));
            case Filter.Or or ->
                truth ? SqlFragment.or(parts(or.parts(), true)) : SqlFragment.and(parts(or.parts(), false));
            case Filter.Not not -> where(not.part(), !truth);
            // A name that the database cannot hold may still be in a document, as an escape.
            case Filter.Condition condition when !isStorable(condition.path()) -> SqlFragment.TRUE;
            case Filter.Condition condition -> where(condition, truth);
        };
    }

    private List<SqlFragment> parts(List<Filter> filters, boolean truth) {
        return filters.stream().map(filter -> where(filter, truth)).toList();
    }

    private SqlFragment where(Filter.Condition condition, boolean truth) {
        FieldPath path = condition.path();
        return switch (condition) {
            case Filter.Null isNull -> truth ? fields.isNull(path) : fields.isNotNull(path);
            case Filter.Empty empty -> truth ? fields.isEmpty(path) : fields.isNotEmpty(path);
            case Filter.Match match -> match(match, truth);
            case Filter.In in -> in(path, in.values(), truth);
            case Filter.Compare compare -> {
                Comparison comparison = compare.comparison();
                yield compare(path, truth ? comparison : comparison.negated(), compare.operand());
            }
        };
    }

    private SqlFragment compare(FieldPath path, Comparison comparison, Operand operand) {
        return switch (operand) {
            case Operand.Text(String text) ->
                Texts.isStorable(text) ? fields.compare(path, comparison, text) : fields.isText(path);
            case Operand.Num(BigDecimal number) -> fields.compare(path, comparison, number);
            case Operand.Bool(boolean bool) -> fields.isBoolean(path, bool == (comparison == Comparison.EQ));
        };
    }

    private SqlFragment match(Filter.Match match, boolean truth) {
        FieldPath path = match.path();
        if (match.text().isEmpty()) {
            return truth ? fields.isText(path) : SqlFragment.FALSE;
        }
        // Neither database folds case as Java does, so every text is worth a look.
        return match.ignoreCase() || !Texts.isStorable(match.text())
                ? fields.isText(path)
                : fields.match(path, match.part(), match.text(), truth);
    }

    /** One condition for each type in the list; a field has one type only, so or joins them in both renderings. */
    private SqlFragment in(FieldPath path, List<Operand> values, boolean truth) {
        if (values.isEmpty()) {
            return truth ? SqlFragment.FALSE : SqlFragment.TRUE;
        }
        List<String> texts = new ArrayList<>();
        List<BigDecimal> numbers = new ArrayList<>();
        List<SqlFragment> parts = new ArrayList<>();
        for (Operand value : values) {
            switch (value) {
                case Operand.Text(String text) -> texts.add(text);
                case Operand.Num(BigDecimal number) -> numbers.add(number);
                case Operand.Bool(boolean bool) -> parts.add(bools(path, values, bool, truth));
            }
        }
        if (!texts.isEmpty()) {
            parts.add(texts.stream().allMatch(Texts::isStorable) ? fields.in(path, texts, truth) : fields.isText(path));
        }
        if (!numbers.isEmpty()) {
            parts.add(fields.inNumbers(path, numbers, truth));
        }
        return SqlFragment.or(parts);
    }

    private SqlFragment bools(FieldPath path, List<Operand> values, boolean bool, boolean truth) {
        boolean other = values.contains(new Operand.Bool(!bool));
        if (truth) {
            return fields.isBoolean(path, bool);
        }
        return other ? SqlFragment.FALSE : fields.isBoolean(path, !bool);
    }

    private static boolean isStorable(FieldPath path) {
        return path.steps().stream()
                .allMatch(step -> !(step instanceof FieldPath.Name(String name)) || Texts.isStorable(name));
    }
}
