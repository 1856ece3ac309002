package dev.holdfast.filter;

import dev.holdfast.json.Json;
import java.util.Locale;
import java.util.regex.Pattern;
import tools.jackson.databind.node.StringNode;

/** Order, case folding and well-formedness of strings, alike in Java and in both databases. */
final class Texts {
    private static final int SHOWN_CHARS_MAX = 60;
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private Texts() {}

    /**
     * Compares by code point, as UTF-8 bytes do and UTF-16 units do not: U+1D4B3 comes after U+FFFD here, its first
     * surrogate would come before. A lone surrogate counts as the code point of its own number.
     */
    static int compare(String a, String b) {
        int shorter = Math.min(a.length(), b.length());
        for (int i = 0; i < shorter; i++) {
            if (a.charAt(i) != b.charAt(i)) {
                // The unit before may be the first half of a pair in one string and alone in the other.
                if (i > 0 && Character.isHighSurrogate(a.charAt(i - 1))) {
                    int pairs = Integer.compare(a.codePointAt(i - 1), b.codePointAt(i - 1));
                    if (pairs != 0) {
                        return pairs;
                    }
                }
                return Integer.compare(a.codePointAt(i), b.codePointAt(i));
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    /**
     * The form in which two strings are equal when they differ in case only, for every script of Unicode.
     *
     * <p>Each code point is mapped to lower, upper and lower case again under the root locale. That also joins what one
     * mapping alone keeps apart: {@code ß}, {@code ẞ} and {@code SS}; {@code K} and the Kelvin sign; both small sigmas.
     * No accent is dropped, so {@code ü} stays different from {@code u}.
     */
    static String fold(String text) {
        if (isAscii(text)) {
            return text.toLowerCase(Locale.ROOT); // the same object when nothing changes
        }
        return text.toLowerCase(Locale.ROOT)
                .toUpperCase(Locale.ROOT)
                .toLowerCase(Locale.ROOT)
                .replace('ς', 'σ'); // the one mapping that looks at its neighbours
    }

    /** Whether both databases can hold the text: it has no U+0000 and no lone surrogate. */
    static boolean isStorable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                return false;
            }
            if (Character.isSurrogate(c)) {
                boolean pair = Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    /** A name of a caller as a message shows it: quoted, control characters escaped, cut when long. */
    static String shown(String text) {
        return Json.text(StringNode.valueOf(cut(text)));
    }

    /** A name of a caller as a part of a place in a message: without control characters, cut when long. */
    static String place(String name) {
        return CONTROL.matcher(cut(name)).replaceAll("?");
    }

    private static String cut(String text) {
        return text.length() <= SHOWN_CHARS_MAX ? text : text.substring(0, SHOWN_CHARS_MAX) + "...";
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }
}
