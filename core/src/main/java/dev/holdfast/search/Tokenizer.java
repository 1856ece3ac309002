package dev.holdfast.search;

import dev.holdfast.engine.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * The rule that cuts a text into tokens, the words that an index stores and a query asks for.
 *
 * <p>The names are those of SQLite's FTS5. A token has no white space, no punctuation and no control character, and is
 * cut to {@link #TOKEN_BYTES_MAX}. A query must use the tokenizer of its index.
 */
public enum Tokenizer {
    /**
     * Words of any language, without case and accents: {@code Café} is {@code cafe}. The default.
     *
     * <p>Letters, numbers and private-use characters (Unicode categories L, N, Co) and the marks that follow them form
     * words; everything else separates. Accents and vowel points are dropped. Vowel signs of scripts that cannot be
     * read without them, as in Devanagari or Thai, and the voicing marks of kana are kept.
     */
    UNICODE61("unicode61") {
        @Override
        boolean isWordPart(int codePoint) {
            return UnicodeWords.isWordPart(codePoint);
        }

        @Override
        void each(String text, Predicate<String> accept) {
            UnicodeWords.each(text, accept);
        }
    },
    /**
     * The words of {@link #UNICODE61} reduced to their English stem: {@code run}, {@code runs} and {@code running} are
     * one token. Words with characters outside ASCII stay as they are.
     */
    PORTER("porter") {
        @Override
        boolean isWordPart(int codePoint) {
            return UnicodeWords.isWordPart(codePoint);
        }

        @Override
        void each(String text, Predicate<String> accept) {
            UnicodeWords.each(text, word -> accept.test(PorterStemmer.stem(word)));
        }
    },
    /**
     * Words of ASCII letters and digits, without case; every other character separates: {@code Café} is {@code caf}.
     */
    ASCII("ascii") {
        @Override
        boolean isWordPart(int codePoint) {
            return AsciiWords.isWordPart(codePoint);
        }

        @Override
        void each(String text, Predicate<String> accept) {
            AsciiWords.each(text, accept);
        }
    };

    /** The longest token, in bytes of UTF-8: the rest of a longer word is ignored, in texts and queries alike. */
    public static final int TOKEN_BYTES_MAX = 256;

    private static final int NAME_SHOWN_MAX = 50;

    private final String text;

    Tokenizer(String text) {
        this.text = text;
    }

    /**
     * The tokenizer of a name as users write it.
     *
     * @param text {@code unicode61}, {@code porter} or {@code ascii}, in lower case
     * @throws InvalidInputException {@code search.unknown_tokenizer}: any other text
     */
    public static Tokenizer of(String text) {
        Objects.requireNonNull(text, "text");
        for (Tokenizer tokenizer : values()) {
            if (tokenizer.text.equals(text)) {
                return tokenizer;
            }
        }
        String shown = text.length() <= NAME_SHOWN_MAX ? text : text.substring(0, NAME_SHOWN_MAX) + "...";
        throw new InvalidInputException(
                "search.unknown_tokenizer",
                "the tokenizer must be one of unicode61, porter, ascii (tokenizer=" + shown + ")");
    }

    /** The name that {@link #of} accepts and protocols show. */
    public String text() {
        return text;
    }

    /**
     * All tokens of a text in its order, repeats included; empty when the text has no word.
     *
     * @param text any text, lone surrogates and control characters included
     */
    public List<String> tokens(String text) {
        Objects.requireNonNull(text, "text");
        var tokens = new ArrayList<String>();
        each(text, tokens::add);
        return List.copyOf(tokens);
    }

    /**
     * Hands over token by token until {@code accept} answers false, so that a long text need not be tokenised to its
     * end.
     */
    abstract void each(String text, Predicate<String> accept);

    /** Whether a character inside a word belongs to it. */
    abstract boolean isWordPart(int codePoint);
}
