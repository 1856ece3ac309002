package dev.holdfast.filter;

import dev.holdfast.engine.InvalidInputException;
import java.util.List;

/**
 * Counts what a filter is made of and refuses too much of it, when it is put together: whatever walks a filter later
 * may recurse without fear.
 */
final class FilterSize {
    private int conditions;
    private int values;

    private FilterSize() {}

    static void check(List<Filter> parts) {
        FilterSize size = new FilterSize();
        size.count(parts, 1);
        refuse("filter.too_many_conditions", "conditions", size.conditions, Filter.CONDITIONS_MAX);
        refuse("filter.too_many_values", "values", size.values, Filter.VALUES_MAX);
    }

    private void count(List<Filter> parts, int depth) {
        refuse("filter.too_deep", "levels", depth, Filter.DEPTH_MAX);
        for (Filter part : parts) {
            switch (part) {
                case Filter.And and -> count(and.parts(), depth + 1);
                case Filter.Or or -> count(or.parts(), depth + 1);
                case Filter.Not not -> count(List.of(not.part()), depth + 1);
                case Filter.Condition condition -> {
                    conditions++;
                    values += values(condition);
                }
            }
        }
    }

    private static int values(Filter.Condition condition) {
        return switch (condition) {
            case Filter.In in -> in.values().size();
            case Filter.Compare compare -> 1;
            case Filter.Match match -> 1;
            case Filter.Null isNull -> 0;
            case Filter.Empty empty -> 0;
        };
    }

    private static void refuse(String code, String what, int count, int max) {
        if (count > max) {
            throw new InvalidInputException(
                    code, "a filter has too many " + what + " (" + what + "=" + count + ", max=" + max + ")");
        }
    }
}
