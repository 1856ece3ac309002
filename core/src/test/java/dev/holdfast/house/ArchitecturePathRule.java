package dev.holdfast.house;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Every path that {@code ARCHITECTURE.md} names exists.
 *
 * <p>In its tree block an entry is looked for below the entry that it is indented under; folders between the two may be
 * left out, so {@code kv/} under {@code core/} finds {@code core/src/main/java/dev/holdfast/kv/}, and a package may be
 * written with dots. In running text the same holds from the root for each {@code `path`} in backticks.
 */
final class ArchitecturePathRule implements Rule {
    private static final String PAGE = "ARCHITECTURE.md";
    private static final Pattern WORD = Pattern.compile("[\\s,;()`]+");
    private static final Pattern FOLDER = Pattern.compile("[\\w.-]+(/[\\w.-]+)*/");
    private static final Pattern FILE =
            Pattern.compile("[\\w.-]*(/?[\\w.-]+)*\\.(md|java|xml|sh|sql|json|ndjson|txt|yaml|yml|mjs|js)");
    private static final Pattern PROGRAM = Pattern.compile("(bin|[.]ci)/[\\w.-]+");
    private static final Pattern PACKAGE = Pattern.compile("dev\\.holdfast(\\.[a-z]\\w*)*");

    @Override
    public List<Finding> findings(Checkout checkout) {
        List<Finding> findings = new ArrayList<>();
        checkout.text(PAGE).ifPresent(page -> {
            var markdown = new Markdown(page.text());
            for (Markdown.Piece code : markdown.codeSpans()) {
                check(checkout, code.line(), List.of(), code.text(), findings);
            }
            checkTree(checkout, markdown.fenced(), findings);
        });
        return findings;
    }

    private record Level(int indent, List<String> parts) {}

    private static void checkTree(Checkout checkout, List<Markdown.Piece> lines, List<Finding> findings) {
        Deque<Level> above = new ArrayDeque<>();
        for (Markdown.Piece line : lines) {
            int indent = line.text().length() - line.text().stripLeading().length();
            while (!above.isEmpty() && above.getLast().indent() >= indent) {
                above.removeLast();
            }
            List<String> parents =
                    above.stream().flatMap(level -> level.parts().stream()).toList();
            List<String> first = check(checkout, line.line(), parents, line.text(), findings);
            above.addLast(new Level(indent, first));
        }
    }

    /** Returns the parts of the path that the text begins with; none if it begins with another word. */
    private static List<String> check(
            Checkout checkout, int line, List<String> parents, String text, List<Finding> findings) {
        List<String> words = Arrays.asList(WORD.split(text.strip(), -1));
        for (String word : words) {
            if (isPath(word) && !exists(checkout.paths(), parents, parts(word))) {
                String under = parents.isEmpty() ? "" : " under " + String.join("/", parents);
                findings.add(new Finding(PAGE, line, word + under + " does not exist"));
            }
        }
        return isPath(words.getFirst()) ? parts(words.getFirst()) : List.of();
    }

    private static boolean isPath(String word) {
        return FOLDER.matcher(word).matches()
                || FILE.matcher(word).matches()
                || PROGRAM.matcher(word).matches()
                || PACKAGE.matcher(word).matches();
    }

    private static List<String> parts(String path) {
        String slashed = PACKAGE.matcher(path).matches() ? path.replace('.', '/') : path;
        return Arrays.asList(slashed.split("/", 0));
    }

    private static boolean exists(Set<String> paths, List<String> parents, List<String> parts) {
        return paths.stream().map(path -> Arrays.asList(path.split("/", 0))).anyMatch(path -> {
            int from = 0;
            for (String parent : parents) {
                int at = path.subList(from, path.size()).indexOf(parent);
                if (at < 0) {
                    return false;
                }
                from += at + 1;
            }
            List<String> rest = path.subList(from, path.size());
            return Collections.indexOfSubList(rest, parts) >= 0;
        });
    }
}
