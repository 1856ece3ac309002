package dev.holdfast.search;

import java.text.Normalizer;
import java.util.function.Predicate;

/**
 * Words of the {@code unicode61} tokenizer: found by Unicode category, then folded so that case and accents are gone.
 *
 * <p>Where words begin and end is as in SQLite's tokenizer of that name, except that any mark continues a word (SQLite
 * cuts Devanagari words at their vowel signs). Accents go in all alphabets, not only in Latin.
 */
final class UnicodeWords {
    /*
     * A word is decomposed one character at a time and never as a whole: sorting a long run of marks, which is part of
     * normalisation, takes quadratic time. Dropped accents need no order, and of what is left this many chars are put
     * together again. That always fills TOKEN_BYTES_MAX: composition shortens at most three to one (Hangul).
     */
    private static final int FOLDED_CHARS_MAX = 4 * Tokenizer.TOKEN_BYTES_MAX;

    private static final int WORD_START = categories(
            Character.UPPERCASE_LETTER,
            Character.LOWERCASE_LETTER,
            Character.TITLECASE_LETTER,
            Character.MODIFIER_LETTER,
            Character.OTHER_LETTER,
            Character.DECIMAL_DIGIT_NUMBER,
            Character.LETTER_NUMBER,
            Character.OTHER_NUMBER,
            Character.PRIVATE_USE);

    private static final int MARK =
            categories(Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK);

    private UnicodeWords() {}

    static void each(String text, Predicate<String> accept) {
        int at = 0;
        while (at < text.length()) {
            int codePoint = text.codePointAt(at);
            int start = at;
            at += Character.charCount(codePoint);
            if (!is(WORD_START, codePoint)) {
                continue;
            }
            while (at < text.length() && isWordPart(text.codePointAt(at))) {
                at += Character.charCount(text.codePointAt(at));
            }
            if (!accept.test(fold(text, start, at))) {
                return;
            }
        }
    }

    static boolean isWordPart(int codePoint) {
        return is(WORD_START | MARK, codePoint);
    }

    private static String fold(String text, int start, int end) {
        var folded = new StringBuilder(Math.min(end - start, FOLDED_CHARS_MAX));
        boolean ascii = true;
        for (int at = start; at < end && folded.length() < FOLDED_CHARS_MAX; ) {
            int codePoint = text.codePointAt(at);
            at += Character.charCount(codePoint);
            if (codePoint < 0x80) {
                folded.append((char) (codePoint >= 'A' && codePoint <= 'Z' ? codePoint + 32 : codePoint));
            } else {
                ascii = false;
                foldInto(folded, codePoint);
            }
        }
        return cut(ascii ? folded.toString() : Normalizer.normalize(folded, Normalizer.Form.NFC));
    }

    private static void foldInto(StringBuilder folded, int codePoint) {
        String parts = Normalizer.normalize(Character.toString(codePoint), Normalizer.Form.NFD);
        for (int at = 0; at < parts.length(); ) {
            int part = parts.codePointAt(at);
            at += Character.charCount(part);
            if (!isAccent(part)) {
                // By way of upper case, so that both small sigmas and the long s meet their other forms.
                folded.appendCodePoint(Character.toLowerCase(Character.toUpperCase(part)));
            }
        }
    }

    /**
     * Marks that a reader can do without. Marks of the other scripts are vowels or tones: without them words fall
     * together.
     */
    private static boolean isAccent(int codePoint) {
        if (!is(MARK, codePoint)) {
            return false;
        }
        return switch (Character.UnicodeScript.of(codePoint)) {
            // Shared by scripts; among them the two voicing marks of kana, which make other syllables.
            case INHERITED -> codePoint != 0x3099 && codePoint != 0x309A;
            case LATIN, GREEK, CYRILLIC, HEBREW, ARABIC, SYRIAC -> true;
            default -> false;
        };
    }

    private static String cut(String token) {
        if (token.length() * 3 <= Tokenizer.TOKEN_BYTES_MAX) {
            return token;
        }
        int bytes = 0;
        for (int at = 0; at < token.length(); ) {
            int codePoint = token.codePointAt(at);
            bytes += Utf8.length(codePoint);
            if (bytes > Tokenizer.TOKEN_BYTES_MAX) {
                return token.substring(0, at);
            }
            at += Character.charCount(codePoint);
        }
        return token;
    }

    private static boolean is(int categories, int codePoint) {
        return (categories >> Character.getType(codePoint) & 1) != 0;
    }

    private static int categories(byte... types) {
        int bits = 0;
        for (byte type : types) {
            bits |= 1 << type;
        }
        return bits;
    }
}
