package dev.holdfast.filter;

import dev.holdfast.filter.Filter.Comparison;
import dev.holdfast.filter.Filter.TextPart;
import java.math.BigDecimal;
import java.util.List;

/**
 * What a dialect says about one field. Each answer holds at least where the condition is true of the stored value,
 * raises no error on any JSON text, and may be NULL instead of false.
 *
 * <p>Texts and names handed in are free of U+0000 and of lone surrogates. Documents that hold such escapes anywhere are
 * let through by {@link #complete} as a whole, so the answers need not be right for them.
 */
sealed interface FieldSql permits SqliteFieldSql, PostgresFieldSql {
    SqlFragment isNull(FieldPath path);

    SqlFragment isNotNull(FieldPath path);

    SqlFragment isEmpty(FieldPath path);

    SqlFragment isNotEmpty(FieldPath path);

    SqlFragment isText(FieldPath path);

    SqlFragment isBoolean(FieldPath path, boolean value);

    SqlFragment compare(FieldPath path, Comparison comparison, String text);

    SqlFragment compare(FieldPath path, Comparison comparison, BigDecimal number);

    /** The field is a text among these, or, for {@code among} false, a text that is none of them. */
    SqlFragment in(FieldPath path, List<String> texts, boolean among);

    /** The field is a number among these, or, for {@code among} false, a number that is none of them. */
    SqlFragment inNumbers(FieldPath path, List<BigDecimal> numbers, boolean among);

    /** The field is a text with this one in it, or, for {@code holds} false, a text without it there. */
    SqlFragment match(FieldPath path, TextPart part, String text, boolean holds);

    /** The whole condition, true or false, with what the dialect needs around it. */
    SqlFragment complete(SqlFragment condition);
}
