package dev.holdfast.filter;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.filter.Filter.Comparison;
import dev.holdfast.filter.Filter.TextPart;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the JSON form of a filter and refuses whatever it does not understand completely: a filter of which a part is
 * ignored would list, or delete, more than was asked for.
 *
 * <p>Every message names the place, as in {@code where.$or[1].age.$between}.
 */
final class FilterParser {
    private final OperandParser operands;

    FilterParser(Instant now) {
        this.operands = new OperandParser(now);
    }

    Filter parse(JsonNode json) {
        return object(json, "where", 0);
    }

    private Filter object(JsonNode json, String place, int levels) {
        if (!json.isObject()) {
            throw fault("filter.shape", "a filter is an object", place, json);
        }
        // Before the parts are read: the limit also bounds this recursion.
        if (levels > Filter.DEPTH_MAX) {
            throw new InvalidInputException(
                    "filter.too_deep",
                    "a filter has too many levels (levels=" + levels + ", max=" + Filter.DEPTH_MAX + ", at=" + place
                            + ")");
        }
        List<Filter> parts = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : json.properties()) {
            String key = entry.getKey();
            JsonNode value = entry.getValue();
            switch (key) {
                case "$and" -> parts.add(Filter.allOf(list(value, place + ".$and", levels)));
                case "$or" -> parts.add(Filter.anyOf(list(value, place + ".$or", levels)));
                case "$not" -> parts.add(new Filter.Not(object(value, place + ".$not", levels + 1)));
                default -> field(FieldPath.root(), key, value, place, parts);
            }
        }
        return Filter.allOf(parts);
    }

    private List<Filter> list(JsonNode json, String place, int levels) {
        if (!json.isArray()) {
            throw fault("filter.shape", "expected an array of filters", place, json);
        }
        if (json.isEmpty()) {
            throw new InvalidInputException("filter.no_parts", "expected at least one filter (at=" + place + ")");
        }
        List<Filter> parts = new ArrayList<>();
        for (int i = 0; i < json.size(); i++) {
            parts.add(object(json.path(i), place + "[" + i + "]", levels + 1));
        }
        return parts;
    }

    /** One entry with a path for its key, below the path of the objects around it. */
    private void field(FieldPath above, String key, JsonNode value, String place, List<Filter> parts) {
        String here = place + "." + Texts.place(key);
        FieldPath path = above.then(path(key, here));
        FilterField field = Filter.where(path);
        if (!value.isObject() || operands.isOperand(value)) {
            Operand operand = operands.parseOrNull(value, here);
            parts.add(operand == null ? field.isNull() : new Filter.Compare(path, Comparison.EQ, operand));
            return;
        }
        if (value.isEmpty()) {
            throw fault("filter.shape", "an empty object is no condition", here, value);
        }
        long operators = value.properties().stream()
                .filter(entry -> entry.getKey().startsWith("$"))
                .count();
        if (operators != 0 && operators != value.size()) {
            throw fault("filter.shape", "operators and field names stand in one object", here, value);
        }
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            if (operators == 0) {
                field(path, entry.getKey(), entry.getValue(), here, parts);
            } else {
                parts.add(operator(path, entry.getKey(), entry.getValue(), here + "." + Texts.place(entry.getKey())));
            }
        }
    }

    private static FieldPath path(String key, String place) {
        boolean operator = key.startsWith("$") && !key.equals("$") && !key.startsWith("$.") && !key.startsWith("$[");
        if (operator) {
            throw unknown(place);
        }
        try {
            return FieldPath.parse(key);
        } catch (InvalidInputException e) {
            throw new InvalidInputException(e.code(), e.detail() + " (at=" + place + ")", e);
        }
    }

    private Filter operator(FieldPath path, String operator, JsonNode value, String place) {
        FilterField field = Filter.where(path);
        return switch (operator) {
            case "$eq" -> compare(path, Comparison.EQ, value, place);
            case "$ne" -> compare(path, Comparison.NE, value, place);
            case "$gt" -> order(path, Comparison.GT, value, place);
            case "$gte" -> order(path, Comparison.GTE, value, place);
            case "$lt" -> order(path, Comparison.LT, value, place);
            case "$lte" -> order(path, Comparison.LTE, value, place);
            case "$between" -> between(path, value, place);
            case "$in" -> in(field, value, place);
            case "$nin" -> in(field, value, place).not();
            case "$contains" -> match(path, TextPart.CONTAINS, false, value, place);
            case "$containsi" -> match(path, TextPart.CONTAINS, true, value, place);
            case "$notContains" ->
                match(path, TextPart.CONTAINS, false, value, place).not();
            case "$notContainsi" ->
                match(path, TextPart.CONTAINS, true, value, place).not();
            case "$startsWith" -> match(path, TextPart.STARTS_WITH, false, value, place);
            case "$startsWithi" -> match(path, TextPart.STARTS_WITH, true, value, place);
            case "$endsWith" -> match(path, TextPart.ENDS_WITH, false, value, place);
            case "$endsWithi" -> match(path, TextPart.ENDS_WITH, true, value, place);
            case "$null" -> operands.bool(value, place) ? field.isNull() : field.isNotNull();
            case "$empty" -> operands.bool(value, place) ? field.isEmpty() : field.isNotEmpty();
            case "$notEmpty" -> operands.bool(value, place) ? field.isNotEmpty() : field.isEmpty();
            default -> throw unknown(place);
        };
    }

    private Filter compare(FieldPath path, Comparison comparison, JsonNode value, String place) {
        @Nullable Operand operand = operands.parseOrNull(value, place);
        if (operand != null) {
            return new Filter.Compare(path, comparison, operand);
        }
        Filter isNull = new Filter.Null(path);
        return comparison == Comparison.EQ ? isNull : isNull.not();
    }

    private Filter order(FieldPath path, Comparison comparison, JsonNode value, String place) {
        return new Filter.Compare(path, comparison, operands.ordered(value, place));
    }

    private Filter between(FieldPath path, JsonNode value, String place) {
        if (!value.isArray() || value.size() != 2) {
            throw fault("filter.operand", "expected an array of the lowest and the highest value", place, value);
        }
        Operand low = operands.ordered(value.path(0), place + "[0]");
        Operand high = operands.ordered(value.path(1), place + "[1]");
        if (low.getClass() != high.getClass()) {
            throw new InvalidInputException(
                    "filter.operand", "the lowest and the highest value have two types (at=" + place + ")");
        }
        return new Filter.Compare(path, Comparison.GTE, low).and(new Filter.Compare(path, Comparison.LTE, high));
    }

    private Filter in(FilterField field, JsonNode value, String place) {
        if (!value.isArray()) {
            throw fault("filter.operand", "expected an array", place, value);
        }
        List<@Nullable Operand> values = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
            values.add(operands.parseOrNull(value.path(i), place + "[" + i + "]"));
        }
        return field.in(values);
    }

    private static Filter match(FieldPath path, TextPart part, boolean ignoreCase, JsonNode value, String place) {
        if (!value.isString()) {
            throw fault("filter.operand", "expected a string", place, value);
        }
        return new Filter.Match(path, part, value.stringValue(), ignoreCase);
    }

    private static InvalidInputException unknown(String place) {
        return new InvalidInputException("filter.operator", "there is no such operator (at=" + place + ")");
    }

    static InvalidInputException fault(String code, String expected, String place, JsonNode came) {
        return new InvalidInputException(code, expected + " (at=" + place + ", came=" + name(came) + ")");
    }

    /** What a value is, without showing it. */
    private static String name(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "array of " + node.size();
            case OBJECT -> "object of " + node.size();
            case STRING -> "string";
            case NUMBER -> "number";
            case BOOLEAN -> "boolean";
            case NULL -> "null";
            case MISSING, BINARY, POJO -> "nothing";
        };
    }
}
