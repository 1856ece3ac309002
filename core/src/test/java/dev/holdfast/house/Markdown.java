package dev.holdfast.house;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the rules need of a Markdown page: its links, the anchors that others may link to, and its code. */
final class Markdown {
    private static final Pattern FENCE = Pattern.compile("^ {0,3}(```+|~~~+)\\s*(.*)");
    private static final Pattern CODE = Pattern.compile("(`+)(.+?)\\1");
    private static final Pattern LINK = Pattern.compile("\\]\\(\\s*<?([^)>\\s]+)>?(?:\\s+\"[^\"]*\")?\\s*\\)");
    private static final Pattern REFERENCE = Pattern.compile("^ {0,3}\\[[^\\]^]+\\]:\\s+<?([^>\\s]+)>?.*");
    private static final Pattern HEADING = Pattern.compile("^#{1,6}\\s+(.*?)\\s*#*$");
    private static final Pattern HTML_ANCHOR = Pattern.compile("<[^>]+\\b(?:id|name)=\"([^\"]+)\"");

    private final List<Piece> links = new ArrayList<>();
    private final List<Piece> codeSpans = new ArrayList<>();
    private final List<Piece> fenced = new ArrayList<>();
    private final List<Fence> fences = new ArrayList<>();
    private final Set<String> anchors = new HashSet<>();
    private final Map<String, Integer> slugs = new HashMap<>();

    /** A part of the page and the line that it stands in. */
    record Piece(int line, String text) {}

    /**
     * A fenced block.
     *
     * @param line of its opening mark
     * @param info what stands behind the mark: a language, then what a rule may want to know
     * @param lines between the marks
     */
    record Fence(int line, String info, List<String> lines) {}

    Markdown(String text) {
        String fence = "";
        boolean plain = false;
        List<String> inside = List.of();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            Matcher mark = FENCE.matcher(line);
            if (!fence.isEmpty()) {
                if (mark.matches() && line.strip().startsWith(fence)) {
                    fence = "";
                } else {
                    inside.add(line);
                    if (plain) {
                        fenced.add(new Piece(number, line));
                    }
                }
            } else if (mark.matches()) {
                fence = mark.group(1);
                plain = mark.group(2).isEmpty();
                inside = new ArrayList<>();
                fences.add(new Fence(number, mark.group(2).strip(), inside));
            } else {
                readProse(number, line);
            }
        }
    }

    List<Piece> links() {
        return links;
    }

    /** The contents of {@code `...`} in running text. */
    List<Piece> codeSpans() {
        return codeSpans;
    }

    /** The lines inside fences that name no language. */
    List<Piece> fenced() {
        return fenced;
    }

    /** Every fenced block, in order. */
    List<Fence> fences() {
        return fences;
    }

    /** Without the {@code #}. */
    Set<String> anchors() {
        return anchors;
    }

    private void readProse(int number, String line) {
        Matcher heading = HEADING.matcher(line);
        if (heading.matches()) {
            addSlug(slug(heading.group(1)));
        }
        collect(HTML_ANCHOR, 1, line).forEach(anchors::add);
        collect(CODE, 2, line).forEach(code -> codeSpans.add(new Piece(number, code)));

        String prose = CODE.matcher(line).replaceAll("");
        collect(LINK, 1, prose).forEach(target -> links.add(new Piece(number, target)));
        Matcher reference = REFERENCE.matcher(prose);
        if (reference.matches()) {
            links.add(new Piece(number, reference.group(1)));
        }
    }

    private void addSlug(String slug) {
        int before = slugs.merge(slug, 1, Integer::sum) - 1;
        anchors.add(before == 0 ? slug : slug + "-" + before);
    }

    /** The anchor that hosts of Git repositories give a heading. */
    private static String slug(String heading) {
        String text = heading.replaceAll("\\]\\([^)]*\\)", "").toLowerCase(Locale.ROOT);
        return text.replaceAll("[^\\p{L}\\p{N}\\s_-]", "").replaceAll("\\s", "-");
    }

    private static List<String> collect(Pattern pattern, int group, String text) {
        return pattern.matcher(text).results().map(r -> r.group(group)).toList();
    }
}
