package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.holdfast.engine.InvalidInputException;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Duration texts: KeyVal section 11. */
class DurationsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "250, 250",
        "250 ms, 250",
        "250msecs, 250",
        "1 millisecond, 1",
        "7s, 7000",
        "7 secs, 7000",
        "7 Seconds, 7000",
        "1sec, 1000",
        "2m, 120000",
        "2 mins, 120000",
        "2 MINUTES, 120000",
        "1.5h, 5400000",
        "1.5 Hours, 5400000",
        ".5h, 1800000",
        "1hr, 3600000",
        "7d, 604800000",
        "1 day, 86400000",
        "1w, 604800000",
        "2weeks, 1209600000",
        "1y, 31557600000",
        "100 years, 3155760000000",
        "' 7d ', 604800000",
        "0.5y, 15778800000",
        "00007d, 604800000"
    })
    void readsNumberAndUnit(String text, long millis) {
        assertThat(Durations.parse(text)).isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void readsFractionsOfAMillisecondToTheNanosecond() {
        assertThat(Durations.parse("0.5ms")).isEqualTo(Duration.ofNanos(500_000));
        assertThat(Durations.parse("0.0000019ms")).isEqualTo(Duration.ofNanos(1));
        assertThat(Durations.parse("1.000000001s")).isEqualTo(Duration.ofNanos(1_000_000_001));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "h",
                "1h30m",
                "1h 30m",
                "-1d",
                "+1d",
                "1 month",
                "1mo",
                "1e3",
                "1.",
                "1.h",
                ".",
                ".h",
                "1..5h",
                "1,5h",
                "soon",
                "NaN",
                "Infinity",
                "0x10",
                "١h",
                "1 h h",
                "99999999999999999999y"
            })
    void refusesOtherTextAndQuotesIt(String text) {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> Durations.parse(text))
                .satisfies(e -> assertThat(e.code()).isEqualTo("duration.invalid"))
                .satisfies(e -> assertThat(e.detail()).startsWith("Invalid duration format: \"" + text + "\""));
    }

    @Test
    void cutsLongTextToSize() {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> Durations.parse("1".repeat(100_000) + "ms"))
                .withMessageContaining("\"" + "1".repeat(47) + "...\"");
    }

    @Test
    void readsUnitsAlikeInEveryLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr"));

            assertThat(Durations.parse("2 MINS")).isEqualTo(Duration.ofMinutes(2));
        } finally {
            Locale.setDefault(before);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0ms, PT0S",
        "1ms, PT0.001S",
        "1500ms, PT1.5S",
        "30s, PT30S",
        "90m, PT1H30M",
        "36h, PT36H",
        "7d, PT168H",
        "0.5ms, PT0.0005S",
        "0.000001ms, PT0.000000001S",
        "-90m, PT-1H-30M"
    })
    void printsTheLargestUnitThatDivides(String text, Duration duration) {
        assertThat(Durations.print(duration)).isEqualTo(text);
    }

    @Test
    void readsBackWhatItPrints() {
        long seed = Long.getLong("holdfast.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            long unit = new long[] {1, 1_000, 1_000_000, 1_000_000_000, 60_000_000_000L}[random.nextInt(5)];
            Duration duration = Duration.ofNanos(random.nextInt(1_000_000) * unit);

            assertThat(Durations.parse(Durations.print(duration)))
                    .as("-Dholdfast.seed=%d", seed)
                    .isEqualTo(duration);
        }
        Duration longest = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);
        assertThat(Durations.parse(Durations.print(longest))).isEqualTo(longest);
    }
}
