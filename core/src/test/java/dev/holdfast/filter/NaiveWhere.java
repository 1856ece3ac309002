package dev.holdfast.filter;

import dev.holdfast.json.Json;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * The {@code where} language a second time, read straight from its rules: no parser, no paths made ready, no shortcuts.
 * Empty stands for unknown. Good only for filters that are right, and for numbers that are cheap to write out.
 */
final class NaiveWhere {
    private NaiveWhere() {}

    static boolean matches(JsonNode where, JsonNode document) {
        return filter(where, document, FieldPath.root()).orElse(false);
    }

    private static Optional<Boolean> filter(JsonNode where, JsonNode document, FieldPath above) {
        Optional<Boolean> all = Optional.of(true);
        for (Map.Entry<String, JsonNode> entry : where.properties()) {
            JsonNode value = entry.getValue();
            Optional<Boolean> next = switch (entry.getKey()) {
                case "$and" ->
                    StreamSupport.stream(value.spliterator(), false)
                            .map(part -> filter(part, document, FieldPath.root()))
                            .reduce(Optional.of(true), NaiveWhere::and);
                case "$or" ->
                    not(StreamSupport.stream(value.spliterator(), false)
                            .map(part -> not(filter(part, document, FieldPath.root())))
                            .reduce(Optional.of(true), NaiveWhere::and));
                case "$not" -> not(filter(value, document, FieldPath.root()));
                default -> field(above.then(FieldPath.parse(entry.getKey())), value, document);
            };
            all = and(all, next);
        }
        return all;
    }

    private static Optional<Boolean> field(FieldPath path, JsonNode condition, JsonNode document) {
        JsonNode field = find(path, document);
        if (!condition.isObject() || isBigint(condition)) {
            return operator("$eq", condition, field);
        }
        if (condition.properties().stream().noneMatch(entry -> entry.getKey().startsWith("$"))) {
            return filter(condition, document, path);
        }
        return condition.properties().stream()
                .map(entry -> operator(entry.getKey(), entry.getValue(), field))
                .reduce(Optional.of(true), NaiveWhere::and);
    }

    private static Optional<Boolean> operator(String operator, JsonNode operand, JsonNode field) {
        boolean isNull = field.isNull() || field.isMissingNode();
        return switch (operator) {
            case "$null" -> Optional.of(isNull == operand.booleanValue());
            case "$empty" -> Optional.of(isEmpty(field) == operand.booleanValue());
            case "$notEmpty" -> Optional.of(isEmpty(field) != operand.booleanValue());
            case "$eq" ->
                operand.isNull() ? Optional.of(isNull) : compare(field, operand).map(sign -> sign == 0);
            case "$ne" -> not(operator("$eq", operand, field));
            case "$gt" -> compare(field, operand).map(sign -> sign > 0);
            case "$lt" -> compare(field, operand).map(sign -> sign < 0);
            case "$gte" -> not(operator("$lt", operand, field));
            case "$lte" -> not(operator("$gt", operand, field));
            case "$between" -> and(operator("$gte", operand.get(0), field), operator("$lte", operand.get(1), field));
            case "$in" -> in(operand, field);
            case "$nin" -> not(in(operand, field));
            case "$contains" ->
                text(operand, field, false).map(both -> both.get(1).contains(both.get(0)));
            case "$containsi" ->
                text(operand, field, true).map(both -> both.get(1).contains(both.get(0)));
            case "$startsWith" ->
                text(operand, field, false).map(both -> both.get(1).startsWith(both.get(0)));
            case "$startsWithi" ->
                text(operand, field, true).map(both -> both.get(1).startsWith(both.get(0)));
            case "$endsWith" ->
                text(operand, field, false).map(both -> both.get(1).endsWith(both.get(0)));
            case "$endsWithi" ->
                text(operand, field, true).map(both -> both.get(1).endsWith(both.get(0)));
            case "$notContains" -> not(operator("$contains", operand, field));
            case "$notContainsi" -> not(operator("$containsi", operand, field));
            default -> throw new AssertionError(operator);
        };
    }

