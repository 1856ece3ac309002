package dev.holdfast.testkit.cost;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A figure of a cost table: a sum of terms, each a number, {@code n} or a multiple of it, or {@code n/256}, which is
 * rounded up: {@code 2 n + n/256 + 1}. A dash is a figure that the page leaves open.
 */
record Figure(String text) {
    private static final String OPEN = "-";
    private static final Pattern TERM = Pattern.compile("(?:(?<times>\\d+) )?n(?:/(?<by>\\d+))?|(?<number>\\d+)");

    /** Reads and checks it. */
    Figure {
        if (!text.equals(OPEN)) {
            terms(text).forEach(term -> {
                if (!TERM.matcher(term).matches()) {
                    throw new IllegalArgumentException("not a figure of a cost table: " + text);
                }
            });
        }
    }

    boolean isOpen() {
        return text.equals(OPEN);
    }

    boolean dependsOnN() {
        return text.contains("n");
    }

    /** Its value for an n. */
    long of(int n) {
        return terms(text).stream().mapToLong(term -> value(term, n)).sum();
    }

    private static List<String> terms(String text) {
        return Arrays.asList(text.split(" \\+ ", -1));
    }

    private static long value(String term, int n) {
        Matcher parts = TERM.matcher(term);
        if (!parts.matches()) {
            throw new IllegalArgumentException("not a term: " + term);
        }
        if (parts.group("number") != null) {
            return Long.parseLong(parts.group("number"));
        }
        long times = parts.group("times") == null ? 1 : Long.parseLong(parts.group("times"));
        long by = parts.group("by") == null ? 1 : Long.parseLong(parts.group("by"));
        return times * ((n + by - 1) / by);
    }
}
