package dev.holdfast.filter;

import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.InvalidInputException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A condition on a JSON document: what {@code where} means to keys and values, collections and search.
 *
 * {@snippet :
 * Filter adults = Filter.where("age").gte(18).and(Filter.where("name").startsWith("A"));
 * }
 *
 * <p><b>Three values.</b> A condition is true, false or unknown, as in SQL, and only what is true matches. Where a
 * field is missing or null every comparison with it is unknown, and so is the comparison's negation: {@code ne("x")}
 * and {@code eq("x").not()} both leave such documents out. {@link Null} and {@link Empty} are made to ask for them and
 * are always true or false, and a list without values is false for all. And, or and not combine as in SQL.
 *
 * <p><b>Types.</b> Text is compared with text, numbers with numbers, booleans with booleans; a field of another type is
 * unknown, too, so {@code ne("x")} does not match the number 5. Objects and arrays are compared with nothing. A list
 * may mix types: a field that equals none of its values is false when the list has a value of the field's type, else
 * unknown.
 *
 * <p><b>Values.</b> Numbers are compared exactly, whatever their size and notation. The object
 * {@code {"__type":"bigint","value":"5"}} counts as the number 5. JSON knows no NaN and no infinity; where a tree built
 * in memory holds one it is of another type than every operand. Text is ordered by code point and matched without
 * wildcards; ignoring case means that both sides are mapped to lower, upper and lower case again by Unicode's rules for
 * no language in particular.
 *
 * <p>Filters are immutable and safe for use by many threads. One that is too large cannot be made: it is refused with
 * {@code filter.too_deep}, {@code filter.too_many_conditions}, {@code filter.list_too_long} or
 * {@code filter.too_many_values}.
 */
public sealed interface Filter {
    /** Levels of and, or and not that may stand in each other. */
    int DEPTH_MAX = 32;

    /** Conditions on fields that one filter may have. */
    int CONDITIONS_MAX = 500;

    /** Values that one list may have. */
    int LIST_MAX = 1000;

    /** Values that all lists and comparisons of one filter may have together. */
    int VALUES_MAX = 5000;

    /** All parts hold. Without any part it matches every document. No part is an and itself. */
    record And(List<Filter> parts) implements Filter {
        /** Copies the parts; those of a part that is an and take its place. */
        public And {
            parts = flat(parts);
            FilterSize.check(parts);
        }

        private static List<Filter> flat(Collection<Filter> parts) {
            return parts.stream()
                    .flatMap(part -> part instanceof And and ? and.parts().stream() : Stream.of(part))
                    .toList();
        }
    }

    /** At least one part holds; there is at least one. No part is an or itself. */
    record Or(List<Filter> parts) implements Filter {
        /** Copies the parts; those of a part that is an or take its place. None at all is {@code filter.no_parts}. */
        public Or {
            parts = flat(parts);
            if (parts.isEmpty()) {
                throw new InvalidInputException("filter.no_parts", "an or needs at least one part");
            }
            FilterSize.check(parts);
        }

        private static List<Filter> flat(Collection<Filter> parts) {
            return parts.stream()
                    .flatMap(part -> part instanceof Or or ? or.parts().stream() : Stream.of(part))
                    .toList();
        }
    }

    /** The part is false; unknown stays unknown. */
    record Not(Filter part) implements Filter {
        /** Rejects null. */
        public Not {
            Objects.requireNonNull(part, "part");
            FilterSize.check(List.of(part));
        }
    }

    /** A condition on one field; everything else combines them. */
    sealed interface Condition extends Filter {
        /** The field. */
        FieldPath path();
    }

    /** The field compared with one value. */
    record Compare(FieldPath path, Comparison comparison, Operand operand) implements Condition {
        /** Refuses the order of booleans, which there is none, with {@code filter.operand}. */
        public Compare {
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(operand, "operand");
            if (operand instanceof Operand.Bool && comparison != Comparison.EQ && comparison != Comparison.NE) {
                throw new InvalidInputException("filter.operand", "booleans are equal or not, they have no order");
            }
        }
    }

    /** The field equals one of the values; of none it never does. */
    record In(FieldPath path, List<Operand> values) implements Condition {
        /** Copies the values, at most {@link Filter#LIST_MAX}. */
        public In {
            Objects.requireNonNull(path, "path");
            values = List.copyOf(values);
            if (values.size() > LIST_MAX) {
                throw new InvalidInputException(
                        "filter.list_too_long",
                        "a list is too long (values=" + values.size() + ", max=" + LIST_MAX + ")");
            }
        }
    }

    /** The field is text with another text in it. */
    record Match(FieldPath path, TextPart part, String text, boolean ignoreCase) implements Condition {
        /** Rejects null. */
        public Match {
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(part, "part");
            Objects.requireNonNull(text, "text");
        }
    }

    /** The field is missing or null. */
    record Null(FieldPath path) implements Condition {
        /** Rejects null. */
        public Null {
            Objects.requireNonNull(path, "path");
        }
    }

    /** The field is missing, null, {@code ""} or {@code []}. */
    record Empty(FieldPath path) implements Condition {
        /** Rejects null. */
        public Empty {
            Objects.requireNonNull(path, "path");
        }
    }

    /** How a field relates to a value of its type. */
    enum Comparison {
        /** Equal. */
        EQ,
        /** Not equal. */
        NE,
        /** Greater, or behind it. */
        GT,
        /** Greater or equal. */
        GTE,
        /** Less, or before it. */
        LT,
        /** Less or equal. */
        LTE;

