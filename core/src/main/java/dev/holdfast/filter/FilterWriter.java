package dev.holdfast.filter;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** Writes filters in the JSON form that {@link FilterParser} reads. */
final class FilterWriter {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private FilterWriter() {}

    /** A condition as it is written: {@code {"path":{"operator":operand}}}. */
    private record Entry(String path, String operator, JsonNode operand) {}

    static ObjectNode write(Filter filter) {
        return switch (filter) {
            case Filter.And and -> conjunction(and.parts());
            case Filter.Or or -> logic("$or", array(or.parts()));
            case Filter.Not not ->
                entry(not).map(FilterWriter::object).orElseGet(() -> logic("$not", write(not.part())));
            case Filter.Condition condition -> object(entry(condition));
        };
    }

    /** One object for all where that can be read back: no operator may stand twice at one path. */
    private static ObjectNode conjunction(List<Filter> parts) {
        ObjectNode merged = NODES.objectNode();
        for (Filter part : parts) {
            Optional<Entry> entry = entry(part);
            if (entry.isEmpty() || !add(merged, entry.get())) {
                return logic("$and", array(parts));
            }
        }
        return merged;
    }

    private static boolean add(ObjectNode merged, Entry entry) {
        if (!merged.has(entry.path())) {
            merged.putObject(entry.path());
        }
        // Only objects are put there, and set answers the operand that was there before.
        return merged.get(entry.path()) instanceof ObjectNode operators
                && operators.replace(entry.operator(), entry.operand()) == null;
    }

    private static Optional<Entry> entry(Filter filter) {
        return switch (filter) {
            case Filter.Condition condition -> Optional.of(entry(condition));
            case Filter.Not(Filter.Condition condition) -> negatedEntry(condition);
            case Filter.And and -> Optional.empty();
            case Filter.Or or -> Optional.empty();
            case Filter.Not not -> Optional.empty();
        };
    }

    private static Entry entry(Filter.Condition condition) {
        String path = condition.path().toString();
        return switch (condition) {
            case Filter.Compare compare ->
                new Entry(
                        path, operator(compare.comparison()), compare.operand().toJson());
            case Filter.In in -> new Entry(path, "$in", operands(in.values()));
            case Filter.Match match -> new Entry(path, operator(match), StringNode.valueOf(match.text()));
            case Filter.Null isNull -> new Entry(path, "$null", BooleanNode.TRUE);
            case Filter.Empty empty -> new Entry(path, "$empty", BooleanNode.TRUE);
        };
    }

    /** Those negations that have an operator of their own. */
    private static Optional<Entry> negatedEntry(Filter.Condition condition) {
        String path = condition.path().toString();
        return switch (condition) {
            case Filter.In in -> Optional.of(new Entry(path, "$nin", operands(in.values())));
            case Filter.Match match
            when match.part() == Filter.TextPart.CONTAINS -> {
                String operator = match.ignoreCase() ? "$notContainsi" : "$notContains";
                yield Optional.of(new Entry(path, operator, StringNode.valueOf(match.text())));
            }
            case Filter.Null isNull -> Optional.of(new Entry(path, "$null", BooleanNode.FALSE));
            case Filter.Empty empty -> Optional.of(new Entry(path, "$empty", BooleanNode.FALSE));
            case Filter.Compare compare -> Optional.empty();
            case Filter.Match match -> Optional.empty();
        };
    }

    private static String operator(Filter.Comparison comparison) {
        return switch (comparison) {
            case EQ -> "$eq";
            case NE -> "$ne";
            case GT -> "$gt";
            case GTE -> "$gte";
            case LT -> "$lt";
            case LTE -> "$lte";
        };
    }

    private static String operator(Filter.Match match) {
        String operator = switch (match.part()) {
            case CONTAINS -> "$contains";
            case STARTS_WITH -> "$startsWith";
            case ENDS_WITH -> "$endsWith";
        };
        return match.ignoreCase() ? operator + "i" : operator;
    }

    private static ObjectNode object(Entry entry) {
        ObjectNode json = NODES.objectNode();
        json.putObject(entry.path()).set(entry.operator(), entry.operand());
        return json;
    }

    private static ObjectNode logic(String operator, JsonNode operand) {
        return NODES.objectNode().set(operator, operand);
    }

    private static ArrayNode array(List<Filter> parts) {
        ArrayNode array = NODES.arrayNode();
        parts.forEach(part -> array.add(write(part)));
        return array;
    }

    private static ArrayNode operands(List<Operand> values) {
        ArrayNode array = NODES.arrayNode();
        values.forEach(value -> array.add(value.toJson()));
        return array;
    }
}
