package dev.holdfast.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.InvalidInputException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SearchQueryTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Hello | 'hello'",
                "hello  World | ('hello' & 'world')",
                "a-b it's c++ | ('a' & 'b' & 'it' & 's' & 'c')",
                "a b a A | ('a' & 'b')",
                "title:x (y) | ('title' & 'x' & 'y')",
                "AND NOT NEAR(a, b) or | ('and' & 'not' & 'near' & 'a' & 'b' & 'or')",
                "a\u00a0b\u3000c\td | ('a' & 'b' & 'c' & 'd')",
            })
    void allWordsMustOccur(String text, String tsquery) {
        assertThat(parse(text).tsquery()).isEqualTo(tsquery);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "pre* | 'pre':*",
                "pre** | 'pre':*",
                "(pre*) pre*, | 'pre':*",
                "a-pre* | ('a' & 'pre':*)",
                "Cafe\u0301* | 'cafe':*",
                "one*+two* | ('one':* & 'two':*)",
                "pre *pre p*re | ('pre' & 'p' & 're')",
                "c++* a * | ('c' & 'a')",
                "东* | '东':*",
            })
    void aStarRightBehindAWordMakesItAPrefix(String text, String tsquery) {
        assertThat(parse(text).tsquery()).isEqualTo(tsquery);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"new York\" | ('new' <-> 'york')",
                "\"new, OR (york*\" | ('new' <-> 'or' <-> 'york')",
                "in\"new york\"city | ('in' & ('new' <-> 'york') & 'city')",
                "\"one\" | 'one'",
                "\"\" a \" - \" | 'a'",
                "a \"b c | ('a' & 'b' & 'c')",
                "\"a b\" c\" d | (('a' <-> 'b') & 'c' & 'd')",
                "\"a b\"* | ('a' <-> 'b')",
            })
    void quotedWordsArePhrasesAndAnUnclosedQuoteSeparates(String text, String tsquery) {
        assertThat(parse(text).tsquery()).isEqualTo(tsquery);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "a OR b; ('a' | 'b')",
                "a OR b OR c; ('a' | 'b' | 'c')",
                "x a OR b y; ('x' & ('a' | 'b') & 'y')",
                "a OR b c OR d; (('a' | 'b') & ('c' | 'd'))",
                "a OR b-c; ('a' | ('b' & 'c'))",
                "\"a b\" OR c*; (('a' <-> 'b') | 'c':*)",
                "a OR \"b\" OR; (('a' | 'b') & 'or')",
                "a OR - b; ('a' | 'b')",
                "a OR a; 'a'",
                "OR; 'or'",
                "OR a; ('or' & 'a')",
                "a OR; ('a' & 'or')",
                "a OR OR b; (('a' | 'or') & 'b')",
                "a or b Or c; ('a' & 'or' & 'b' & 'c')",
            })
    void orBetweenWordsOffersEither(String text, String tsquery) {
        assertThat(parse(text).tsquery()).isEqualTo(tsquery);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\"", "\"\"", "*", "***", "- & | ! : ' \\ ( )", "^", "\0", "\ud800", "¶", "¶*"})
    void textsWithoutWordsFindNothing(String text) {
        assertThat(parse(text)).isEqualTo(new SearchQuery.Nothing());
    }

    @Test
    void wordsPassThroughTheTokenizerOfTheIndex() {
        String text = "Running* \"two Cafés\" café";

        assertThat(SearchQuery.parse(text, Tokenizer.UNICODE61).tsquery())
                .isEqualTo("('running':* & ('two' <-> 'cafes') & 'cafe')");
        assertThat(SearchQuery.parse(text, Tokenizer.PORTER).tsquery())
                .isEqualTo("('run':* & ('two' <-> 'cafe') & 'cafe')");
        assertThat(SearchQuery.parse(text + " é* caf*é", Tokenizer.ASCII).tsquery())
                .isEqualTo("('running':* & ('two' <-> 'caf' <-> 's') & 'caf' & 'caf':*)");
    }

    @Test
    void refusesATextThatIsTooLong() {
        String longest = "a ".repeat(SearchQuery.TEXT_CHARS_MAX / 2);

        assertThat(parse(longest)).isEqualTo(new SearchQuery.Word("a"));
        assertThatThrownBy(() -> parse(longest + "b"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("search.query_too_long: the query is longer than the limit (chars=8193, charsMax=8192)");
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", " OR ", "-", "* "})
    void refusesTooManyDifferentWords(String between) {
        String most = words(SearchQuery.WORDS_MAX, between);

        assertThat(parse(most)).isNotEqualTo(new SearchQuery.Nothing());
        assertThatThrownBy(() -> parse(most + between + "more"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("search.query_too_many_words: the query has more words than the limit"
                        + " (words=257, wordsMax=256)");
    }

    @Test
    void countsTheWordsOfPhrases() {
        String most = "\"" + words(SearchQuery.WORDS_MAX - 1, " ") + "\" one";

        assertThat(parse(most)).isInstanceOf(SearchQuery.All.class);
        assertThatThrownBy(() -> parse(most + " \"one two\"")).hasMessageContaining("words=258");
    }

    private static String words(int count, String between) {
        return IntStream.range(0, count).mapToObj(i -> "w" + i).collect(Collectors.joining(between));
    }

    private static SearchQuery parse(String text) {
        return SearchQuery.parse(text, Tokenizer.UNICODE61);
    }
}
