package dev.holdfast.house;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Java of a Markdown page, as sources whose lines have the numbers that they have on the page.
 *
 * <p>A block fenced as {@code java} that has a {@code main} is a program of its own. All others are fragments: together
 * they are the body of one method that is given an open store named {@code holdfast}, so a fragment may use what one
 * above it declared, types included. Imports may stand at the head of any fragment and hold for the whole page. A block
 * fenced as {@code java compiled} is compiled but never run, and what it declares is its own.
 */
final class SnippetPage {
    /** The class that holds the fragments. */
    static final String FRAGMENTS = "Fragments";

    private static final String COMPILED_ONLY = "java compiled";
    private static final Pattern MAIN = Pattern.compile("\\bvoid main\\(");
    private static final Pattern PUBLIC_CLASS = Pattern.compile("\\bpublic (?:final )?class (\\w+)");

    private final String path;
    private final String[] body;
    private final List<String> imports = new ArrayList<>();
    private final List<Source> programs = new ArrayList<>();
    private boolean fragments;

    /** A source file in the making: the name of its class, its text, and the page that it stands on. */
    record Source(String page, String name, String text) {}

    SnippetPage(TextFile page) {
        this.path = page.path();
        this.body = new String[page.lines().size() + 1];
        Arrays.fill(body, "");
        for (Markdown.Fence fence : new Markdown(page.text()).fences()) {
            if (fence.info().equals("java")
                    && MAIN.matcher(String.join("\n", fence.lines())).find()) {
                programs.add(program(fence));
            } else if (fence.info().equals("java") || fence.info().equals(COMPILED_ONLY)) {
                add(fence);
            }
        }
    }

    String path() {
        return path;
    }

    /** The programs of the page. */
    List<Source> programs() {
        return programs;
    }

    /** The fragments as one class, if there are any: {@code static void run(Holdfast holdfast, boolean never)}. */
    List<Source> fragments() {
        if (!fragments) {
            return List.of();
        }
        String head = String.join(" ", imports) + " public class " + FRAGMENTS
                + " { public static void run(dev.holdfast.Holdfast holdfast, boolean never) throws Exception { ";
        return List.of(new Source(path, FRAGMENTS, head + String.join("\n", body) + "}}"));
    }

    private void add(Markdown.Fence fence) {
        fragments = true;
        int at = fence.line();
        for (String line : fence.lines()) {
            if (line.startsWith("import ")) {
                imports.add(line.strip());
            } else {
                body[at] = line;
            }
            at++;
        }
        if (fence.info().equals(COMPILED_ONLY)) {
            body[fence.line() - 1] += "if (never) {";
            body[at] = "}";
        }
    }

    private Source program(Markdown.Fence fence) {
        String text = String.join("\n", fence.lines());
        Matcher name = PUBLIC_CLASS.matcher(text);
        if (!name.find()) {
            throw new IllegalArgumentException(path + ":" + fence.line() + ": a program needs a public class");
        }
        return new Source(path, name.group(1), "\n".repeat(fence.line()) + text);
    }
}
