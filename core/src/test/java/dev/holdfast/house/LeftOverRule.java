package dev.holdfast.house;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Work that is left over is an issue, not a mark in the code. */
final class LeftOverRule implements TextRule {
    private static final Set<String> PROSE = Set.of("md", "txt", "ndjson");

    // In two parts each, so that this file keeps its own rule.
    private static final Pattern MARK = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|X" + "XX|HA" + "CK)\\b");

    @Override
    public boolean concerns(TextFile file) {
        return !PROSE.contains(file.name().substring(file.name().lastIndexOf('.') + 1));
    }

    @Override
    public Optional<String> fault(String line) {
        Matcher mark = MARK.matcher(line);
        return mark.find() ? Optional.of(mark.group() + ": finish it or write an issue") : Optional.empty();
    }
}
