package dev.holdfast.filter;

import dev.holdfast.engine.InvalidInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * The way from a JSON document to one value in it, such as {@code items[0].price}.
 *
 * <p>A path is written as names joined by dots, with an element of an array in brackets: {@code [0]} is the first,
 * {@code [#-1]} the last. {@code $} alone is the whole document, {@code $.a} the same as {@code a}, and {@code [0].x}
 * or {@code $[0].x} starts at an array. A name holds any characters; one with a dot or a bracket in it, an empty one,
 * and one that starts with {@code $} or a double quote stands in double quotes: {@code "a.b".c}. Inside the quotes
 * {@code \"} and {@code \\} stand for a quote and a backslash.
 *
 * <p>A name leads only into objects and an index only into arrays; everywhere else, and where nothing is stored, the
 * value is missing. Paths are immutable, safe for use by many threads, and equal when their steps are.
 *
 * <p>At most {@value #STEPS_MAX} steps, whose names have at most {@value #NAME_CHARS_MAX} characters together.
 */
public final class FieldPath {
    /** Names and indexes that one path may have. */
    public static final int STEPS_MAX = 64;

    /** Characters (UTF-16 units) that the names of one path may have together. */
    public static final int NAME_CHARS_MAX = 1024;

    private static final FieldPath ROOT = new FieldPath(List.of());

    private final Step[] steps;

    FieldPath(List<Step> steps) {
        if (steps.size() > STEPS_MAX) {
            throw new InvalidInputException(
                    "filter.path_too_deep",
                    "a path has too many steps (steps=" + steps.size() + ", max=" + STEPS_MAX + ")");
        }
        int chars = steps.stream().mapToInt(Step::nameChars).sum();
        if (chars > NAME_CHARS_MAX) {
            throw new InvalidInputException(
                    "filter.path_too_long",
                    "the names of a path are too long (nameChars=" + chars + ", max=" + NAME_CHARS_MAX + ")");
        }
        this.steps = steps.toArray(Step[]::new);
    }

    /** One step down: into a member of an object or an element of an array. */
    sealed interface Step {
        /** The value one step below, missing when there is none. */
        JsonNode from(JsonNode parent);

        default int nameChars() {
            return 0;
        }
    }

    /** The member of an object. */
    record Name(String name) implements Step {
        @Override
        public JsonNode from(JsonNode parent) {
            return parent.path(name);
        }

        @Override
        public int nameChars() {
            return name.length();
        }
    }

    /** The element of an array, counted from 0. */
    record Index(int index) implements Step {
        @Override
        public JsonNode from(JsonNode parent) {
            return parent.path(index);
        }
    }

    /** The element of an array, counted from its end: 1 is the last. */
    record FromEnd(int back) implements Step {
        @Override
        public JsonNode from(JsonNode parent) {
            // A negative index is never handed on: it would have a meaning of its own.
            return parent.isArray() && back <= parent.size()
                    ? parent.path(parent.size() - back)
                    : MissingNode.getInstance();
        }
    }

    /** The path to the whole document, written {@code $}. */
    public static FieldPath root() {
        return ROOT;
    }

    /**
     * Reads a path in the written form above.
     *
     * @throws InvalidInputException {@code filter.path} with the place of the fault; {@code filter.path_too_deep} and
     *     {@code filter.path_too_long} beyond the limits
     */
    public static FieldPath parse(String text) {
        return new FieldPath(new PathParser(Objects.requireNonNull(text, "text")).steps());
    }

    /**
     * The path through these members, taken literally: {@code of("a.b")} is one name with a dot in it. Without any name
     * it is the {@link #root()}.
     */
    public static FieldPath of(String... names) {
        return new FieldPath(Arrays.stream(Objects.requireNonNull(names, "names"))
                .map(name -> (Step) new Name(Objects.requireNonNull(name, "name")))
                .toList());
    }

    /** The path that goes on with another one where this one ends. */
    public FieldPath then(FieldPath next) {
        List<Step> all = new ArrayList<>(steps());
        all.addAll(Objects.requireNonNull(next, "next").steps());
        return new FieldPath(all);
    }

    /** The value that the path leads to in a document; a missing node when there is none. Allocates nothing. */
    public JsonNode get(JsonNode document) {
        JsonNode at = document;
        for (Step step : steps) {
            at = step.from(at);
        }
        return at;
    }

    List<Step> steps() {
        return List.of(steps);
    }

    /** The written form, which {@link #parse} reads back as an equal path. */
    @Override
    public String toString() {
        if (steps.length == 0) {
            return "$";
        }
        StringBuilder text = new StringBuilder(steps[0] instanceof Name ? "" : "$");
        for (int i = 0; i < steps.length; i++) {
            switch (steps[i]) {
                case Name(String name) -> text.append(i == 0 ? "" : ".").append(written(name));
                case Index(int index) -> text.append('[').append(index).append(']');
                case FromEnd(int back) -> text.append("[#-").append(back).append(']');
            }
        }
        return text.toString();
    }

    private static String written(String name) {
        boolean plain = !name.isEmpty()
                && name.indexOf('.') < 0
                && name.indexOf('[') < 0
                && name.charAt(0) != '$'
                && name.charAt(0) != '"';
        return plain ? name : quoted(name);
    }

    /** The name in double quotes, as this language and SQLite's paths read it. */
    static String quoted(String name) {
        return '"' + name.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FieldPath path && Arrays.equals(steps, path.steps);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(steps);
    }
}
