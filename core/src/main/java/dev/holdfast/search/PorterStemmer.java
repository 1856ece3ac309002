package dev.holdfast.search;

import java.util.Arrays;
import java.util.List;

/**
 * The stem of an English word by Porter's algorithm.
 *
 * <p>Source of the rules: M. F. Porter, "An algorithm for suffix stripping", Program 14 (1980), with the two changes of
 * its author's later edition ({@code bli} for {@code abli}, and {@code logi}), which SQLite's {@code porter} has as
 * well. It differs from SQLite's only in words that are nothing but a suffix, such as {@code ies}, and behind a double
 * y. Stems are for comparison and often no words: {@code happy} and {@code happiness} are {@code happi}.
 */
final class PorterStemmer {
    /** Longer tokens stay as they are: they are no English words (the limit of SQLite). */
    static final int LENGTH_MAX = 64;

    private static final int LENGTH_MIN = 3;

    // Within a step the longest suffix that fits decides, so a suffix stands before every other one that it ends with.
    private static final List<Rule> DOUBLE_SUFFIXES = rules("ational=ate tional=tion enci=ence anci=ance izer=ize "
            + "logi=log bli=ble alli=al entli=ent eli=e ousli=ous ization=ize ation=ate ator=ate alism=al iveness=ive "
            + "fulness=ful ousness=ous aliti=al iviti=ive biliti=ble");
    private static final List<Rule> SINGLE_SUFFIXES = rules("icate=ic ative= alize=al iciti=ic ical=ic ful= ness=");
    private static final List<Rule> LAST_SUFFIXES =
            rules("al= ance= ence= er= ic= able= ible= ant= ement= ment= ent= ou= ism= ate= iti= ous= ive= ize=");

    private record Rule(String suffix, String replacement) {}

    private final StringBuilder word;

    private PorterStemmer(String word) {
        this.word = new StringBuilder(word);
    }

    /**
     * The stem of a token.
     *
     * @param token folded to lower case; with other characters than ASCII letters and digits, shorter than three or
     *     longer than {@link #LENGTH_MAX} it is its own stem. Digits count as consonants.
     */
    static String stem(String token) {
        if (token.length() < LENGTH_MIN || token.length() > LENGTH_MAX || !isAscii(token)) {
            return token;
        }
        var stemmer = new PorterStemmer(token);
        stemmer.plural();
        stemmer.pastOrGerund();
        stemmer.finalY();
        stemmer.replaceFirst(DOUBLE_SUFFIXES, 1);
        stemmer.replaceFirst(SINGLE_SUFFIXES, 1);
        stemmer.lastSuffix();
        stemmer.tidy();
        return stemmer.word.toString();
    }

    /** Step 1a. */
    private void plural() {
        if (endsWith("sses") || endsWith("ies")) {
            drop(2);
        } else if (endsWith("s") && !endsWith("ss")) {
            drop(1);
        }
    }

    /** Step 1b. */
    private void pastOrGerund() {
        if (endsWith("eed")) {
            if (measure(word.length() - 3) > 0) {
                drop(1);
            }
        } else if (endsWith("ed") && hasVowel(word.length() - 2)) {
            drop(2);
            restore();
        } else if (endsWith("ing") && hasVowel(word.length() - 3)) {
            drop(3);
            restore();
        }
    }

    /**
     * The end of step 1b: gives back the e that went with the ending (hop-ing), or halves what it doubled (hopp-ing).
     */
    private void restore() {
        int length = word.length();
        if (endsWith("at") || endsWith("bl") || endsWith("iz")) {
            word.append('e');
        } else if (endsInDoubleConsonant()) {
            char last = word.charAt(length - 1);
            if (last != 'l' && last != 's' && last != 'z') {
                drop(1);
            }
        } else if (measure(length) == 1 && endsInShortSyllable(length)) {
            word.append('e');
        }
    }

    /** Step 1c. */
    private void finalY() {
        int last = word.length() - 1;
        if (word.charAt(last) == 'y' && hasVowel(last)) {
            word.setCharAt(last, 'i');
        }
    }

    /**
     * Steps 2 and 3, and most of 4: the first suffix that fits decides, and goes if enough of a word stands before it.
     */
    private void replaceFirst(List<Rule> rules, int measureMin) {
        for (Rule rule : rules) {
            if (endsWith(rule.suffix())) {
                int stem = word.length() - rule.suffix().length();
                if (measure(stem) >= measureMin) {
                    word.setLength(stem);
                    word.append(rule.replacement());
                }
                return;
            }
        }
    }

    /** Step 4. The s or t that must stand before "ion" stays, and counts to the stem. */
    private void lastSuffix() {
        if (endsWith("sion") || endsWith("tion")) {
            if (measure(word.length() - 3) > 1) {
                drop(3);
            }
        } else {
            replaceFirst(LAST_SUFFIXES, 2);
        }
    }

    /** Step 5. */
    private void tidy() {
        int last = word.length() - 1;
        if (word.charAt(last) == 'e') {
            int measure = measure(last);
            if (measure > 1 || (measure == 1 && !endsInShortSyllable(last))) {
                drop(1);
            }
        }
        if (endsWith("ll") && measure(word.length() - 1) > 1) {
            drop(1);
        }
    }

    /** How often a vowel is followed by a consonant in the first {@code length} letters: about their syllables. */
    private int measure(int length) {
        int changes = 0;
        for (int i = 1; i < length; i++) {
            if (isConsonant(i) && !isConsonant(i - 1)) {
                changes++;
            }
        }
        return changes;
    }

    private boolean hasVowel(int length) {
        for (int i = 0; i < length; i++) {
            if (!isConsonant(i)) {
                return true;
            }
        }
        return false;
    }

    private boolean endsInDoubleConsonant() {
        int last = word.length() - 1;
        return last > 0 && word.charAt(last) == word.charAt(last - 1) && isConsonant(last);
    }

    /** Consonant, vowel, consonant that is not w, x or y: an e was dropped after it (hop, fil). */
    private boolean endsInShortSyllable(int length) {
        int last = length - 1;
        return last >= 2
                && isConsonant(last)
                && !isConsonant(last - 1)
                && isConsonant(last - 2)
                && "wxy".indexOf(word.charAt(last)) < 0;
    }

    /** A y is a consonant at the start and after a vowel. */
    private boolean isConsonant(int at) {
        return switch (word.charAt(at)) {
            case 'a', 'e', 'i', 'o', 'u' -> false;
            case 'y' -> at == 0 || !isConsonant(at - 1);
            default -> true;
        };
    }

    private boolean endsWith(String suffix) {
        int start = word.length() - suffix.length();
        return start >= 0 && word.indexOf(suffix, start) == start;
    }

    private void drop(int letters) {
        word.setLength(word.length() - letters);
    }

    private static boolean isAscii(String token) {
        return token.chars().allMatch(c -> c < 0x80);
    }

    private static List<Rule> rules(String text) {
        return Arrays.stream(text.split(" "))
                .map(rule -> rule.split("=", 2))
                .map(rule -> new Rule(rule[0], rule[1]))
                .toList();
    }
}
