package dev.holdfast.search;

import java.util.Locale;
import java.util.function.Predicate;

/** Words of the {@code ascii} tokenizer: runs of ASCII letters and digits, in lower case. */
final class AsciiWords {
    private AsciiWords() {}

    static void each(String text, Predicate<String> accept) {
        int at = 0;
        while (at < text.length()) {
            if (!isWordPart(text.charAt(at))) {
                at++;
                continue;
            }
            int start = at;
            while (at < text.length() && isWordPart(text.charAt(at))) {
                at++;
            }
            // One byte per character, so the limit in bytes is one in characters.
            int end = Math.min(at, start + Tokenizer.TOKEN_BYTES_MAX);
            if (!accept.test(text.substring(start, end).toLowerCase(Locale.ROOT))) {
                return;
            }
        }
    }

    static boolean isWordPart(int codePoint) {
        return (codePoint >= 'a' && codePoint <= 'z')
                || (codePoint >= 'A' && codePoint <= 'Z')
                || (codePoint >= '0' && codePoint <= '9');
    }
}