        /** The comparison that is true where this one is false. */
        public Comparison negated() {
            return switch (this) {
                case EQ -> NE;
                case NE -> EQ;
                case GT -> LTE;
                case GTE -> LT;
                case LT -> GTE;
                case LTE -> GT;
            };
        }

        /** The operator of this name in SQL, in both dialects. */
        String sql() {
            return switch (this) {
                case EQ -> "=";
                case NE -> "<>";
                case GT -> ">";
                case GTE -> ">=";
                case LT -> "<";
                case LTE -> "<=";
            };
        }

        /** Whether it holds when a comparator answered this sign. */
        boolean holds(int sign) {
            return switch (this) {
                case EQ -> sign == 0;
                case NE -> sign != 0;
                case GT -> sign > 0;
                case GTE -> sign >= 0;
                case LT -> sign < 0;
                case LTE -> sign <= 0;
            };
        }
    }

    /** Where in a field's text another text stands. */
    enum TextPart {
        /** Anywhere. */
        CONTAINS,
        /** At its beginning. */
        STARTS_WITH,
        /** At its end. */
        ENDS_WITH
    }

    /** The filter that every document matches. */
    static Filter all() {
        return new And(List.of());
    }

    /**
     * Begins a condition on the field at a path, such as {@code where("items[0].price").lt(10)}.
     *
     * @throws InvalidInputException {@code filter.path}: see {@link FieldPath#parse}
     */
    static FilterField where(String path) {
        return where(FieldPath.parse(Objects.requireNonNull(path, "path")));
    }

    /** Begins a condition on the field at a path. */
    static FilterField where(FieldPath path) {
        return new FilterField(Objects.requireNonNull(path, "path"));
    }

    /** All of these hold; of none, every document matches. */
    static Filter allOf(Collection<Filter> filters) {
        List<Filter> parts = And.flat(filters);
        return parts.size() == 1 ? parts.getFirst() : new And(parts);
    }

    /** At least one of these holds. None at all is refused with {@code filter.no_parts}. */
    static Filter anyOf(Collection<Filter> filters) {
        List<Filter> parts = Or.flat(filters);
        return parts.size() == 1 ? parts.getFirst() : new Or(parts);
    }

    /**
     * Reads the JSON form: an object whose entries must all hold, each a path with a value or with operators, or
     * {@code $and}, {@code $or}, {@code $not}. The overview of this package lists all operators.
     *
     * @param now what {@code {"$now":true}} stands for, in all places of this filter alike
     * @throws InvalidInputException with a code {@code filter.*} and the place of the fault, for everything that is not
     *     understood completely: an unknown operator, an operand of the wrong type, an empty {@code $and}, a filter
     *     that is no object. Nothing is ever ignored
     */
    static Filter parse(JsonNode json, Instant now) {
        return new FilterParser(Objects.requireNonNull(now, "now")).parse(Objects.requireNonNull(json, "json"));
    }

    /**
     * The JSON form, which {@link #parse} reads back as a filter with the same meaning; times are plain numbers in it.
     */
    default JsonNode toJson() {
        return FilterWriter.write(this);
    }

    /** Both this and the other one. */
    default Filter and(Filter other) {
        return allOf(List.of(this, Objects.requireNonNull(other, "other")));
    }

    /** This or the other one, or both. */
    default Filter or(Filter other) {
        return anyOf(List.of(this, Objects.requireNonNull(other, "other")));
    }

    /** Where this is false. That is not everywhere else: where this is unknown, so is its negation. */
    default Filter not() {
        return this instanceof Not negated ? negated.part() : new Not(this);
    }

    /** Whether a document matches. For many documents use {@link #predicate()}. */
    default boolean matches(JsonNode document) {
        return predicate().test(Objects.requireNonNull(document, "document"));
    }

    /**
     * The filter made ready to test many documents. Safe for use by many threads. A test allocates nothing for text,
     * booleans and integers of 64 bits; it does for other numbers, and where case is ignored for text that is not in
     * ASCII lower case already.
     */
    default Predicate<JsonNode> predicate() {
        Verdict verdict = Verdict.of(this);
        return document -> verdict.on(document) == Verdict.TRUE;
    }

    /**
     * A condition in SQL that holds for every stored document that matches, and for some that do not: {@link #matches}
     * decides, and a limit counts only after it.
     *
     * <p>It raises no error, whatever JSON text is stored, and is never NULL. Names and values are arguments in it,
     * never text.
     *
     * @param column the column with the JSON text in UTF-8, as {@link dev.holdfast.json.Json#bytes} writes it: a name,
     *     or a table's name or alias, a dot and a name. It becomes SQL text: an {@link IllegalArgumentException} if it
     *     holds anything but ASCII letters, digits and {@code _}
     */
    default SqlCondition sql(Dialect dialect, String column) {
        return FilterSql.render(
                this, Objects.requireNonNull(dialect, "dialect"), Objects.requireNonNull(column, "column"));
    }

    /**
     * What every matching document has in common, field by field, for choosing an index: at most one constraint per
     * path, the narrowest that could be told, in the order in which the paths occur. A document may satisfy all and not
     * match.
     */
    default List<FieldConstraint> constraints() {
        return Constraints.of(this);
    }
}
