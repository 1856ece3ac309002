package dev.holdfast.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Where our tokenizers carry the names of SQLite's, they cut and fold texts as those do. */
class TokenizerSqliteTest {
    /** Letter in a word, our token, SQLite's: its table leaves out what is rare, and the dotless i. */
    private static final List<String> FOLDED_BY_US_ONLY = List.of(
            "xıy [xiy] [xıy]",
            "xǠy [xay] [xǡy]",
            "xǡy [xay] [xǡy]",
            "xǢy [xæy] [xǣy]",
            "xǣy [xæy] [xǣy]",
            "xǮy [xʒy] [xǯy]",
            "xǯy [xʒy] [xǯy]",
            "xǼy [xæy] [xǽy]",
            "xǽy [xæy] [xǽy]",
            "xǾy [xøy] [xǿy]",
            "xǿy [xøy] [xǿy]");

    private static final List<String> SENTENCES = List.of(
            "The quick brown fox jumps over the lazy dog.",
            "Don't panic: e-mail ann@example.org, or call +1 (555) 010-9999!",
            "Crème brûlée, jalapeño & smörgåsbord; 3.14 < π",
            "Déjà vu — coöperation, \"naïve\" façade… 50 % off",
            "{\"tags\":[\"a_b\",\"c/d\"],\"n\":-7e10,\"ok\":true}",
            "Łódź Đakovo Þór Œuvre Æsir straße",
            "ΑΒΓΔ αβγδ Москва мир 東京 서울 שלום");

    @Test
    void unicode61CutsSentencesAsSqliteDoes() throws SQLException {
        try (var sqlite = new SqliteTokens("unicode61 remove_diacritics 2")) {
            assertThat(SENTENCES.stream().map(Tokenizer.UNICODE61::tokens).toList())
                    .isEqualTo(sqlite.of(SENTENCES));
        }
    }

    @Test
    void porterCutsSentencesAsSqliteDoes() throws SQLException {
        // Without words of other letters: SQLite stems the bytes of those too.
        List<String> english = SENTENCES.subList(0, 5);

        try (var sqlite = new SqliteTokens("porter unicode61 remove_diacritics 2")) {
            assertThat(english.stream().map(Tokenizer.PORTER::tokens).toList()).isEqualTo(sqlite.of(english));
        }
    }

    @Test
    void unicode61FoldsEveryLatinLetterAsSqliteDoes() throws SQLException {
        List<String> letters = IntStream.concat(IntStream.range(0x21, 0x250), IntStream.range(0x1E00, 0x1F00))
                .mapToObj(c -> "x" + Character.toString(c) + "y")
                .toList();

        try (var sqlite = new SqliteTokens("unicode61 remove_diacritics 2")) {
            List<List<String>> expected = sqlite.of(letters);
            var differences = new ArrayList<String>();
            for (int i = 0; i < letters.size(); i++) {
                List<String> tokens = Tokenizer.UNICODE61.tokens(letters.get(i));
                if (!tokens.equals(expected.get(i))) {
                    differences.add(letters.get(i) + " " + tokens + " " + expected.get(i));
                }
            }
            assertThat(differences).containsExactlyElementsOf(FOLDED_BY_US_ONLY);
        }
    }
}
