package dev.holdfast.filter;

import dev.holdfast.engine.InvalidInputException;
import java.util.ArrayList;
import java.util.List;

/** Reads the written form of a {@link FieldPath} from left to right. */
final class PathParser {
    private final String text;
    private int at;

    PathParser(String text) {
        this.text = text;
    }

    List<FieldPath.Step> steps() {
        List<FieldPath.Step> steps = new ArrayList<>();
        if (text.startsWith("$")) {
            at = 1;
            if (at < text.length() && text.charAt(at) != '.' && text.charAt(at) != '[') {
                throw fault("a name that starts with $ must stand in double quotes");
            }
        } else if (!text.startsWith("[")) {
            steps.add(name());
        }
        while (at < text.length()) {
            if (steps.size() > FieldPath.STEPS_MAX) {
                return steps; // the path itself refuses it, and names the limit
            }
            char c = text.charAt(at);
            if (c == '.') {
                at++;
                steps.add(name());
            } else if (c == '[') {
                steps.add(element());
            } else {
                throw fault("expected . or [ or the end");
            }
        }
        return steps;
    }

    private FieldPath.Name name() {
        if (at < text.length() && text.charAt(at) == '"') {
            return quotedName();
        }
        int start = at;
        while (at < text.length() && text.charAt(at) != '.' && text.charAt(at) != '[') {
            at++;
        }
        if (at == start) {
            throw fault("expected a name");
        }
        return new FieldPath.Name(text.substring(start, at));
    }

    private FieldPath.Name quotedName() {
        StringBuilder name = new StringBuilder();
        for (int i = at + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                at = i + 1;
                return new FieldPath.Name(name.toString());
            }
            boolean escape =
                    c == '\\' && i + 1 < text.length() && (text.charAt(i + 1) == '"' || text.charAt(i + 1) == '\\');
            name.append(escape ? text.charAt(++i) : c);
        }
        throw fault("the double quote is never closed");
    }

    private FieldPath.Step element() {
        int start = at + 1;
        boolean fromEnd = text.startsWith("#-", start);
        int digits = fromEnd ? start + 2 : start;
        int end = text.indexOf(']', digits);
        if (end < 0) {
            throw fault("the bracket is never closed");
        }
        int number = number(digits, end);
        if (fromEnd && number == 0) {
            throw fault("[#-1] is the last element, there is none behind it");
        }
        at = end + 1;
        return fromEnd ? new FieldPath.FromEnd(number) : new FieldPath.Index(number);
    }

    /** Ten digits or more could overflow, and no array is that long. */
    private int number(int start, int end) {
        if (start == end || end - start > 9) {
            throw fault("expected an index of 1 to 9 digits, as in [0] or [#-1]");
        }
        int number = 0;
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                throw fault("expected an index of digits, as in [0] or [#-1]");
            }
            number = number * 10 + (c - '0');
        }
        return number;
    }

    private InvalidInputException fault(String expected) {
        return new InvalidInputException(
                "filter.path", "not a path: " + expected + " (path=" + Texts.shown(text) + ", at=" + at + ")");
    }
}
