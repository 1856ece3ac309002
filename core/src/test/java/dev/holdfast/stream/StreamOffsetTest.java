package dev.holdfast.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamOffsetTest {
    @Test
    void textsHaveTheOrderOfOffsetsAndAreReadBack() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 1_000; i++) {
            long one = random.nextLong() >>> random.nextInt(1, 63);
            long other = random.nextLong() >>> random.nextInt(1, 63);

            assertThat(StreamOffset.text(one)).as("seed %d", seed).matches("\\d{16}_\\d{16}");
            assertThat(Integer.signum(StreamOffset.text(one).compareTo(StreamOffset.text(other))))
                    .as("seed %d", seed)
                    .isEqualTo(Long.compare(one, other));
            assertThat(StreamOffset.parse(StreamOffset.text(one)).orElseThrow())
                    .as("seed %d", seed)
                    .isEqualTo(one);
        }
    }

    @Test
    void aGenerationStandsInTheFirstGroup() {
        assertThat(StreamOffset.text(42)).isEqualTo("0000000000000000_0000000000000042");
        assertThat(StreamOffset.text(4503599627370496L + 42)).isEqualTo("0000000000000001_0000000000000042");
        assertThat(StreamOffset.units(4503599627370496L + 42)).isEqualTo(42);
        assertThat(StreamOffset.text(Long.MAX_VALUE)).isEqualTo("0000000000002047_4503599627370495");
    }

    @ParameterizedTest
    @CsvSource({
        "0_0, 0",
        "0000000000000000_0000000000000000, 0",
        "0_7, 7",
        "00_00000000000000000000042, 42",
        "1_0, 4503599627370496",
        "2048_0, 9223372036854775807",
        "9999999999999999_9999999999999999, 9223372036854775807",
        "0_9999999999999999, 4503599627370495",
        "0_10000000000000000, 4503599627370495",
        "0_99999999999999999999999999, 4503599627370495"
    })
    void anyNumberOfDigitsIsRead(String text, long offset) {
        assertThat(StreamOffset.parse(text)).hasValue(offset);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "_", "1_", "_1", "1", "-1_1", "1_-1", "a_1", "1_1_1", " 0_1", "0_1 ", "0_\u0661", "0_1\n"})
    void nothingElseIsAnOffset(String text) {
        assertThat(StreamOffset.parse(text)).isEmpty();
    }

    @Test
    @Timeout(10)
    void longTextsAreReadInOneGo() {
        assertThat(StreamOffset.parse("0".repeat(1_000_000) + "x")).isEmpty();
        assertThat(StreamOffset.parse("1".repeat(500_000) + "_" + "0".repeat(500_000) + "x"))
                .isEmpty();
    }
}
