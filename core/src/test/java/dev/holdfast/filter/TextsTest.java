package dev.holdfast.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TextsTest {
    /** Few code points, so that random texts have long common beginnings; two pairs share their first unit. */
    private static final int[] CODE_POINTS = {
        0, 'a', 'b', 0x7FF, 0xD7FF, 0xD835, 0xDCB3, 0xE000, 0xFFFD, 0x1D4B3, 0x1D4B4, 0x10FFFF
    };

    @Test
    void comparesByCodePoint() {
        SplittableRandom random = new SplittableRandom(11);
        for (int i = 0; i < 200_000; i++) {
            String a = text(random);
            String b = text(random);
            int expected =
                    Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());

            assertThat(Integer.signum(Texts.compare(a, b)))
                    .as(() -> Arrays.toString(a.codePoints().toArray())
                            + Arrays.toString(b.codePoints().toArray()))
                    .isEqualTo(Integer.signum(expected));
        }
    }

    @Test
    void comparesAsUtf8BytesDo() {
        SplittableRandom random = new SplittableRandom(12);
        int compared = 0;
        while (compared < 20_000) {
            String a = text(random);
            String b = text(random);
            if (Texts.isStorable(a) && Texts.isStorable(b)) {
                compared++;
                int expected =
                        Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
                assertThat(Integer.signum(Texts.compare(a, b))).isEqualTo(Integer.signum(expected));
            }
        }
    }

    @Test
    void foldsCaseInEveryScript() {
        assertThat(Texts.fold("ÜNÏ")).isEqualTo(Texts.fold("ünï"));
        assertThat(Texts.fold("STRASSE")).isEqualTo(Texts.fold("Straße")).isEqualTo(Texts.fold("STRAẞE"));
        assertThat(Texts.fold("ΟΔΟΣ")).isEqualTo(Texts.fold("οδος")).isEqualTo(Texts.fold("οδοσ"));
        assertThat(Texts.fold("\u212A")).isEqualTo("k"); // the Kelvin sign
        assertThat(Texts.fold("ﬁ")).isEqualTo("fi");
        assertThat(Texts.fold("\uD801\uDC00")).isEqualTo(Texts.fold("\uD801\uDC28")); // Deseret, two units each
        assertThat(Texts.fold("ü")).isNotEqualTo(Texts.fold("u"));
        assertThat(Texts.fold("a\uD835Z\0")).isEqualTo("a\uD835z\0");
    }

    @Test
    void foldsEachCodePointForItself() {
        SplittableRandom random = new SplittableRandom(13);
        for (int i = 0; i < 20_000; i++) {
            String a = Character.toString(random.nextInt(0x20, 0xD800));
            String b = Character.toString(random.nextInt(0x20, 0x2000));

            assertThat(Texts.fold(a + b)).isEqualTo(Texts.fold(a) + Texts.fold(b));
        }
    }

    @Test
    void foldingTwiceChangesNothing() {
        IntStream.range(0, 0x20000)
                .mapToObj(Character::toString)
                .forEach(text -> assertThat(Texts.fold(Texts.fold(text))).isEqualTo(Texts.fold(text)));
    }

    @Test
    void textInLowerCaseIsNotCopied() {
        String text = "plain text";

        assertThat(Texts.fold(text)).isSameAs(text);
    }

    @Test
    void knowsWhatDatabasesCannotHold() {
        for (String text : new String[] {"", "a", "\uD835\uDCB3", "\uFFFF", "\u0001"}) {
            assertThat(Texts.isStorable(text)).isTrue();
        }
        for (String text :
                new String[] {"\0", "a\0", "\uD835", "a\uD835b", "\uDCB3", "\uD835\uD835\uDCB3", "\uDCB3\uD835"}) {
            assertThat(Texts.isStorable(text)).isFalse();
        }
    }

    private static String text(SplittableRandom random) {
        return random.ints(random.nextInt(5), 0, CODE_POINTS.length)
                .map(i -> CODE_POINTS[i])
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
