package dev.holdfast.house;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The project speaks of itself alone: it names no package registry, since whoever builds it has mirrors of their own,
 * and no folder or episode of the machine that it was written on.
 */
final class ForeignWordsRule implements TextRule {
    // Written so that no pattern matches this file.
    private static final Pattern HOST = Pattern.compile(
            "\\b(repo1?\\.maven(\\.apache)?\\.org|registry\\.npmjs\\.org|(deb|security)\\.debian\\.org)\\b");
    private static final Pattern FOLDER = Pattern.compile("(?<![\\w.$}])/(work|root)/[\\w.]|/[.]library\\b");
    private static final Pattern EPISODE = Pattern.compile("(?i)\\b(earlier|previous|coding|agent)[ ]session\\b");

    @Override
    public boolean concerns(TextFile file) {
        return !file.name().endsWith(".ndjson");
    }

    @Override
    public Optional<String> fault(String line) {
        for (Pattern pattern : new Pattern[] {HOST, FOLDER, EPISODE}) {
            Matcher match = pattern.matcher(line);
            if (match.find()) {
                return Optional.of("\"" + match.group().strip() + "\" is not about this project");
            }
        }
        return Optional.empty();
    }
}
