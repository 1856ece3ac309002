package dev.holdfast.filter;

import dev.holdfast.filter.Filter.Comparison;
import dev.holdfast.filter.Filter.TextPart;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A field that waits for its condition: {@code where("age")} in {@code where("age").gt(18)}.
 *
 * <p>All conditions compare values of one type only, and are neither true nor false where the field is missing, null or
 * of another type; see {@link Filter}. Numbers are compared by exact value, text by code point. A null argument is a
 * {@link NullPointerException} that names it; NaN and infinities are refused with {@code filter.operand}.
 */
public final class FilterField {
    private final FieldPath path;

    FilterField(FieldPath path) {
        this.path = path;
    }

    /** The field equals this text. */
    public Filter eq(String value) {
        return compare(Comparison.EQ, value);
    }

    /** The field equals this number. */
    public Filter eq(Number value) {
        return compare(Comparison.EQ, value);
    }

    /** The field is this truth value. */
    public Filter eq(boolean value) {
        return compare(Comparison.EQ, value);
    }

    /** The field is text, and another one. */
    public Filter ne(String value) {
        return compare(Comparison.NE, value);
    }

    /** The field is a number, and another one. */
    public Filter ne(Number value) {
        return compare(Comparison.NE, value);
    }

    /** The field is the other truth value. */
    public Filter ne(boolean value) {
        return compare(Comparison.NE, value);
    }

    /** The field is text behind this one. */
    public Filter gt(String value) {
        return compare(Comparison.GT, value);
    }

    /** The field is greater than this number. */
    public Filter gt(Number value) {
        return compare(Comparison.GT, value);
    }

    /** The field is this text or behind it. */
    public Filter gte(String value) {
        return compare(Comparison.GTE, value);
    }

    /** The field is this number or greater. */
    public Filter gte(Number value) {
        return compare(Comparison.GTE, value);
    }

    /** The field is text before this one. */
    public Filter lt(String value) {
        return compare(Comparison.LT, value);
    }

    /** The field is less than this number. */
    public Filter lt(Number value) {
        return compare(Comparison.LT, value);
    }

    /** The field is this text or before it. */
    public Filter lte(String value) {
        return compare(Comparison.LTE, value);
    }

    /** The field is this number or less. */
    public Filter lte(Number value) {
        return compare(Comparison.LTE, value);
    }

    /** The field is text between these two, both included. Nothing is when they are the wrong way round. */
    public Filter between(String low, String high) {
        return gte(low).and(lte(high));
    }

    /** The field is a number between these two, both included. Nothing is when they are the wrong way round. */
    public Filter between(Number low, Number high) {
        return gte(low).and(lte(high));
    }

    /** The field equals one of these texts. */
    public Filter in(String... values) {
        return in(Arrays.asList(Objects.requireNonNull(values, "values")));
    }

    /** The field equals one of these numbers. */
    public Filter in(Number... values) {
        return in(Arrays.asList(Objects.requireNonNull(values, "values")));
    }

    /**
     * The field equals one of these values, which may be of several types. An empty collection matches nothing. A null
     * among them matches a field that is missing or null.
     *
     * @param values texts, numbers and booleans, at most {@link Filter#LIST_MAX}
     */
    public Filter in(Collection<?> values) {
        List<Operand> operands = new ArrayList<>();
        boolean orNull = false;
        for (@Nullable Object value : Objects.requireNonNull(values, "values")) {
            if (value == null) {
                orNull = true;
            } else {
                operands.add(Operand.of(value));
            }
        }
        if (!orNull) {
            return new Filter.In(path, operands);
        }
        return operands.isEmpty() ? isNull() : isNull().or(new Filter.In(path, operands));
    }

    /** The field is text, and none of these. */
    public Filter notIn(String... values) {
        return in(values).not();
    }

    /** The field is a number, and none of these. */
    public Filter notIn(Number... values) {
        return in(values).not();
    }

    /**
     * The field is of a type that occurs in the collection, and equals none of these values. An empty collection
     * matches everything, missing fields too. A null among them asks that the field is not null; alone it asks nothing
     * else.
     */
    public Filter notIn(Collection<?> values) {
        return in(values).not();
    }

    /** The field is text that contains this one; no character is a wildcard. */
    public Filter contains(String text) {
        return new Filter.Match(path, TextPart.CONTAINS, text, false);
    }

    /** The field is text that starts with this one. */
    public Filter startsWith(String text) {
        return new Filter.Match(path, TextPart.STARTS_WITH, text, false);
    }

    /** The field is text that ends with this one. */
    public Filter endsWith(String text) {
        return new Filter.Match(path, TextPart.ENDS_WITH, text, false);
    }

    /** The field is text that contains this one in any case of its letters, by Unicode's rules. */
    public Filter containsIgnoreCase(String text) {
        return new Filter.Match(path, TextPart.CONTAINS, text, true);
    }

    /** The field is text that starts with this one in any case of its letters, by Unicode's rules. */
    public Filter startsWithIgnoreCase(String text) {
        return new Filter.Match(path, TextPart.STARTS_WITH, text, true);
    }

    /** The field is text that ends with this one in any case of its letters, by Unicode's rules. */
    public Filter endsWithIgnoreCase(String text) {
        return new Filter.Match(path, TextPart.ENDS_WITH, text, true);
    }

    /** The field is missing or null. Always true or false. */
    public Filter isNull() {
        return new Filter.Null(path);
    }

    /** The field is there and not null. Always true or false. */
    public Filter isNotNull() {
        return isNull().not();
    }

    /** The field is missing, null, {@code ""} or {@code []}; an empty object is not empty. Always true or false. */
    public Filter isEmpty() {
        return new Filter.Empty(path);
    }

    /** The field is there and neither null nor {@code ""} nor {@code []}. Always true or false. */
    public Filter isNotEmpty() {
        return isEmpty().not();
    }

    private Filter compare(Comparison comparison, Object value) {
        return new Filter.Compare(path, comparison, Operand.of(value));
    }
}
