package dev.holdfast.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The name that somebody may have meant. */
final class NearestName {
    private static final int LETTERS_PER_MISTAKE = 3;

    private NearestName() {}

    /** The nearest of some names, when one letter in three of it at most is wrong, missing or too much. */
    static Optional<String> to(String typed, Collection<String> names) {
        return names.stream()
                .filter(name -> mistakes(typed, name) <= Math.max(1, name.length() / LETTERS_PER_MISTAKE))
                .min(Comparator.comparingInt(name -> mistakes(typed, name)));
    }

    /** How many letters have to be changed, added or removed to make one word of the other. */
    private static int mistakes(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int changed = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
