package dev.holdfast.server.durablestreams;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireCursorTest {
    private static final long NOW = Instant.parse("2026-01-01T00:00:19Z").toEpochMilli();
    private static final long CURRENT = 449L * 24 * 60 * 3;

    @Test
    void countsIntervalsOf20Seconds() {
        assertThat(WireCursor.at(Instant.parse("2024-10-09T00:00:00Z").toEpochMilli()))
                .isZero();
        assertThat(WireCursor.at(NOW)).isEqualTo(CURRENT);
        assertThat(WireCursor.at(NOW + 1_000)).isEqualTo(CURRENT + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "-5", "1e3", "12345678901234567890123", "7", "1.5", " 9"})
    void whatIsNoNumberOrBehindGetsTheCurrentOne(String client) {
        assertThat(WireCursor.next(WireCursor.parse(client), NOW)).isEqualTo(CURRENT);
    }

    @Test
    void whatIsNotBehindGetsAGreaterOneWithinAnHour() {
        for (long client : new long[] {CURRENT, CURRENT + 1, CURRENT + 100_000, 99_999_999_999_999_999L}) {
            for (int i = 0; i < 200; i++) {
                assertThat(WireCursor.next(WireCursor.parse(Long.toString(client)), NOW))
                        .isBetween(client + 1, client + 180);
            }
        }
    }
}
