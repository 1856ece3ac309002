package dev.holdfast.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of the published algorithm, and agreement with SQLite's implementation of them. */
class PorterStemmerTest {
    private static final int WORDS_RANDOM = 20_000;
    private static final String[] PIECES = """
            ational tional enci anci izer logi bli alli entli eli ousli ization ation ator alism iveness fulness ousness
            aliti iviti biliti icate ative alize iciti ical ful ness al ance ence er ic able ible ant ement ment ent ion
            sion tion ou ism ate iti ous ive ize eed ed ing ies sses ss s y e l ll at bl iz tt w x z b c st a i o u 7
            tr qu hop fil""".split("\\s+");

    /**
     * Here SQLite leaves the published rules: words that are nothing but a suffix of step 1, and the second y of two.
     */
    private static final Pattern OTHERWISE_IN_SQLITE = Pattern.compile("eeds?|ies|sses|.*yy.*");

    @Test
    void step1aRemovesPlurals() {
        assertStems("""
                caresses caress, ponies poni, ties ti, caress caress, cats cat, bus bu, gas ga, running run,
                runs run, run run, flies fli, dies di, glass glass""");
    }

    @Test
    void step1bRemovesPastAndGerund() {
        assertStems("""
                feed feed, agreed agre, plastered plaster, bled bled, motoring motor, sing sing, conflated conflat,
                troubled troubl, sized size, hopping hop, tanned tan, falling fall, hissing hiss, fizzed fizz,
                failing fail, filing file, hoping hope, snowing snow, boxing box""");
    }

    @Test
    void step1cTurnsYIntoIAfterAVowel() {
        assertStems("""
                happy happi, sky sky, enjoy enjoi, by by, dry dry, syzygy syzygi""");
    }

    @Test
    void step2ShortensDoubleSuffixes() {
        assertStems("""
                relational relat, conditional condit, rational ration, valenci valenc, hesitanci hesit,
                digitizer digit, conformabli conform, radicalli radic, differentli differ, vileli vile,
                analogousli analog, vietnamization vietnam, predication predic, operator oper, feudalism feudal,
                decisiveness decis, hopefulness hope, callousness callous, formaliti formal, sensitiviti sensit,
                sensibiliti sensibl, archaeology archaeolog, possibly possibl""");
    }

    @Test
    void step3ShortensSingleSuffixes() {
        assertStems("""
                triplicate triplic, formative form, formalize formal, electriciti electr, electrical electr,
                hopeful hope, goodness good""");
    }

    @Test
    void step4RemovesWhatIsLeftOfLongWords() {
        assertStems("""
                revival reviv, allowance allow, inference infer, airliner airlin, gyroscopic gyroscop,
                adjustable adjust, defensible defens, irritant irrit, replacement replac, adjustment adjust,
                dependent depend, adoption adopt, homologou homolog, communism commun, activate activ,
                angulariti angular, homologous homolog, effective effect, bowdlerize bowdler, billion billion,
                element element, cement cement""");
    }

    @Test
    void step5TidiesTheEnd() {
        assertStems("""
                probate probat, rate rate, cease ceas, controll control, roll roll, generalizations gener,
                oscillators oscil""");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "is", "naïves", "штаны", "straßes"})
    void leavesShortAndForeignWords(String word) {
        assertThat(PorterStemmer.stem(word)).isEqualTo(word);
    }

    @Test
    void leavesWordsThatAreTooLong() {
        String longest = "x".repeat(PorterStemmer.LENGTH_MAX - 4) + "ooed";

        assertThat(PorterStemmer.stem(longest)).isEqualTo(longest.substring(0, longest.length() - 2));
        assertThat(PorterStemmer.stem("x" + longest)).isEqualTo("x" + longest);
    }

    @Test
    void agreesWithSqliteOnEnglishWords() throws IOException, SQLException {
        List<String> words = englishWords();

        assertThat(words).hasSizeGreaterThan(700).doesNotHaveDuplicates();
        assertThat(differences(words)).isEmpty();
    }

    @Test
    void agreesWithSqliteOnRandomWords() throws SQLException {
        long seed = Long.getLong("holdfast.seed", System.nanoTime());
        var random = new Random(seed);
        var words = new ArrayList<String>();
        while (words.size() < WORDS_RANDOM) {
            String word = randomWord(random);
            if (!OTHERWISE_IN_SQLITE.matcher(word).matches()) {
                words.add(word);
            }
        }

        assertThat(differences(words)).as("-Dholdfast.seed=%d", seed).isEmpty();
    }

    /** Pairs of a word and its stem. */
    private static void assertStems(String pairs) {
        for (String pair : pairs.split(",\\s+")) {
            String word = pair.substring(0, pair.indexOf(' '));
            assertThat(word + " " + PorterStemmer.stem(word)).isEqualTo(pair);
        }
    }

    private static String randomWord(Random random) {
        var word = new StringBuilder();
        int pieces = 1 + random.nextInt(6);
        for (int i = 0; i < pieces; i++) {
            word.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return word.toString();
    }

    /** One line per word whose stem is another in SQLite. */
    private static List<String> differences(List<String> words) throws SQLException {
        try (var sqlite = new SqliteTokens("porter unicode61")) {
            List<List<String>> stems = sqlite.of(words);
            var differences = new ArrayList<String>();
            for (int i = 0; i < words.size(); i++) {
                String stem = PorterStemmer.stem(words.get(i));
                if (!stems.get(i).equals(List.of(stem))) {
                    differences.add(words.get(i) + ": " + stem + ", in SQLite " + stems.get(i));
                }
            }
            return differences;
        }
    }

    private static List<String> englishWords() throws IOException {
        try (InputStream file = PorterStemmerTest.class.getResourceAsStream("english-words.txt")) {
            String text = new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
            return List.of(text.split("\\s+"));
        }
    }
}
