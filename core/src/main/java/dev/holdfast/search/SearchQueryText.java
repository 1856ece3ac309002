package dev.holdfast.search;

import java.util.List;
import java.util.function.BiConsumer;

/** Queries in the languages of the two databases. Every token is quoted, so no word is taken for an operator. */
final class SearchQueryText {
    private SearchQueryText() {}

    static void fts5(StringBuilder text, SearchQuery query) {
        switch (query) {
            // The empty string is a phrase without words, which finds nothing.
            case SearchQuery.Nothing() -> text.append(quoted(""));
            case SearchQuery.Word(var token) -> text.append(quoted(token));
            case SearchQuery.Prefix(var start) -> text.append(quoted(start)).append(" *");
            case SearchQuery.Phrase(var tokens) -> join(text, tokens, " + ", (to, token) -> to.append(quoted(token)));
            case SearchQuery.All(var parts) -> join(text, parts, " AND ", SearchQueryText::fts5);
            case SearchQuery.Any(var parts) -> join(text, parts, " OR ", SearchQueryText::fts5);
        }
    }

    static void tsquery(StringBuilder text, SearchQuery query) {
        switch (query) {
            case SearchQuery.Nothing() -> {
                // No text is the empty tsquery, which finds nothing.
            }
            case SearchQuery.Word(var token) -> PostgresText.quote(text, token);
            case SearchQuery.Prefix(var start) ->
                PostgresText.quote(text, start).append(":*");
            case SearchQuery.Phrase(var tokens) -> join(text, tokens, " <-> ", PostgresText::quote);
            case SearchQuery.All(var parts) -> join(text, parts, " & ", SearchQueryText::tsquery);
            case SearchQuery.Any(var parts) -> join(text, parts, " | ", SearchQueryText::tsquery);
        }
    }

    /** An FTS5 string, or the name of a column. */
    static String quoted(String text) {
        return '"' + text.replace("\"", "\"\"") + '"';
    }

    // Always in parentheses: the two languages give their operators different precedence.
    private static <T> void join(
            StringBuilder text, List<T> parts, String operator, BiConsumer<StringBuilder, T> append) {
        String before = "(";
        for (T part : parts) {
            text.append(before);
            append.accept(text, part);
            before = operator;
        }
        text.append(')');
    }
}
