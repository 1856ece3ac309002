package dev.holdfast.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerTest {
    /** Nothing that a database could take for a separator, a quote or no character at all. */
    private static final Pattern STORABLE = Pattern.compile("[a-z0-9\\p{L}\\p{M}\\p{N}\\p{Co}&&[^A-Z]]+");

    @ParameterizedTest
    @EnumSource
    void isFoundByItsName(Tokenizer tokenizer) {
        assertThat(Tokenizer.of(tokenizer.text())).isSameAs(tokenizer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bogus", "", "UNICODE61", "porter unicode61", " ascii"})
    void refusesOtherNamesAndNamesTheLegalOnes(String name) {
        assertThatThrownBy(() -> Tokenizer.of(name))
                .isInstanceOfSatisfying(
                        InvalidInputException.class, e -> assertThat(e.code()).isEqualTo("search.unknown_tokenizer"))
                .hasMessageContainingAll("unicode61", "porter", "ascii", "tokenizer=" + name);
    }

    @Test
    void showsOnlyTheBeginningOfALongName() {
        assertThatThrownBy(() -> Tokenizer.of("x".repeat(1_000)))
                .hasMessageContaining("tokenizer=" + "x".repeat(50) + "...)")
                .hasMessageNotContaining("x".repeat(51));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Café CAFE cafe\u0301 | cafe cafe cafe",
                "Zoë's naïve Ångström | zoe s naive angstrom",
                "a-b_c x'y c++ 3.14 007 | a b c x y c 3 14 007",
                "ΟΔΟΣ οδός | οδοσ οδοσ",
                "Straße ſo K\u212A | straße so kk",
                "Ёлка Й | елка и",
                "東京都 ガ が は\u309A | 東京都 ガ が ぱ",
                "한국 \u1112\u1161\u11ab | 한국 한",
                "हिन्दी की का | हिन्दी की का",
                "שָׁלוֹם كِتَاب أحمد | שלום كتاب احمد",
                "x² ½ Ⅷ ٣ | x² ½ ⅷ ٣",
                "a\u00adb 1\ufe0f\u20e3 \ud83d\ude00 \ue000x | a b 1 \ue000x",
                "\u0301alone \u0301 | alone",
            })
    void unicode61FindsWordsOfAnyLanguageWithoutCaseAndAccents(String text, String tokens) {
        assertThat(Tokenizer.UNICODE61.tokens(text)).containsExactly(tokens.split(" "));
    }

    @Test
    void porterAlsoReducesEnglishWordsToTheirStem() {
        assertThat(Tokenizer.PORTER.tokens("Run, runs RUNNING! Straßes cafés"))
                .containsExactly("run", "run", "run", "straßes", "cafe");
    }

    @Test
    void asciiSeparatesAtEverythingElse() {
        assertThat(Tokenizer.ASCII.tokens("Café ÜBER x9-Y_z東京 Ⅷ ٣")).containsExactly("caf", "ber", "x9", "y", "z");
    }

    @ParameterizedTest
    @EnumSource
    void textsWithoutWordsHaveNoTokens(Tokenizer tokenizer) {
        assertThat(tokenizer.tokens("")).isEmpty();
        assertThat(tokenizer.tokens(" \t\n\0 -*\"'()[]{}¶ \ud83d\ude00 \ud800 \udc00 \uffff"))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void loneSurrogatesAndControlCharactersSeparate(Tokenizer tokenizer) {
        assertThat(tokenizer.tokens("a\ud800b\udc00c\0d\u0085e")).containsExactly("a", "b", "c", "d", "e");
    }

    @ParameterizedTest
    @EnumSource
    void everyCharacterGivesStorableTokensThatTokeniseToThemselves(Tokenizer tokenizer) {
        assertThat(codePoints()
                        .filter(c -> !tokenizer.tokens("x" + Character.toString(c)).stream()
                                .allMatch(token -> STORABLE.matcher(token).matches()
                                        && tokenizer.tokens(token).equals(List.of(token)))))
                .isEmpty();
    }

    @Test
    void caseOfALetterNeverMatters() {
        assertThat(codePoints().filter(Character::isLetter).filter(c -> {
                    List<String> tokens = tokens(c);
                    return !tokens(Character.toUpperCase(c)).equals(tokens)
                            || !tokens(Character.toLowerCase(c)).equals(tokens);
                }))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"a, 256", "é, 256", "я, 128", "東, 85", "\ud835\udd38, 64", "한, 85"})
    void longWordsAreCutBetweenCharacters(String letter, int letters) {
        String token = Tokenizer.UNICODE61.tokens(letter.repeat(300)).getFirst();

        assertThat(token.codePointCount(0, token.length())).isEqualTo(letters);
        assertThat(token.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(Tokenizer.TOKEN_BYTES_MAX);
        assertThat(Tokenizer.UNICODE61.tokens(letter.repeat(5_000) + " end")).containsExactly(token, "end");
    }

    @ParameterizedTest
    @EnumSource
    void asciiWordsAreCutAtTheSameLength(Tokenizer tokenizer) {
        assertThat(tokenizer.tokens("Z".repeat(257) + "!b")).containsExactly("z".repeat(256), "b");
    }

    @Test
    void aWordBuriedInMarksTakesNoQuadraticTime() {
        // Marks of alternating classes: sorting them, as normalising the whole word would, takes minutes.
        String text = "a" + "\u0301\u0323".repeat(500_000) + "क" + "\u093c\u094d".repeat(500_000);

        var tokens =
                Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> Tokenizer.UNICODE61.tokens(text));

        assertThat(tokens).hasSize(1);
        assertThat(tokens.getFirst()).startsWith("aक");
    }

    @ParameterizedTest
    @EnumSource
    void stopsWhenEnoughWereTaken(Tokenizer tokenizer) {
        var taken = new ArrayList<String>();

        tokenizer.each("cat dog sun", token -> {
            taken.add(token);
            return taken.size() < 2;
        });

        assertThat(taken).containsExactly("cat", "dog");
    }

    private static IntStream codePoints() {
        return IntStream.rangeClosed(0, Character.MAX_CODE_POINT);
    }

    private static List<String> tokens(int codePoint) {
        return Tokenizer.UNICODE61.tokens(Character.toString(codePoint));
    }
}
