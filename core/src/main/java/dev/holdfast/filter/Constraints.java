package dev.holdfast.filter;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Collects what all matching documents have in common: the conditions that are joined by nothing but and. */
final class Constraints {
    private final Map<FieldPath, List<FieldConstraint>> byPath = new LinkedHashMap<>();

    private Constraints() {}

    static List<FieldConstraint> of(Filter filter) {
        Constraints constraints = new Constraints();
        constraints.collect(filter);
        return constraints.byPath.values().stream().map(Constraints::narrowest).toList();
    }

    private void collect(Filter filter) {
        switch (filter) {
            case Filter.And and -> and.parts().forEach(this::collect);
            case Filter.Condition condition ->
                constraint(condition)
                        .ifPresent(found -> byPath.computeIfAbsent(found.path(), path -> new ArrayList<>())
                                .add(found));
            case Filter.Not not -> {} // says where a document is not
            case Filter.Or or -> {} // an index would have to answer each part
        }
    }

    private static Optional<FieldConstraint> constraint(Filter.Condition condition) {
        return switch (condition) {
            case Filter.In(FieldPath path, List<Operand> values) ->
                Optional.of(new FieldConstraint.OneOf(path, values));
            case Filter.Compare compare -> constraint(compare);
            case Filter.Match(FieldPath path, Filter.TextPart part, String text, boolean ignoreCase)
            when part == Filter.TextPart.STARTS_WITH && !ignoreCase && !text.isEmpty() ->
                Optional.of(new FieldConstraint.Prefix(path, text));
            case Filter.Match match -> Optional.empty();
            case Filter.Null isNull -> Optional.empty();
            case Filter.Empty empty -> Optional.empty();
        };
    }

    private static Optional<FieldConstraint> constraint(Filter.Compare compare) {
        FieldPath path = compare.path();
        Optional<Operand> value = Optional.of(compare.operand());
        return switch (compare.comparison()) {
            case EQ -> Optional.of(new FieldConstraint.OneOf(path, List.of(compare.operand())));
            case GT, GTE -> Optional.of(new FieldConstraint.Range(path, value, Optional.empty()));
            case LT, LTE -> Optional.of(new FieldConstraint.Range(path, Optional.empty(), value));
            case NE -> Optional.empty();
        };
    }

    /** The shortest list, else the longest prefix, else all ranges of one type cut with each other. */
    private static FieldConstraint narrowest(List<FieldConstraint> all) {
        FieldConstraint narrowest = all.getFirst();
        for (FieldConstraint next : all.subList(1, all.size())) {
            narrowest = narrower(narrowest, next);
        }
        return narrowest;
    }

    private static FieldConstraint narrower(FieldConstraint a, FieldConstraint b) {
        return switch (a) {
            case FieldConstraint.OneOf one ->
                b instanceof FieldConstraint.OneOf other
                                && other.values().size() < one.values().size()
                        ? b
                        : a;
            case FieldConstraint.Prefix one ->
                switch (b) {
                    case FieldConstraint.OneOf other -> b;
                    case FieldConstraint.Prefix other ->
                        other.text().length() > one.text().length() ? b : a;
                    case FieldConstraint.Range other -> a;
                };
            case FieldConstraint.Range one -> b instanceof FieldConstraint.Range other ? cut(one, other) : b;
        };
    }

    private static FieldConstraint.Range cut(FieldConstraint.Range a, FieldConstraint.Range b) {
        if (type(a) != type(b)) {
            return a; // nothing matches both; one of them is enough to find that out
        }
        return new FieldConstraint.Range(a.path(), inner(a.low(), b.low(), 1), inner(a.high(), b.high(), -1));
    }

    private static Class<?> type(FieldConstraint.Range range) {
        return range.low().or(range::high).orElseThrow().getClass();
    }

    /** The greater of two ends, or the lesser when the direction is -1; an end that is not there gives way. */
    private static Optional<Operand> inner(Optional<Operand> a, Optional<Operand> b, int direction) {
        if (a.isEmpty() || b.isEmpty()) {
            return a.or(() -> b);
        }
        return direction * compare(a.get(), b.get()) >= 0 ? a : b;
    }

    private static int compare(Operand a, Operand b) {
        if (a instanceof Operand.Text one && b instanceof Operand.Text other) {
            return Texts.compare(one.value(), other.value());
        }
        if (a instanceof Operand.Num one && b instanceof Operand.Num other) {
            return one.value().compareTo(other.value());
        }
        throw new AssertionError("ranges have two ends of one type");
    }
}
