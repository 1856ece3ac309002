package dev.holdfast.search;

import dev.holdfast.engine.InvalidInputException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Reads the text of a query. It knows no errors but a limit: what has no meaning separates words.
 *
 * <p>Two steps: the text is cut into items, which are phrases, the sign OR, and runs between white space (one word or
 * several); then items joined by OR become alternatives and the rest is required.
 */
final class SearchQueryParser {
    private static final String OR = "OR";

    /** A part of the query, or OR, which also has a meaning as a word. */
    private record Item(SearchQuery query, boolean isOr) {}

    private final String text;
    private final Tokenizer tokenizer;
    private final List<Item> items = new ArrayList<>();

    SearchQueryParser(String text, Tokenizer tokenizer) {
        this.text = text;
        this.tokenizer = tokenizer;
    }

    SearchQuery parse() {
        cut();
        SearchQuery query = join();
        int words = words(query);
        if (words > SearchQuery.WORDS_MAX) {
            throw new InvalidInputException(
                    "search.query_too_many_words",
                    "the query has more words than the limit (words=" + words + ", wordsMax=" + SearchQuery.WORDS_MAX
                            + ")");
        }
        return query;
    }

    private void cut() {
        int at = 0;
        while (at < text.length()) {
            if (text.charAt(at) == '"') {
                int close = text.indexOf('"', at + 1);
                if (close > 0) {
                    addPhrase(text.substring(at + 1, close));
                    at = close;
                }
                at++;
            } else if (isSpace(text.charAt(at))) {
                at++;
            } else {
                int start = at;
                while (at < text.length() && text.charAt(at) != '"' && !isSpace(text.charAt(at))) {
                    at++;
                }
                addRun(text.substring(start, at));
            }
        }
    }

    private void addPhrase(String quoted) {
        List<String> tokens = tokenizer.tokens(quoted);
        if (!tokens.isEmpty()) {
            SearchQuery one =
                    tokens.size() == 1 ? new SearchQuery.Word(tokens.getFirst()) : new SearchQuery.Phrase(tokens);
            items.add(new Item(one, false));
        }
    }

    private void addRun(String run) {
        var parts = new ArrayList<SearchQuery>();
        int start = 0;
        for (int star = run.indexOf('*'); star >= 0; star = run.indexOf('*', star + 1)) {
            addWords(parts, run.substring(start, star), endsWord(run, star));
            start = star + 1;
        }
        addWords(parts, run.substring(start), false);
        if (!parts.isEmpty()) {
            items.add(new Item(all(parts), run.equals(OR)));
        }
    }

    private void addWords(List<SearchQuery> parts, String words, boolean isPrefix) {
        List<String> tokens = tokenizer.tokens(words);
        for (int i = 0; i < tokens.size(); i++) {
            String token = tokens.get(i);
            boolean begins = isPrefix && i == tokens.size() - 1;
            parts.add(begins ? new SearchQuery.Prefix(token) : new SearchQuery.Word(token));
        }
    }

    /** Whether a star stands right behind a word, not within one. */
    private boolean endsWord(String run, int star) {
        return star > 0
                && tokenizer.isWordPart(run.codePointBefore(star))
                && (star + 1 == run.length() || !tokenizer.isWordPart(run.codePointAt(star + 1)));
    }

    private SearchQuery join() {
        var required = new ArrayList<SearchQuery>();
        int at = 0;
        while (at < items.size()) {
            var alternatives = new ArrayList<SearchQuery>();
            alternatives.add(items.get(at++).query());
            while (at + 1 < items.size() && items.get(at).isOr()) {
                alternatives.add(items.get(at + 1).query());
                at += 2;
            }
            required.add(any(alternatives));
        }
        return required.isEmpty() ? new SearchQuery.Nothing() : all(required);
    }

    /** Repeated parts change nothing and are left out; an inner "all" of several words dissolves in the outer one. */
    private static SearchQuery all(Collection<SearchQuery> parts) {
        var different = new LinkedHashSet<SearchQuery>();
        for (SearchQuery part : parts) {
            if (part instanceof SearchQuery.All(var inner)) {
                different.addAll(inner);
            } else {
                different.add(part);
            }
        }
        return different.size() == 1 ? different.getFirst() : new SearchQuery.All(List.copyOf(different));
    }

    private static SearchQuery any(Collection<SearchQuery> parts) {
        var different = new LinkedHashSet<>(parts);
        return different.size() == 1 ? different.getFirst() : new SearchQuery.Any(List.copyOf(different));
    }

    private static int words(SearchQuery query) {
        return switch (query) {
            case SearchQuery.Nothing() -> 0;
            case SearchQuery.Word(var token) -> 1;
            case SearchQuery.Prefix(var start) -> 1;
            case SearchQuery.Phrase(var tokens) -> tokens.size();
            case SearchQuery.All(var parts) ->
                parts.stream().mapToInt(SearchQueryParser::words).sum();
            case SearchQuery.Any(var parts) ->
                parts.stream().mapToInt(SearchQueryParser::words).sum();
        };
    }

    private static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }
}
