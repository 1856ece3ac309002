package dev.holdfast.house;

import java.util.List;

/**
 * A text file of the checkout.
 *
 * @param path relative to the root, parts separated by {@code /}
 * @param text its content
 */
record TextFile(String path, String text) {
    List<String> lines() {
        return text.lines().toList();
    }

    boolean isJava() {
        return path.endsWith(".java");
    }

    boolean isMarkdown() {
        return path.endsWith(".md");
    }

    /** Whether this is Java that ships, as opposed to a test. */
    boolean isMain() {
        return isJava() && ("/" + path).contains("/src/main/java/");
    }

    String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The folder, without a slash at its end; empty for the root. */
    String folder() {
        return path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }
}
