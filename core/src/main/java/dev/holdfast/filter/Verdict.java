package dev.holdfast.filter;

import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * A filter made ready to judge documents: true, false or unknown.
 *
 * <p>The three are numbers with false below unknown below true, so that and is the least, or the greatest, and not the
 * negative of its parts: exactly the logic of SQL.
 */
@FunctionalInterface
interface Verdict {
    int FALSE = -1;
    int UNKNOWN = 0;
    int TRUE = 1;

    int on(JsonNode document);

    static Verdict of(Filter filter) {
        return switch (filter) {
            case Filter.And and -> all(verdicts(and.parts()));
            case Filter.Or or -> any(verdicts(or.parts()));
            case Filter.Not not -> negated(of(not.part()));
            case Filter.Compare compare -> compared(compare);
            case Filter.In in -> in(in);
            case Filter.Match match -> matched(match);
            case Filter.Null isNull -> {
                FieldPath path = isNull.path();
                yield document -> truth(isAbsent(path.get(document)));
            }
            case Filter.Empty empty -> {
                FieldPath path = empty.path();
                yield document -> truth(isEmpty(path.get(document)));
            }
        };
    }

    private static Verdict[] verdicts(List<Filter> parts) {
        return parts.stream().map(Verdict::of).toArray(Verdict[]::new);
    }

    private static Verdict all(Verdict[] parts) {
        return document -> {
            int least = TRUE;
            for (int i = 0; i < parts.length && least != FALSE; i++) {
                least = Math.min(least, parts[i].on(document));
            }
            return least;
        };
    }

    private static Verdict any(Verdict[] parts) {
        return document -> {
            int greatest = FALSE;
            for (int i = 0; i < parts.length && greatest != TRUE; i++) {
                greatest = Math.max(greatest, parts[i].on(document));
            }
            return greatest;
        };
    }

    private static Verdict negated(Verdict part) {
        return document -> -part.on(document);
    }

    private static Verdict compared(Filter.Compare compare) {
        FieldPath path = compare.path();
        Filter.Comparison comparison = compare.comparison();
        return switch (compare.operand()) {
            case Operand.Text(String text) ->
                document -> {
                    JsonNode node = path.get(document);
                    return node.isString() ? truth(comparison.holds(Texts.compare(node.stringValue(), text))) : UNKNOWN;
                };
            case Operand.Num(BigDecimal number) -> {
                var fixed = new JsonNumber.Fixed(number);
                yield document -> {
                    JsonNode node = path.get(document);
                    return JsonNumber.is(node) ? truth(comparison.holds(fixed.signOf(node))) : UNKNOWN;
                };
            }
            case Operand.Bool(boolean bool) ->
                document -> {
                    JsonNode node = path.get(document);
                    return node.isBoolean()
                            ? truth(comparison.holds(Boolean.compare(node.booleanValue(), bool)))
                            : UNKNOWN;
                };
        };
    }

    private static Verdict in(Filter.In in) {
        if (in.values().isEmpty()) {
            return document -> FALSE; // also where the field is missing
        }
        FieldPath path = in.path();
        Set<String> texts = new HashSet<>();
        Set<Boolean> bools = new HashSet<>();
        for (Operand value : in.values()) {
            switch (value) {
                case Operand.Text(String text) -> texts.add(text);
                case Operand.Bool(boolean bool) -> bools.add(bool);
                case Operand.Num number -> {} // sorted below
            }
        }
        JsonNumber.Fixed[] numbers = in.values().stream()
                .filter(Operand.Num.class::isInstance)
                .map(value -> new JsonNumber.Fixed(((Operand.Num) value).value()))
                .sorted()
                .toArray(JsonNumber.Fixed[]::new);
        return document -> {
            JsonNode node = path.get(document);
            if (node.isString()) {
                return texts.isEmpty() ? UNKNOWN : truth(texts.contains(node.stringValue()));
            }
            if (node.isBoolean()) {
                return bools.isEmpty() ? UNKNOWN : truth(bools.contains(node.booleanValue()));
            }
            return numbers.length == 0 || !JsonNumber.is(node) ? UNKNOWN : truth(isAmong(numbers, node));
        };
    }

    private static boolean isAmong(JsonNumber.Fixed[] sorted, JsonNode number) {
        int low = 0;
        int high = sorted.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int sign = sorted[middle].signOf(number);
            if (sign == 0) {
                return true;
            }
            if (sign > 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return false;
    }

    private static Verdict matched(Filter.Match match) {
        FieldPath path = match.path();
        Filter.TextPart part = match.part();
        boolean ignoreCase = match.ignoreCase();
        String text = ignoreCase ? Texts.fold(match.text()) : match.text();
        return document -> {
            JsonNode node = path.get(document);
            if (!node.isString()) {
                return UNKNOWN;
            }
            String value = ignoreCase ? Texts.fold(node.stringValue()) : node.stringValue();
            return truth(
                    switch (part) {
                        case CONTAINS -> value.contains(text);
                        case STARTS_WITH -> value.startsWith(text);
                        case ENDS_WITH -> value.endsWith(text);
                    });
        };
    }

    private static boolean isAbsent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }

    private static boolean isEmpty(JsonNode node) {
        return isAbsent(node)
                || (node.isArray() && node.isEmpty())
                || (node.isString() && node.stringValue().isEmpty());
    }

    private static int truth(boolean holds) {
        return holds ? TRUE : FALSE;
    }
}
