package dev.holdfast.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SQLite, PostgreSQL and the model in {@link SearchQuery#matches} find the same documents. */
class SearchAgreementTest {
    private static final int DOCUMENTS = 150;
    private static final int QUERIES = 1_000;

    private static SearchDatabases databases;

    @BeforeAll
    static void open() throws IOException, SQLException {
        databases = new SearchDatabases();
    }

    @AfterAll
    static void close() throws IOException, SQLException {
        databases.close();
    }

    @ParameterizedTest
    @EnumSource
    void randomQueriesFindTheSameOfRandomDocuments(Tokenizer tokenizer) throws SQLException {
        long seed = Long.getLong("holdfast.seed", System.nanoTime());
        var texts = new RandomTexts(new Random(seed));
        List<DocumentTokens> documents = Stream.generate(texts::document)
                .limit(DOCUMENTS)
                .map(json -> DocumentText.tokens(RandomTexts.FIELDS, DocumentTextTest.fieldsOf(json), tokenizer))
                .toList();
        databases.load(documents);

        int telling = 0;
        for (int i = 0; i < QUERIES; i++) {
            String text = texts.query();
            String name = "-Dholdfast.seed=%d, query %d: %s".formatted(seed, i, text);
            int found = assertAgreement(name, SearchQuery.parse(text, tokenizer), documents);
            telling += found > 0 && found < DOCUMENTS ? 1 : 0;
        }

        assertThat(telling).as("queries that find some documents and not all").isGreaterThan(QUERIES / 3);
    }

    @Test
    void longDocumentsAreFoundAlike() throws SQLException {
        String many = DocumentTokensTest.words(DocumentTokens.PLACES_MAX - 2);
        var documents = List.of(
                DocumentTokensTest.of(many + " last place over edge"),
                DocumentTokensTest.of(many, "last place over edge"),
                DocumentTokensTest.of("the fox ".repeat(DocumentTokens.PLACES_PER_TOKEN_MAX) + "the end"),
                DocumentTokensTest.of("the fox ".repeat(DocumentTokens.PLACES_PER_TOKEN_MAX - 1) + "the end"),
                DocumentTokensTest.of("the fox ".repeat(50_000) + "the end"));
        databases.load(documents);

        assertThat(found("\"last place\"", documents)).containsExactly(0);
        assertThat(found("\"place over\" OR \"over edge\"", documents)).isEmpty();
        assertThat(found("last over edge", documents)).containsExactly(0, 1);
        assertThat(found("\"w7 w8\" edg*", documents)).containsExactly(0, 1);
        assertThat(found("\"the end\"", documents)).containsExactly(3);
        assertThat(found("\"fox the fox\"", documents)).containsExactly(2, 3, 4);
        assertThat(found("the en* OR nothing", documents)).containsExactly(2, 3, 4);
    }

    @Test
    void theLargestDocumentsAreStoredByBoth() throws SQLException {
        int longWords = DocumentTokens.BYTES_MAX / Tokenizer.TOKEN_BYTES_MAX;
        var documents = List.of(
                DocumentTokensTest.of(IntStream.range(0, longWords + 9)
                        .mapToObj(DocumentTokensTest::longWord)
                        .collect(Collectors.joining(" "))),
                DocumentTokensTest.of(DocumentTokensTest.words(200_000)));
        databases.load(documents);

        assertThat(documents).allMatch(DocumentTokens::cut);
        assertThat(found(DocumentTokensTest.longWord(longWords - 1), documents)).containsExactly(0);
        assertThat(found(DocumentTokensTest.longWord(longWords), documents)).isEmpty();
        assertThat(found("n2* OR \"w9 w10\"", documents)).containsExactly(0, 1);
        assertThat(found("w70000 w80*", documents)).containsExactly(1);
        assertThat(found("w199999", documents)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", " OR ", "* ", "* OR "})
    void theLongestQueriesAreAnsweredByBoth(String between) throws SQLException {
        var documents = List.of(
                DocumentTokensTest.of(DocumentTokensTest.words(SearchQuery.WORDS_MAX)),
                DocumentTokensTest.of("w0 w1 w255"),
                DocumentTokensTest.of("other"));
        databases.load(documents);
        String query = DocumentTokensTest.words(SearchQuery.WORDS_MAX).replace(" ", between);

        assertThat(found(query, documents)).contains(0).doesNotContain(2);
    }

    @Test
    void theLongestPhraseIsFoundByBoth() throws SQLException {
        String phrase = DocumentTokensTest.words(SearchQuery.WORDS_MAX);
        var documents = List.of(
                DocumentTokensTest.of("x " + phrase + " y"), DocumentTokensTest.of(phrase.replace(" w99 ", " w99 x ")));
        databases.load(documents);

        assertThat(found("\"" + phrase + "\"", documents)).containsExactly(0);
        assertThat(found(phrase, documents)).containsExactly(0, 1);
    }

    @Test
    void aQueryWithoutWordsFindsNothingOnBoth() throws SQLException {
        var documents = List.of(DocumentTokensTest.of("one"), DocumentTokensTest.of(""));
        databases.load(documents);

        assertThat(found("", documents)).isEmpty();
        assertThat(found("\" * ¶* -", documents)).isEmpty();
    }

    private static SortedSet<Integer> found(String text, List<DocumentTokens> documents) throws SQLException {
        SearchQuery query = SearchQuery.parse(text, Tokenizer.UNICODE61);
        assertAgreement(text, query, documents);
        return inModel(query, documents);
    }

    private static int assertAgreement(String name, SearchQuery query, List<DocumentTokens> documents)
            throws SQLException {
        SortedSet<Integer> expected = inModel(query, documents);
        assertThat(databases.inSqlite(query)).as("SQLite, %s", name).isEqualTo(expected);
        assertThat(databases.inPostgres(query, true))
                .as("PostgreSQL, index, %s", name)
                .isEqualTo(expected);
        assertThat(databases.inPostgres(query, false))
                .as("PostgreSQL, rows, %s", name)
                .isEqualTo(expected);
        return expected.size();
    }

    private static SortedSet<Integer> inModel(SearchQuery query, List<DocumentTokens> documents) {
        var found = new TreeSet<Integer>();
        for (int id = 0; id < documents.size(); id++) {
            if (query.matches(documents.get(id).tokens())) {
                found.add(id);
            }
        }
        return found;
    }
}