    private static boolean isEmpty(JsonNode field) {
        return field.isMissingNode() || List.of("null", "\"\"", "[]").contains(Json.text(field));
    }

    /** Null in the list asks for null; the values decide only among the types that the list has. */
    private static Optional<Boolean> in(JsonNode list, JsonNode field) {
        if (list.isEmpty()) {
            return Optional.of(false);
        }
        boolean isNull = field.isNull() || field.isMissingNode();
        List<JsonNode> values =
                list.valueStream().filter(value -> !value.isNull()).toList();
        Optional<Boolean> among = values.stream()
                .map(value -> compare(field, value).map(sign -> sign == 0))
                .filter(Optional::isPresent)
                .reduce((a, b) -> Optional.of(a.get() || b.get()))
                .orElse(Optional.empty());
        if (values.size() == list.size()) {
            return among;
        }
        return values.isEmpty() || isNull ? Optional.of(isNull) : among;
    }

    private static Optional<List<String>> text(JsonNode operand, JsonNode field, boolean fold) {
        if (!field.isString()) {
            return Optional.empty();
        }
        List<String> both = List.of(operand.stringValue(), field.stringValue());
        return Optional.of(fold ? both.stream().map(NaiveWhere::fold).toList() : both);
    }

    private static String fold(String text) {
        return text.codePoints()
                .mapToObj(Character::toString)
                .map(c -> c.toLowerCase(Locale.ROOT).toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT))
                .map(c -> c.equals("ς") ? "σ" : c)
                .collect(Collectors.joining());
    }

    private static Optional<Integer> compare(JsonNode field, JsonNode operand) {
        if (field.isBoolean() && operand.isBoolean()) {
            return Optional.of(Boolean.compare(field.booleanValue(), operand.booleanValue()));
        }
        if (field.isString() && operand.isString()) {
            return Optional.of(Arrays.compare(
                    field.stringValue().codePoints().toArray(),
                    operand.stringValue().codePoints().toArray()));
        }
        return number(field).flatMap(a -> number(operand).map(a::compareTo));
    }

    private static Optional<BigDecimal> number(JsonNode node) {
        if (node.isNumber()) {
            return Optional.of(node.decimalValue());
        }
        return isBigint(node)
                ? Optional.of(new BigDecimal(new BigInteger(node.get("value").stringValue())))
                : Optional.empty();
    }

    private static boolean isBigint(JsonNode node) {
        return node.isObject()
                && node.propertyNames().size() == 2
                && node.path("__type").asString("").equals("bigint")
                && node.path("value").isString()
                && node.path("value").stringValue().matches("-?[0-9]+");
    }

    private static JsonNode find(FieldPath path, JsonNode document) {
        JsonNode at = document;
        for (FieldPath.Step step : path.steps()) {
            at = below(at, step);
        }
        return at;
    }

    private static JsonNode below(JsonNode at, FieldPath.Step step) {
        return switch (step) {
            case FieldPath.Name(String name) when at.isObject() && at.has(name) -> at.get(name);
            case FieldPath.Index(int index) when at.isArray() && at.has(index) -> at.get(index);
            case FieldPath.FromEnd(int back) when at.isArray() && back <= at.size() -> at.get(at.size() - back);
            case FieldPath.Name name -> MissingNode.getInstance();
            case FieldPath.Index index -> MissingNode.getInstance();
            case FieldPath.FromEnd fromEnd -> MissingNode.getInstance();
        };
    }

    private static Optional<Boolean> and(Optional<Boolean> a, Optional<Boolean> b) {
        boolean isFalse = (a.isPresent() && !a.get()) || (b.isPresent() && !b.get());
        return isFalse ? Optional.of(false) : a.isPresent() && b.isPresent() ? Optional.of(true) : Optional.empty();
    }

    private static Optional<Boolean> not(Optional<Boolean> a) {
        return a.map(value -> !value);
    }
}
