package dev.holdfast.v8;

import static dev.holdfast.v8.V8Samples.refused;
import static dev.holdfast.v8.V8Samples.v8;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class V8NumberTest {
    @ParameterizedTest
    @CsvSource({
        "4900, 0",
        "4901, -1",
        "49d804, 300",
        "55ffffffff0f, 4294967295",
        "4e000000000000f83f, 1.5",
        "4e0000000000000080, -0.0",
        "4e000000000000f07f, Infinity",
        "4e000000000000f87f, NaN",
        "00 4902, 1"
    })
    void readsNumbers(String hex, double value) {
        assertThat(V8Number.read(v8(hex))).contains(new V8Number.Real(value));
    }

    @ParameterizedTest
    @CsvSource({
        "5a00, 0",
        "5a01, 0",
        "5a0205, 5",
        "5a100500000000000000, 5",
        "5a110500000000000000, -5",
        "5a10ffffffffffffffff, 18446744073709551615",
        "5a2000000000000000000100000000000000, 18446744073709551616"
    })
    void readsBigIntegers(String hex, BigInteger value) {
        assertThat(V8Number.read(v8(hex))).contains(new V8Number.Big(value));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"30", "5f", "220135", "6e000000000000f83f", "7a0205", "4101490224 0001", "6f7b00", "42024902"})
    void everythingElseIsNone(String hex) {
        assertThat(V8Number.read(v8(hex))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "49", "4902 30", "4e00", "5a1005", "7b"})
    void refusesWhatIsNoValue(String hex) {
        refused("v8.malformed", () -> V8Number.read(v8(hex)));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 5a00",
        "5, 5a100500000000000000",
        "-5, 5a110500000000000000",
        "9223372036854775808, 5a100000000000000080",
        "18446744073709551615, 5a10ffffffffffffffff",
        "-18446744073709551616, 5a2100000000000000000100000000000000"
    })
    void writesBigIntegersInWholeWords(BigInteger value, String hex) {
        assertThat(new V8Number.Big(value).encode()).isEqualTo(v8(hex));
    }

    @ParameterizedTest
    @CsvSource({
        "300, 4e0000000000c07240",
        "1.5, 4e000000000000f83f",
        "-0.0, 4e0000000000000080",
        "NaN, 4e000000000000f87f",
        "-Infinity, 4e000000000000f0ff"
    })
    void writesNumbersAsDoubles(double value, String hex) {
        assertThat(new V8Number.Real(value).encode()).isEqualTo(v8(hex));
    }

    @Test
    void bigIntegersOfAnySizeComeBack() {
        long seed = Long.getLong("holdfast.seed", System.nanoTime());
        Random random = new Random(seed);

        for (int bits = 0; bits < 2_000; bits++) {
            BigInteger value = new BigInteger(bits, random);
            V8Number number = new V8Number.Big(random.nextBoolean() ? value : value.negate());

            assertThat(V8Number.read(number.encode()))
                    .as("-Dholdfast.seed=%d", seed)
                    .contains(number);
        }
        V8Number large = new V8Number.Big(BigInteger.ONE.shiftLeft(1 << 20));
        assertThat(V8Number.read(large.encode())).contains(large);
    }
}
