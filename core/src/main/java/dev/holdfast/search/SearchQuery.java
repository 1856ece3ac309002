package dev.holdfast.search;

import dev.holdfast.engine.InvalidInputException;
import java.util.Collections;
import java.util.List;

/**
 * What a search asks for, in tokens: a tree that both databases and this class itself answer alike.
 *
 * <p>Any text is a query. Its words must all occur, in any order. The extras:
 *
 * <ul>
 *   <li>{@code word*} - words that begin so. Under {@code porter} it is the stem that is compared: {@code running*}
 *       finds whatever begins with {@code run}.
 *   <li>{@code "two words"} - side by side in this order. A quote that is never closed means nothing.
 *   <li>{@code one OR two} - either; it binds tighter than the words around it, and may be repeated. {@code OR} without
 *       a word on either side is the word "or".
 * </ul>
 *
 * Everything else separates words; words joined by other characters, such as {@code a-b}, must both occur.
 */
sealed interface SearchQuery {
    /** The longest text of a query, in UTF-16 characters. */
    int TEXT_CHARS_MAX = 8_192;

    /** Different words of a query, those of phrases counted one by one. */
    int WORDS_MAX = 256;

    /** No words: finds no document. */
    record Nothing() implements SearchQuery {}

    /** Documents with this token. */
    record Word(String token) implements SearchQuery {}

    /** Documents with a token that begins so. */
    record Prefix(String start) implements SearchQuery {}

    /** Documents with these tokens in consecutive places. */
    record Phrase(List<String> tokens) implements SearchQuery {
        public Phrase {
            tokens = List.copyOf(tokens);
        }
    }

    /** Documents that every part finds. */
    record All(List<SearchQuery> parts) implements SearchQuery {
        public All {
            parts = List.copyOf(parts);
        }
    }

    /** Documents that at least one part finds. */
    record Any(List<SearchQuery> parts) implements SearchQuery {
        public Any {
            parts = List.copyOf(parts);
        }
    }

    /**
     * The meaning of a text.
     *
     * @param tokenizer that of the index
     * @throws InvalidInputException {@code search.query_too_long} or {@code search.query_too_many_words}: a limit of
     *     this interface is exceeded; no other text is refused
     */
    static SearchQuery parse(String text, Tokenizer tokenizer) {
        if (text.length() > TEXT_CHARS_MAX) {
            throw new InvalidInputException(
                    "search.query_too_long",
                    "the query is longer than the limit (chars=" + text.length() + ", charsMax=" + TEXT_CHARS_MAX
                            + ")");
        }
        return new SearchQueryParser(text, tokenizer).parse();
    }

    /**
     * Whether a document is found: the definition that the databases are tested against.
     *
     * @param tokens of the document, gaps included
     */
    default boolean matches(List<String> tokens) {
        return switch (this) {
            case Nothing() -> false;
            case Word(var token) -> tokens.contains(token);
            case Prefix(var start) -> tokens.stream().anyMatch(token -> token.startsWith(start));
            case Phrase(var words) -> Collections.indexOfSubList(tokens, words) >= 0;
            case All(var parts) -> parts.stream().allMatch(part -> part.matches(tokens));
            case Any(var parts) -> parts.stream().anyMatch(part -> part.matches(tokens));
        };
    }

    /** The expression for {@code MATCH} on an FTS5 table with {@code tokenize = 'ascii'}, restricted to one column. */
    default String fts5(String column) {
        var text = new StringBuilder();
        SearchQueryText.fts5(text, this);
        return SearchQueryText.quoted(column) + " : (" + text + ")";
    }

    /** The text of a PostgreSQL {@code tsquery}, to be cast, not to be parsed by {@code to_tsquery}. */
    default String tsquery() {
        var text = new StringBuilder();
        SearchQueryText.tsquery(text, this);
        return text.toString();
    }
}
