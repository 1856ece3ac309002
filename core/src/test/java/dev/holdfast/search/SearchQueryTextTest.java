package dev.holdfast.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The texts of queries for the two databases, and what the model makes of the same trees. */
class SearchQueryTextTest {
    private static final SearchQuery EVERY_KIND = SearchQuery.parse("tok a OR b pre* \"x y\"", Tokenizer.UNICODE61);

    @Test
    void fts5QuotesEveryTokenAndNamesTheColumn() {
        assertThat(EVERY_KIND.fts5("tokens"))
                .isEqualTo("\"tokens\" : ((\"tok\" AND (\"a\" OR \"b\") AND \"pre\" * AND (\"x\" + \"y\")))");
        assertThat(new SearchQuery.Word("a").fts5("odd\"name")).isEqualTo("\"odd\"\"name\" : (\"a\")");
    }

    @Test
    void tsqueryQuotesEveryToken() {
        assertThat(EVERY_KIND.tsquery()).isEqualTo("('tok' & ('a' | 'b') & 'pre':* & ('x' <-> 'y'))");
    }

    @Test
    void quotesWhatTokensNeverHold() {
        // No tokenizer yields such tokens; that nothing breaks out does not rest on it.
        var query = new SearchQuery.Word("it's \\ \"x\" & y");

        assertThat(query.tsquery()).isEqualTo("'it''s \\\\ \"x\" & y'");
        assertThat(query.fts5("c")).isEqualTo("\"c\" : (\"it's \\ \"\"x\"\" & y\")");
    }

    @Test
    void aQueryWithoutWordsHasATextOnBoth() {
        assertThat(new SearchQuery.Nothing().tsquery()).isEmpty();
        assertThat(new SearchQuery.Nothing().fts5("c")).isEqualTo("\"c\" : (\"\")");
    }

    @Test
    void theModelFindsWordsAnywhereInAnyOrder() {
        assertThat(finds("b a", "a x b")).isTrue();
        assertThat(finds("a c", "a x b")).isFalse();
        assertThat(finds("a", "ab ba")).isFalse();
        assertThat(finds("", "a")).isFalse();
        assertThat(finds("a", "")).isFalse();
    }

    @Test
    void theModelFindsPrefixesIncludingTheWordItself() {
        assertThat(finds("ab*", "abc")).isTrue();
        assertThat(finds("ab*", "ab")).isTrue();
        assertThat(finds("ab*", "xab a")).isFalse();
    }

    @Test
    void theModelFindsPhrasesInConsecutivePlacesOnly() {
        assertThat(finds("\"a b\"", "x a b y")).isTrue();
        assertThat(finds("\"a a b\"", "a a a b")).isTrue();
        assertThat(finds("\"a b\"", "a x b")).isFalse();
        assertThat(finds("\"a b\"", "b a")).isFalse();
        assertThat(finds("\"a b\"", "a ¶ b")).isFalse();
    }

    @Test
    void theModelFindsEitherOfTwo() {
        assertThat(finds("a OR b", "x b")).isTrue();
        assertThat(finds("a OR b x", "a y")).isFalse();
        assertThat(finds("a OR b-c", "b")).isFalse();
        assertThat(finds("a OR b-c", "c b")).isTrue();
    }

    private static boolean finds(String query, String tokens) {
        return SearchQuery.parse(query, Tokenizer.UNICODE61).matches(List.of(tokens.split(" ")));
    }
}
