package dev.holdfast.cli.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadLatenciesTest {
    private final LoadLatencies latencies = new LoadLatencies();

    @Test
    void nothingHasNoQuantile() {
        assertThat(latencies.count()).isZero();
        assertThat(latencies.quantileNanos(0.5)).isZero();
    }

    @Test
    void smallNumbersAreExact() {
        for (int i = 1; i <= 20; i++) {
            latencies.add(i);
        }

        assertThat(latencies.quantileNanos(0.5)).isEqualTo(10);
        assertThat(latencies.quantileNanos(0.99)).isEqualTo(20);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 31, 32, 33, 63, 64, 1_000, 123_456_789, Long.MAX_VALUE})
    void anyNumberIsAtMostOnePartIn32TooHigh(long nanos) {
        latencies.add(nanos);

        long found = latencies.quantileNanos(0.5);

        assertThat(found).isGreaterThanOrEqualTo(nanos).matches(high -> high - nanos <= nanos / 32);
    }

    @Test
    void quantilesOfManyAreThoseOfTheSortedCalls() {
        SplittableRandom random = new SplittableRandom(42);
        long[] calls = random.longs(10_000, 1, 5_000_000).toArray();
        LoadLatencies others = new LoadLatencies();
        for (int i = 0; i < calls.length; i++) {
            (i % 2 == 0 ? latencies : others).add(calls[i]);
        }
        latencies.add(others);
        Arrays.sort(calls);

        assertThat(latencies.count()).isEqualTo(calls.length);
        for (double quantile : new double[] {0.01, 0.5, 0.99, 1}) {
            long exact = calls[(int) Math.ceil(quantile * calls.length) - 1];
            assertThat(latencies.quantileNanos(quantile)).isBetween(exact, exact + exact / 32 + 1);
        }
    }
}
