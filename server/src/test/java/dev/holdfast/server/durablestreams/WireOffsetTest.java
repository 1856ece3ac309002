package dev.holdfast.server.durablestreams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.stream.DurableStream;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WireOffsetTest {
    @Test
    void textsHaveTheOrderOfOffsetsAndAreReadBack() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 1_000; i++) {
            long one = random.nextLong(1L << random.nextInt(1, 53));
            long other = random.nextLong(1L << random.nextInt(1, 53));

            assertThat(WireOffset.text(one)).as("seed %d", seed).matches("\\d{16}_\\d{16}");
            assertThat(Integer.signum(WireOffset.text(one).compareTo(WireOffset.text(other))))
                    .as("seed %d", seed)
                    .isEqualTo(Long.compare(one, other));
            assertThat(WireOffset.parse(WireOffset.text(one)).orElseThrow())
                    .as("seed %d", seed)
                    .isEqualTo(one);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0_0, 0",
        "0000000000000000_0000000000000000, 0",
        "0_7, 7",
        "00_00000000000000000000042, 42",
        "1_0, 9223372036854775807",
        "9999999999999999_9999999999999999, 9223372036854775807",
        "0_9999999999999999, 9999999999999999",
        "0_10000000000000000, 9223372036854775807",
        "0_99999999999999999999999999, 9223372036854775807"
    })
    void anyNumberOfDigitsIsRead(String text, long offset) {
        assertThat(WireOffset.parse(text)).hasValue(offset);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "_", "1_", "_1", "1", "-1_1", "1_-1", "a_1", "1_1_1", " 0_1", "0_1 ", "0_\u0661", "0_1\n"})
    void nothingElseIsAnOffset(String text) {
        assertThat(WireOffset.parse(text)).isEmpty();
        assertThat(WireOffset.parsePlace(text)).isEmpty();
    }

    @Test
    void placesHaveNamesWhereOneReads() {
        assertThat(WireOffset.parsePlace("-1")).hasValue(DurableStream.BEGINNING);
        assertThat(WireOffset.parsePlace("now")).hasValue(DurableStream.NOW);
        assertThat(WireOffset.parsePlace("NOW")).isEmpty();
        assertThat(WireOffset.parse("-1")).isEmpty();
        assertThat(WireOffset.parse("now")).isEmpty();
    }

    @Test
    @Timeout(10)
    void longTextsAreReadInOneGo() {
        assertThat(WireOffset.parse("0".repeat(1_000_000) + "x")).isEmpty();
        assertThat(WireOffset.parse("1".repeat(500_000) + "_" + "0".repeat(500_000) + "x"))
                .isEmpty();
    }
}
