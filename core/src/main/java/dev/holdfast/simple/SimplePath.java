package dev.holdfast.simple;

import dev.holdfast.engine.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A key as callers write it: the key of the entry, and the way from its value to a property.
 *
 * @param text as it came, for messages
 * @param base the key of the entry
 * @param steps names of properties and places in lists; empty for the whole value
 */
record SimplePath(String text, String base, List<String> steps) {
    private static final int STEPS_MAX = SimpleValues.DEPTH_MAX;

    /** Splits at dots, unless they are ordinary because a backslash stands before them. */
    static SimplePath parse(String text, boolean dotNotation) {
        Objects.requireNonNull(text, "key");
        if (text.isEmpty()) {
            throw new InvalidInputException("simple.key_empty", "the key is empty");
        }
        if (!dotNotation || text.indexOf('.') < 0) {
            return new SimplePath(text, text, List.of());
        }
        List<String> parts = split(text);
        for (String part : parts) {
            if (part.isEmpty()) {
                throw new InvalidInputException(
                        "simple.path_empty",
                        "empty path segment in key '" + SimpleKeys.shown(text)
                                + "'; a dot that is part of a key is written \\.");
            }
        }
        if (parts.size() - 1 > STEPS_MAX) {
            throw new InvalidInputException(
                    "simple.path_too_deep",
                    "the path is too deep (steps=" + (parts.size() - 1) + ", stepsMax=" + STEPS_MAX + ")");
        }
        return new SimplePath(text, parts.getFirst(), List.copyOf(parts.subList(1, parts.size())));
    }

    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length() && text.charAt(i + 1) == '.') {
                part.append('.');
                i++;
            } else if (c == '.') {
                parts.add(part.toString());
                part.setLength(0);
            } else {
                part.append(c);
            }
        }
        parts.add(part.toString());
        return parts;
    }

    boolean isWhole() {
        return steps.isEmpty();
    }
}
