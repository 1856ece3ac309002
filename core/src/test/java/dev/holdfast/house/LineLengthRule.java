package dev.holdfast.house;

import java.util.Optional;

/** Java fits beside something else on a screen. */
final class LineLengthRule implements TextRule {
    static final int COLUMNS_MAX = 120;

    @Override
    public boolean concerns(TextFile file) {
        return file.isJava();
    }

    @Override
    public Optional<String> fault(String line) {
        int columns = line.codePointCount(0, line.length());
        return columns > COLUMNS_MAX
                ? Optional.of("line has " + columns + " columns, " + COLUMNS_MAX + " allowed")
                : Optional.empty();
    }
}
