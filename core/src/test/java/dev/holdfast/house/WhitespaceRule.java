package dev.holdfast.house;

import java.util.Optional;

/** Text indents with spaces and ends each line with its last character. */
final class WhitespaceRule implements TextRule {
    @Override
    public boolean concerns(TextFile file) {
        return !file.name().endsWith(".ndjson") && !file.name().startsWith("LICENSE");
    }

    @Override
    public Optional<String> fault(String line) {
        if (line.indexOf('\t') >= 0) {
            return Optional.of("tab in column " + (line.indexOf('\t') + 1) + ", use spaces");
        }
        return line.endsWith(" ") ? Optional.of("space at the end of the line") : Optional.empty();
    }
}
