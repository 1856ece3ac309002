package dev.holdfast.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DocumentTokensTest {
    private static final int PLACES_MAX = DocumentTokens.PLACES_MAX;

    @Test
    void textsAreSeparatedByAGap() {
        assertThat(of("One two", "", "-", "three").tokens()).containsExactly("one", "two", "¶", "three");
        assertThat(of("", "one", "!").tokens()).containsExactly("one");
        assertThat(of().tokens()).isEmpty();
    }

    @Test
    void fts5StoresTokensAndGaps() {
        assertThat(of("b a b", "c").fts5()).isEqualTo("b a b ¶ c");
        assertThat(of("").fts5()).isEmpty();
    }

    @Test
    void tsvectorStoresPlacesAndSkipsGaps() {
        assertThat(of("b a b", "c b").tsvector()).isEqualTo("'b':1,3,6 'a':2 'c':5");
        assertThat(of("").tsvector()).isEmpty();
    }

    @Test
    void tsvectorQuotesWhatTokensNeverHold() {
        assertThat(new DocumentTokens(List.of("it's \\"), false).tsvector()).isEqualTo("'it''s \\\\':1");
    }

    @Test
    void behindTheLastPlaceWordsStandAlone() {
        var document = of(words(PLACES_MAX) + " one w0 two one");

        assertThat(document.cut()).isFalse();
        assertThat(document.tokens().subList(PLACES_MAX - 1, document.tokens().size()))
                .containsExactly("w" + (PLACES_MAX - 1), "¶", "one", "¶", "two");
        assertThat(document.tsvector()).endsWith("'w" + (PLACES_MAX - 1) + "':" + PLACES_MAX + " 'one' 'two'");
    }

    @Test
    void textsBehindTheLastPlaceAddTheirNewWords() {
        var document = of(words(PLACES_MAX - 1), "one w1", "two");

        assertThat(document.tokens().subList(PLACES_MAX - 1, document.tokens().size()))
                .containsExactly("¶", "one", "¶", "two");
        assertThat(document.tsvector()).endsWith(" 'one' 'two'");
    }

    @Test
    void oneTokenHasABoundedNumberOfPlaces() {
        int most = DocumentTokens.PLACES_PER_TOKEN_MAX;

        var document = of("the ".repeat(most + 2) + "end");

        assertThat(document.tokens()).hasSize(most + 3);
        assertThat(Collections.frequency(document.tokens(), "the")).isEqualTo(most);
        assertThat(document.tokens().subList(most, most + 3)).containsExactly("¶", "¶", "end");
        assertThat(document.tsvector()).endsWith("," + most + " 'end':" + (most + 3));
    }

    @Test
    void isCutWhereItsDistinctTokensExceedTheLimit() {
        int wordsMax = DocumentTokens.BYTES_MAX / Tokenizer.TOKEN_BYTES_MAX;
        String full = IntStream.range(0, wordsMax)
                .mapToObj(DocumentTokensTest::longWord)
                .collect(Collectors.joining(" "));

        assertThat(of(full, longWord(0)).cut()).isFalse();

        var cut = of(full + " x y", "z");
        assertThat(cut.cut()).isTrue();
        assertThat(cut.tokens()).hasSize(wordsMax).doesNotContain("x", "y", "z");
    }

    @Test
    void readsOfALongTextOnlyWhatItCanHold() {
        var read = new DocumentTokensBuilder(Tokenizer.UNICODE61);

        IntStream.range(0, 1_000_000).forEach(i -> read.add("same -"));

        assertThat(read.build().tokens().size()).isLessThanOrEqualTo(PLACES_MAX);
    }

    /** As long as a token can be, and different for each number. */
    static String longWord(int number) {
        return ("n" + number + "x".repeat(Tokenizer.TOKEN_BYTES_MAX)).substring(0, Tokenizer.TOKEN_BYTES_MAX);
    }

    static String words(int count) {
        return IntStream.range(0, count).mapToObj(i -> "w" + i).collect(Collectors.joining(" "));
    }

    static DocumentTokens of(String... texts) {
        var tokens = new DocumentTokensBuilder(Tokenizer.UNICODE61);
        for (String text : texts) {
            tokens.add(text);
        }
        return tokens.build();
    }
}
