package dev.holdfast.house;

import java.util.List;

/** No Java file is longer than one sitting: a longer one holds two subjects. */
final class FileLengthRule implements Rule {
    static final int LINES_MAX = 600;

    @Override
    public List<Finding> findings(Checkout checkout) {
        return checkout.texts()
                .filter(TextFile::isJava)
                .filter(file -> file.lines().size() > LINES_MAX)
                .map(file -> new Finding(
                        file.path(),
                        LINES_MAX + 1,
                        "file has " + file.lines().size() + " lines, " + LINES_MAX + " allowed"))
                .toList();
    }
}
